import type { Part } from "./carriers.ts";
import type { Measured } from "./measure.ts";

const NOTHING = "Nothing comes back to:";

/** The measurement as text: every request that was answered with a value, by the right it took; and the rights that read nothing. */
export function tableOf(measured: readonly Measured[]): string {
  const rights = Map.groupBy(measured, ({ verb, resource }) => `${verb} ${resource}`);
  const reading = [...rights].filter(([, tried]) => tried.some(({ parts }) => parts.length > 0));
  const others = measured.filter(({ verb, resource }) => !reading.some(([right]) => right === `${verb} ${resource}`));
  return [
    "What an account reads that holds one verb on one resource or subresource, and nothing else. A carrier holds a value in",
    "its spec or data, an annotation, and a finished pod a container's message in its status; `all` is whatever it holds.",
    "Requests are plain: what a stream or a proxy brings out of a container, and what it printed, is none of the object.",
    "",
    ...reading.flatMap(([right, tried]) => [right, ...outcomes(tried), ""]),
    NOTHING,
    ...[...Map.groupBy(others, ({ resource }) => resource)].map(
      ([resource, tried]) => `  ${resource}: ${[...new Set(tried.map(({ verb }) => verb))].join(", ")}`,
    ),
    "",
  ].join("\n");
}

/** One line for the forms that come to the same. */
function outcomes(tried: readonly Measured[]): string[] {
  const forms = Map.groupBy(tried, ({ form }) => form);
  const lines = Map.groupBy(forms, ([, sent]) => outcome(sent));
  return [...lines].map(([what, alike]) => `  ${what}: ${foldDryRuns(alike.map(([form]) => form)).join("; ")}`);
}

function outcome(sent: readonly Measured[]): string {
  const each = Map.groupBy(sent, ({ parts, carrier }) => partsText(parts, carrier));
  if (each.size === 1) return [...each.keys()][0]!;
  return [...each].map(([what, of]) => `${what} of a ${of.map(({ carrier }) => carrier).join(", ")}`).join(", ");
}

function partsText(parts: readonly Part[], carrier: string): string {
  if (parts.length === 0) return "nothing";
  return parts.length === (carrier === "finished pod" ? 3 : 2) ? "all" : parts.join(" and ");
}

function foldDryRuns(forms: readonly string[]): string[] {
  const dry = (form: string) => `${form}, dry run`;
  const folded = forms.filter((form) => !forms.some((other) => dry(other) === form));
  return folded.map((form) => (forms.includes(dry(form)) ? `${form} (dry run too)` : form));
}

/** A verb on a resource or subresource. */
export interface Right {
  verb: string;
  /** `pods/status`. */
  path: string;
}

/** The rights of a table: those by which something comes back, and all others that were tried. */
export function rightsIn(table: string): { reading: Right[]; others: Right[] } {
  const [above = "", below = ""] = table.split(NOTHING);
  const reading = above.matchAll(/^([a-z]+) (\S+)$/gm).map(([, verb = "", path = ""]): Right => ({ verb, path }));
  const others = below
    .matchAll(/^ {2}(\S+): (.+)$/gm)
    .flatMap(([, path = "", verbs = ""]) => verbs.split(", ").map((verb): Right => ({ verb, path })));
  return { reading: [...reading], others: [...others] };
}
