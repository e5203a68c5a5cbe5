import { safe } from "../text.ts";

/** Markup that is well-formed HTML and XML. Only `markup` and `trusted` make it, so that no text gets in unescaped. */
export class Html {
  readonly text: string;
  /** Of `markup` and `trusted` alone. */
  constructor(text: string) {
    this.text = text;
  }
}

/** What stands in a hole of a template: markup as it is, everything else as escaped text, null as nothing. */
export type Part = Html | string | number | null | readonly Part[];

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text for content and quoted attributes; what is invisible or turns the direction of reading is written out (`safe`). */
export function escaped(text: string): string {
  return safe(text).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Markup from a template whose holes are escaped unless they are markup themselves. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0]!;
  for (const [at, part] of parts.entries()) text += textOf(part) + strings[at + 1]!;
  return new Html(text);
}

/** A constant of this program as markup; never anything from a cluster. */
export function trusted(text: string): Html {
  return new Html(text);
}

/** Nothing. */
export const nothing = new Html("");

/** The markup where the condition holds, otherwise nothing; it is made only then. */
export function when(condition: boolean, make: () => Part): Part {
  return condition ? make() : nothing;
}

function textOf(part: Part): string {
  if (part === null) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(textOf).join("");
  return escaped(String(part));
}
