import type { Decrypter } from "age-encryption";
import { EvidenceError } from "../../evidence/errors.ts";
import { extract } from "tar-stream";
import { KEY_PART } from "./values.ts";

/** What opens the parts with values: a passphrase, or identities as age-keygen writes them. */
export type Key = { passphrase: string } | { identities: string };

const WRONG = "Give the passphrase, or an identity of a recipient, that it was written for.";

/** Opens the encrypted parts of a bundle, in their order. */
export class ValueReader {
  readonly #key: Key;
  #decrypter: Decrypter | null = null;

  constructor(key: Key) {
    this.#key = key;
  }

  /** The files in a part, none in that of the key. Throws EvidenceError where the key does not open it. */
  async open(path: string, bytes: Uint8Array): Promise<Map<string, Buffer>> {
    this.#decrypter ??= await this.#start(path === KEY_PART ? bytes : null);
    if (path === KEY_PART) return new Map();
    const archive = await this.#decrypter.decrypt(bytes).catch(() => {
      throw new EvidenceError(`${path} cannot be opened with this key`, WRONG);
    });
    return filesIn(archive);
  }

  async #start(locked: Uint8Array | null): Promise<Decrypter> {
    const { Decrypter } = await import("age-encryption");
    const decrypter = new Decrypter();
    if ("passphrase" in this.#key) {
      if (locked === null)
        throw new EvidenceError("the values were encrypted for recipients, not by a passphrase", WRONG);
      const opener = new Decrypter();
      opener.addPassphrase(this.#key.passphrase);
      const identity = await opener.decrypt(locked, "text").catch(() => {
        throw new EvidenceError("the passphrase does not open the values", WRONG);
      });
      decrypter.addIdentity(identity.trim());
      return decrypter;
    }
    const lines = this.#key.identities.split(/\r?\n/).map((line) => line.trim());
    const identities = lines.filter((line) => line.startsWith("AGE-SECRET-KEY-"));
    if (identities.length === 0)
      throw new EvidenceError("there is no identity of age in the file of the identity", WRONG);
    try {
      for (const identity of identities) decrypter.addIdentity(identity);
    } catch {
      throw new EvidenceError("an identity is none that age knows", WRONG);
    }
    return decrypter;
  }
}

async function filesIn(archive: Uint8Array): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const reader = extract();
  reader.end(Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength));
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
    files.set(entry.header.name, Buffer.concat(chunks));
  }
  return files;
}
