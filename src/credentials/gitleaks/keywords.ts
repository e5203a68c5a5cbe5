/** Finds many keywords in one pass over a text (Aho and Corasick, 1975). ASCII letters count the same in either case. */
export class Keywords {
  /** The class of each ASCII character; 0: in no keyword. */
  readonly #classes = new Uint8Array(128);
  readonly #width: number;
  /** The state after a character of each class, row by row. */
  readonly #next: Uint16Array;
  /** 1 for states in which a keyword ends. */
  readonly #isEnd: Uint8Array;
  /** The states that a keyword goes on to, by class of character. */
  readonly #children: Map<number, number>[] = [new Map()];
  /** The keywords that end in a state, by index. */
  readonly #ending: (number[] | undefined)[] = [undefined];

  /** Takes the keywords in lower case and ASCII; throws a RangeError where they need more states than fit. */
  constructor(keywords: readonly string[]) {
    const letters = new Set(keywords.join(""));
    this.#width = letters.size + 1;
    let known = 1;
    for (const letter of letters) this.#addClass(letter, known++);
    keywords.forEach((keyword, index) => {
      this.#add(keyword, index);
    });
    if (this.#children.length > 0xffff) throw new RangeError("more keywords than an automaton of 16 bits holds");
    this.#next = this.#link();
    this.#isEnd = Uint8Array.from(this.#ending, (indexes) => (indexes === undefined ? 0 : 1));
  }

  #addClass(letter: string, number: number): void {
    this.#classes[letter.charCodeAt(0)] = number;
    this.#classes[letter.toUpperCase().charCodeAt(0)] = number;
  }

  #add(keyword: string, index: number): void {
    let state = 0;
    for (let i = 0; i < keyword.length; i++) {
      const letter = this.#classes[keyword.charCodeAt(i)]!;
      const children = this.#children[state]!;
      let child = children.get(letter);
      if (child === undefined) {
        child = this.#children.length;
        children.set(letter, child);
        this.#children.push(new Map());
        this.#ending.push(undefined);
      }
      state = child;
    }
    this.#ending[state] = [...(this.#ending[state] ?? []), index];
  }

  /** Fills the rows: where a keyword does not go on, the longest beginning of another that has just been read does. */
  #link(): Uint16Array {
    const width = this.#width;
    const next = new Uint16Array(this.#children.length * width);
    const fallbacks = new Uint16Array(this.#children.length);
    const queue = [0];
    for (const state of queue) {
      const fallback = fallbacks[state]!;
      // The fallback is nearer to the beginning, so its row is done; the root's is empty.
      next.copyWithin(state * width, fallback * width, (fallback + 1) * width);
      for (const [letter, child] of this.#children[state]!) {
        const beside = state === 0 ? 0 : next[fallback * width + letter]!;
        next[state * width + letter] = child;
        fallbacks[child] = beside;
        const inherited = this.#ending[beside];
        if (inherited !== undefined) this.#ending[child] = [...(this.#ending[child] ?? []), ...inherited];
        queue.push(child);
      }
    }
    return next;
  }

  /** Reads on from a state (0: the beginning), tells where each keyword ends (exclusive), and gives the state reached. */
  read(text: string, from: number, onKeyword: (index: number, end: number) => void): number {
    const [next, classes, width, isEnd] = [this.#next, this.#classes, this.#width, this.#isEnd];
    let state = from;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      state = code < 128 ? next[state * width + classes[code]!]! : 0;
      if (isEnd[state] === 1) for (const index of this.#ending[state]!) onKeyword(index, i + 1);
    }
    return state;
  }
}
