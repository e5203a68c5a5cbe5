import { RE2JS } from "re2js";
import { words } from "./words.ts";

const DAY_MS = 86_400_000;
const REMEMBERED = 4096;
const LONGEST_COMPARED = 512;

const TIME = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** The last millisecond of a day as `2027-01-31`, or the moment of an RFC 3339 time; null for anything else. */
export function momentOf(text: string): number | null {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  if (!isDay && !TIME.test(text)) return null;
  const at = Date.parse(text);
  const day = text.slice(0, 10);
  // Date.parse takes the 31st of every month for a day.
  if (Number.isNaN(at) || !new Date(Date.parse(day)).toISOString().startsWith(day)) return null;
  return isDay ? at + DAY_MS - 1 : at;
}

/** True for what reports print as a fingerprint. */
export function isFingerprint(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** Whether a text is meant; the same texts come again and again, so answers are remembered. */
export type Term = (text: string) => boolean;

function remembered(term: Term): Term {
  const known = new Map<string, boolean>();
  return (text) => {
    const short = text.slice(0, LONGEST_COMPARED);
    let answer = known.get(short);
    if (answer !== undefined) return answer;
    if (known.size >= REMEMBERED) known.clear();
    known.set(short, (answer = term(short)));
    return answer;
  };
}

/** True for texts that are one of these as wholes, in any case; `*` stands for any characters, `?` for one. */
export function anyGlob(globs: readonly string[]): Term {
  const plain = new Set(globs.filter((glob) => !/[*?]/.test(glob)).map((glob) => glob.toLowerCase()));
  const flags = RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL;
  const patterns = globs
    .filter((glob) => /[*?]/.test(glob))
    .map((glob) =>
      RE2JS.compile(
        glob
          .split(/([*?])/)
          .map(asPattern)
          .join(""),
        flags,
      ),
    );
  return remembered((text) => plain.has(text.toLowerCase()) || patterns.some((pattern) => pattern.matches(text)));
}

function asPattern(part: string): string {
  return part === "*" ? ".*" : part === "?" ? "." : RE2JS.quote(part);
}

/** True for names that hold one of these sequences of words, cut as a name's words are. */
export function anyWords(sequences: readonly string[]): Term {
  const wanted = sequences
    .map((sequence) => ` ${words(sequence).join(" ")} `)
    .filter((sequence) => sequence.trim() !== "");
  return remembered((name) => {
    const given = ` ${words(name).join(" ")} `;
    return wanted.some((sequence) => given.includes(sequence));
  });
}

/** True for everything, where no list is given. */
export function anyOrAll(globs: readonly string[] | undefined): Term {
  return globs === undefined ? () => true : anyGlob(globs);
}
