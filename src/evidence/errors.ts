/** Evidence that cannot be read; `message` names the file and the reason without any of its content, `next` is the next step. */
export class EvidenceError extends Error {
  override readonly name = "EvidenceError";
  readonly next: string;

  constructor(message: string, next: string) {
    super(message);
    this.next = next;
  }
}
