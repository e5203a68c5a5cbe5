import { expand } from "../credentials/expand.ts";
import type { Json } from "../model/api.ts";
import { stringAt, valueAt } from "./json.ts";

/** The kernel refuses longer ones (MAX_ARG_STRLEN), so that no container ever saw them. */
const LONGEST_EXPANSION = 128 * 1024;
/** All expansions of one container together: variables that double one another would grow without end. */
const EXPANSION_BUDGET = 4 << 20;

/** A container's variables as the kubelet defines them: each expanded by those before it (pkg/kubelet/kubelet_pods.go). */
export class Environment {
  /** Null for variables whose text is elsewhere. */
  readonly #variables = new Map<string, string | null>();
  #budget = EXPANSION_BUDGET;

  /** Takes an entry of `env` in, and gives its expanded text; null where that is not in the object. */
  define(entry: Json): string | null {
    const from = valueAt(entry, "valueFrom");
    const value = from === undefined || from === null ? this.expand(text(valueAt(entry, "value"))) : null;
    this.#variables.set(stringAt(entry, "name") ?? "", value);
    return value;
  }

  /** A text with its references expanded; as written, where that would be longer than any container could have it. */
  expand(written: string): string {
    const limit = Math.min(LONGEST_EXPANSION, this.#budget);
    const expanded = expand(written, (name) => this.#variables.get(name), limit);
    if (expanded !== written) this.#budget -= expanded.length;
    return expanded;
  }
}

/** YAML and hand-written JSON have numbers where the API has text. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
