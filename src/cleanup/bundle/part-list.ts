import type { BundleManifest, BundlePart } from "../../model/bundle.ts";
import { manifestText } from "./format.ts";

/** Bytes of text that are put together. */
const PIECE = 1 << 16;

/** The parts of a manifest as the bytes in which they will stand there: a large bundle has hundreds of thousands. */
export class PartList {
  readonly #pieces: Buffer[] = [];
  #text = "";
  #count = 0;

  add(part: BundlePart): void {
    const text = JSON.stringify(part, null, 1).replaceAll("\n", "\n  ");
    this.#text += this.#count === 0 ? `\n  ${text}` : `,\n  ${text}`;
    this.#count += 1;
    if (this.#text.length >= PIECE) this.#cut();
  }

  /** What manifestText gives for a manifest with these parts, in pieces. */
  manifest(others: Omit<BundleManifest, "parts">): Buffer[] {
    const { head, tail, seal } = others;
    const text = manifestText({ head, parts: [], tail, seal });
    if (this.#count === 0) return [Buffer.from(text)];
    this.#cut();
    // One blank at the beginning of a line: no text has a line of its own, and no other field so few.
    const at = text.indexOf('\n "parts": []') + '\n "parts": ['.length;
    return [Buffer.from(text.slice(0, at)), ...this.#pieces, Buffer.from(`\n ${text.slice(at)}`)];
  }

  #cut(): void {
    if (this.#text !== "") this.#pieces.push(Buffer.from(this.#text));
    this.#text = "";
  }
}
