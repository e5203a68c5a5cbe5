/** What the user typed cannot be done; printed as `error: …` with the way to the help, status 2. */
export class UsageError extends Error {
  override name = "UsageError";
  /** Lines under the error: a suggestion, a hint. */
  readonly hints: string[];
  /** The verb that was typed, whose help is the one to read; null where none was understood. */
  verb: string | null = null;

  constructor(message: string, hints: string[] = []) {
    super(message);
    this.hints = hints;
  }
}

/** A run cannot go on for a reason that is not the command line's; `next` is the next step, status 2. */
export class CommandError extends Error {
  override name = "CommandError";
  readonly next: string | null;

  constructor(message: string, next: string | null = null) {
    super(message);
    this.next = next;
  }
}

/** The reader of standard output has gone; the run ends quietly with status 0. */
export class ClosedPipe extends Error {
  override name = "ClosedPipe";
}

/** Ctrl-C; status 130. */
export class Interrupted extends Error {
  override name = "Interrupted";
}
