import type { FoundInOutput } from "../credentials/output.ts";
import type { Confidence } from "../model/credential.ts";
import type { Time } from "../model/object.ts";
import type { DatedLiteral } from "../model/workload.ts";
import type { ProjectionContext } from "./context.ts";
import { knownWords, type Known } from "./known-words.ts";
import { literalsAt } from "./literals.ts";
import { outputIn } from "./own-rules.ts";
import { secretsIn } from "./secret-votes.ts";

/** Of one log. */
const MOST_CREDENTIALS = 200;
const SURENESS: Record<Confidence, number> = { certain: 0, likely: 1, possible: 2 };

/** The kubelet writes it before each line that it is asked for with `timestamps=true`. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d) ?/;

/** One log as it came, and where it came from. */
export interface LogText {
  container: string;
  /** True for the run before the last restart. */
  previous: boolean;
  text: string;
  /** False where earlier lines were left out: lines then count from the end. */
  fromStart: boolean;
  /** True where it was cut in its last line. */
  cut: boolean;
}

/** True where a node answers with a text of its own instead of the log: no line has a time. */
export function isNoLog({ text }: Pick<LogText, "text">): boolean {
  return text.trim() !== "" && !text.split("\n").some((line) => TIMESTAMP.test(line));
}

/** The credentials of one log, each once, at the first line that holds it; the surest of at most 200. `more` counts the others. */
export function logLiterals(
  log: LogText,
  known: Known,
  context: ProjectionContext,
): { literals: DatedLiteral[]; more: number } {
  const lines = log.text.split("\n");
  if (lines.at(-1) === "" || log.cut) lines.pop();
  const times = lines.map(timeOf);
  const said = lines.map((line) => line.replace(TIMESTAMP, ""));
  const tried = new Set<string>();
  const byText = new Map<string, FoundInOutput>();
  const all = [
    ...outputIn(said, "log", context),
    ...said.flatMap((text, line) => knownWords(text, known, tried, context).map((found) => ({ ...found, line }))),
    ...heldBySecrets(said, context),
  ];
  for (const found of all) {
    const first = byText.get(found.text);
    if (first === undefined || found.line < first.line) byText.set(found.text, found);
  }
  const surest = [...byText.values()].sort(
    (a, b) => SURENESS[a.verdict.confidence] - SURENESS[b.verdict.confidence] || a.line - b.line,
  );
  const place = `log[${log.container}${log.previous ? ", before its restart" : ""}]`;
  const kept = Map.groupBy(
    surest.slice(0, MOST_CREDENTIALS).sort((a, b) => a.line - b.line),
    ({ line }) => line,
  );
  const literals = [...kept].flatMap(([line, found]) => {
    const where = log.fromStart ? `line ${String(line + 1)}` : `line ${String(lines.length - line)} from the end`;
    const at = { path: `${place}:${where}`, field: place, container: log.container };
    return literalsAt(found, { place: "log", ...at }, context).map((one) => ({ ...one, at: times[line] ?? null }));
  });
  return { literals, more: Math.max(0, surest.length - MOST_CREDENTIALS) };
}

/** Values of Secrets that nothing else tells, each at the first line that has it. */
function heldBySecrets(said: readonly string[], { secrets }: ProjectionContext): FoundInOutput[] {
  if (secrets === null) return [];
  const tried = new Set<string>();
  const none = new Set<string>();
  return said.flatMap((text, line) =>
    secretsIn({ name: "log", text }, secrets, none, tried).map((found) => ({ ...found, line })),
  );
}

/** In whole seconds and UTC, as the API server writes times; null where the line has none. */
function timeOf(line: string): Time | null {
  const [, seconds, zone] = TIMESTAMP.exec(line) ?? [];
  const at = seconds === undefined ? Number.NaN : Date.parse(`${seconds}${zone ?? "Z"}`);
  return Number.isNaN(at) ? null : new Date(at).toISOString().replace(".000Z", "Z");
}
