const terminators = new Set([" ", "\t", "\r", "\n", ".", ",", "[", "]", "$", "@", "{", "}"]);

/** A text that is read once, from its beginning to its end. */
export class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** True where nothing is left. */
  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** True at the end, and where a name or a word ends. */
  get atTerminator(): boolean {
    const next = this.peek();
    return next === null || terminators.has(next);
  }

  /** The next character, or null at the end. */
  peek(): string | null {
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? null : String.fromCodePoint(code);
  }

  /** Reads the next character; null at the end. */
  next(): string | null {
    const character = this.peek();
    if (character !== null) this.#at += character.length;
    return character;
  }

  /** Passes over a text if it stands here. */
  skip(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** Reads up to a text, which stays, or to the end. */
  until(text: string): string {
    const found = this.#text.indexOf(text, this.#at);
    const end = found < 0 ? this.#text.length : found;
    const read = this.#text.slice(this.#at, end);
    this.#at = end;
    return read;
  }
}
