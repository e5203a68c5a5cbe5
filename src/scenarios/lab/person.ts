import type { LabEntry } from "./plan.ts";

/** Of the twins where no --image was given: with the driver acting, it only has to end by itself. */
export const DRIVER_IMAGE = "busybox:1.37";

/** Why an adversary takes no part in a run with this image; null where it does. */
export function leftOut({ lab }: Pick<LabEntry, "lab">, image: string): string | null {
  return lab.person !== undefined && image === DRIVER_IMAGE ? "needs --image with a name that you can push to" : null;
}

const numbers = (entries: readonly LabEntry[]): string => entries.map(({ number }) => String(number)).join(" ");

/**
 * What a person is told before a run that will need them: to do what, for how long it waits, how to do without, and who is left out; empty where it
 * needs nobody. Pure.
 */
export function personLines(entries: readonly LabEntry[], image: string): string[] {
  return entries.flatMap((entry) => {
    const { number, lab } = entry;
    const why = leftOut(entry, image);
    if (why !== null) return [`Left out:  adversary ${String(number)}, which ${why}`];
    const act = lab.person?.act(image) ?? null;
    if (lab.person === undefined || act === null) return [];
    const others = entries.filter((one) => one !== entry);
    return [
      `Needs you: to ${act}, once adversary ${String(number)} asks for it; it then waits ${String(lab.person.seconds)} s, and without you proves nothing`,
      ...(others.length === 0
        ? []
        : [`           To do without adversary ${String(number)}, name the others: replay --lab ${numbers(others)}`]),
    ];
  });
}

/** Says, once, that of several adversaries only those are left that wait for a person, and how long they still do. */
export class Waiting {
  readonly #entries: readonly LabEntry[];
  readonly #left: Set<LabEntry>;
  readonly #until = new Map<LabEntry, number>();
  readonly #of: { image: string; now(): Date; say(text: string): void };
  #isSaid = false;

  constructor(entries: readonly LabEntry[], of: { image: string; now(): Date; say(text: string): void }) {
    this.#entries = entries;
    this.#left = new Set(entries);
    this.#of = of;
  }

  /** A lab has asked the person for something. */
  asked(entry: LabEntry): void {
    if (entry.lab.person !== undefined)
      this.#until.set(entry, this.#of.now().getTime() + entry.lab.person.seconds * 1000);
    this.#tell();
  }

  /** An adversary's attacks are over. */
  over(entry: LabEntry): void {
    this.#left.delete(entry);
    this.#tell();
  }

  #tell(): void {
    const left = [...this.#left];
    const areOthersOver = left.length > 0 && left.length < this.#entries.length;
    if (this.#isSaid || !areOthersOver || !left.every((one) => this.#until.has(one))) return;
    this.#isSaid = true;
    const { image, now, say } = this.#of;
    for (const one of left) {
      const seconds = Math.max(0, Math.ceil((this.#until.get(one)! - now().getTime()) / 1000));
      const act = one.lab.person?.act(image) ?? "act";
      say(
        `Only adversary ${String(one.number)} is not over: it waits at most ${String(seconds)} s more for you to ${act}.`,
      );
    }
  }
}
