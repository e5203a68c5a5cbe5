import { printable } from "./printable.ts";

/** Headers whose values say who somebody is or let one act as them. */
const SECRET = /^(authorization|proxy-authorization|cookie|set-cookie|www-authenticate|authentication-info)$/i;

interface Sent {
  method: string;
  url: string;
  /** Names and values in turn. */
  headers: string[];
}

/**
 * kubectl's `-v` request log: at 6 one line for a request, at 7 the headers it was sent with, at 8 those of the answer
 * too. Never a body, and `<masked>` for every header that could carry a credential.
 */
export class RequestLog {
  readonly #verbosity: number;
  readonly #log: (line: string) => void;

  constructor(verbosity: number, log: (line: string) => void) {
    this.#verbosity = verbosity;
    this.#log = log;
  }

  request(sent: Sent): void {
    if (this.#verbosity < 7) return;
    this.#log(printable(`${sent.method} ${sent.url}`));
    this.#log("Request Headers:");
    for (let at = 0; at + 1 < sent.headers.length; at += 2) this.#header(sent.headers[at] ?? "", sent.headers[at + 1]);
  }

  /** `outcome` is a status such as `200 OK`, or the reason of the error. */
  answer(
    sent: Sent,
    outcome: string,
    milliseconds: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (this.#verbosity < 6) return;
    this.#log(printable(`${sent.method} ${sent.url} ${outcome} in ${Math.round(milliseconds)} milliseconds`));
    if (this.#verbosity < 8) return;
    this.#log("Response Headers:");
    for (const [name, value] of Object.entries(headers)) this.#header(name, value);
  }

  retry(wait: number, why: string): void {
    if (this.#verbosity >= 6) this.#log(printable(`Trying again in ${Math.round(wait)} milliseconds: ${why}`));
  }

  #header(name: string, value: string | string[] | undefined): void {
    const shown = SECRET.test(name) ? "<masked>" : [value].flat().join(", ");
    this.#log(printable(`    ${name}: ${shown}`));
  }
}
