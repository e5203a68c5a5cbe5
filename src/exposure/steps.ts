import type { Source } from "./class.ts";

/** Names beyond this many are counted instead of written out. */
export const NAMES_SHOWN = 5;

/** A command, and what to know or do besides; `command` null where there is none to paste. */
export interface Step {
  command: string | null;
  /** What has to be done before it. */
  before?: string;
  remarks: string[];
}

/** A shell word; names that the API server admits need no quotes, anything else gets them. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `cronjob/backup`, as a word of a command. */
export function objectWord({ kind, meta }: Source): string {
  return quote(`${kind.toLowerCase()}/${meta.name}`);
}

/** `cronjob/backup -n database`, as words of a command. */
export function target(source: Source): string {
  return `${objectWord(source)}${inNamespace(source.meta.namespace)}`;
}

export function inNamespace(namespace: string | null): string {
  return namespace === null ? "" : ` -n ${quote(namespace)}`;
}

/** A command and a shell comment after it: the line can be pasted as it stands, so the comment must not end early. */
export function line(command: string, remarks: readonly string[]): string {
  const said = sentence(remarks);
  return said === "" ? command : `${command}  # ${said}`;
}

function sentence(parts: readonly string[]): string {
  const said = parts.filter((text) => text !== "").join("; ");
  return said.replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, "?");
}

/** The first step as a command, the others in its comment in their order, then what else has to be known. */
export function inOrder(steps: readonly Step[], remarks: readonly string[]): string {
  const first = steps.findIndex(({ command }) => command !== null);
  const written = steps.flatMap(({ command, before = "", remarks: said }, i) =>
    i === first || command === null ? [...said, before] : [before, `then ${command}`, ...said],
  );
  // Several steps may ask for the same; it is said once, where it comes first.
  const said = [...new Set([...written, ...remarks])];
  return first === -1 ? sentence(said) : line(steps[first]!.command!, said);
}

/** kubectl takes one namespace a command: that of the first object; the others are counted. */
export function named(objects: readonly Source[], noun: string, most = NAMES_SHOWN): { here: Source[]; more: string } {
  const here = objects.filter((one) => one.meta.namespace === objects[0]?.meta.namespace).slice(0, most);
  const left = objects.length - here.length;
  return { here, more: andMore(left, noun) };
}

/** `and 3 more jobs`, or nothing. */
export function andMore(left: number, noun: string): string {
  return left <= 0 ? "" : `and ${String(left)} more ${noun}${left === 1 ? "" : "s"}`;
}

/** What comes before anything that takes objects away. */
export function saveFirst(namespace: string | null): string {
  return `save the evidence first: kubectl cronaudit snapshot evidence.jsonl.gz${inNamespace(namespace)}`;
}
