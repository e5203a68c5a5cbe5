import type { Time } from "../model/object.ts";
import type { JournalStep } from "../model/journal.ts";
import { sha256 } from "./bundle/format.ts";

/** What stands before the first line. */
export const NO_LINE = "0".repeat(64);

/** A journal that is open for writing. */
export interface JournalFile {
  /** Appends text and gives it to the disk, before it resolves. */
  append(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Where the next line goes: how many there are, and the SHA-256 of the last. */
export interface ChainEnd {
  lines: number;
  last: string;
}

/** Lines of one write: a plan has tens of thousands. */
const MOST_LINES = 500;

interface Waiting<Step> {
  step: Step;
  at: Time;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * The record of a cleanup, or of a lab, as JSON Lines, each with the hash of the line before it. What is written is on the disk when `write`
 * resolves; lines that come while the disk is busy are written together. After a failure nothing more is written.
 */
export class Journal<Step extends { step: string } = JournalStep> {
  readonly #file: JournalFile;
  readonly #now: () => Date;
  #end: ChainEnd;
  #waiting: Waiting<Step>[] = [];
  #isWriting = false;
  #failure: { error: unknown } | null = null;

  constructor(file: JournalFile, now: () => Date, end: ChainEnd = { lines: 0, last: NO_LINE }) {
    this.#file = file;
    this.#now = now;
    this.#end = end;
  }

  /** Throws what the file throws, for this line and for every one after it. */
  write(step: Step): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ step, at: this.#now().toISOString(), resolve, reject });
      if (!this.#isWriting) void this.#drain();
    });
  }

  /** Many lines at once. */
  async writeAll(steps: Iterable<Step>): Promise<void> {
    await Promise.all([...steps].map((step) => this.write(step)));
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #drain(): Promise<void> {
    this.#isWriting = true;
    // One turn, so that lines of the same moment share a write.
    await Promise.resolve();
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
      try {
        if (this.#failure !== null) throw this.#failure.error;
        await this.#file.append(this.#textOf(batch));
        for (const one of batch) one.resolve();
      } catch (error) {
        this.#failure = { error };
        for (const one of batch) one.reject(error);
      }
    }
    this.#isWriting = false;
  }

  #take(): Waiting<Step>[] {
    return this.#waiting.splice(0, MOST_LINES);
  }

  #textOf(batch: readonly Waiting<Step>[]): string {
    let text = "";
    for (const { step, at } of batch) {
      const line = { n: this.#end.lines + 1, at, before: this.#end.last, ...step };
      const written = JSON.stringify(line);
      this.#end = { lines: line.n, last: sha256(written) };
      text += `${written}\n`;
    }
    return text;
  }
}
