import { randomBytes } from "node:crypto";

/**
 * Makes the secrets of one load and remembers them, in memory alone: a scan looks for them in whatever was written.
 * Nothing of them stands in the repository, and no two loads share one.
 */
export class Canaries {
  readonly #values: string[] = [];

  /** Every value made or kept so far. */
  get all(): string[] {
    return [...this.#values];
  }

  /** Remembers a value that somebody else made, such as a token that the cluster signed. */
  keep(value: string): string {
    this.#values.push(value);
    return value;
  }

  /** 24 letters and digits, so that quoting in JSON, YAML or a URL does not change them. */
  password(): string {
    return this.keep(random(24));
  }

  /** Shaped like a live payment provider key. */
  stripeKey(): string {
    return this.keep(["sk", "live", random(32)].join("_"));
  }
}

/** How a value may turn up in a file: as it is, and inside base64 at each of the three offsets. */
export function formsOf(value: string): string[] {
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.from("\0".repeat(offset) + value).toString("base64");
    // Drop the characters that also encode a neighbour's bits.
    return text.slice(offset === 0 ? 0 : offset + 1).replace(/..?=*$/, "");
  });
  return [value, ...base64];
}

function random(length: number): string {
  let text = "";
  while (text.length < length)
    text += randomBytes(64)
      .toString("base64")
      .replace(/[^A-Za-z0-9]/g, "");
  return text.slice(0, length);
}
