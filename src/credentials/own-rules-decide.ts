import type { LiteralClass } from "../model/own-rules.ts";
import type { Ignored, Literal, LiteralPlace } from "../model/workload.ts";
import { plainName, setterOf } from "./own-rules-annotation.ts";
import type { Annotated } from "./own-rules-annotation.ts";
import { isLive, nameMark, use } from "./own-rules.ts";
import type { OwnAllow, OwnNotName, OwnRules } from "./own-rules.ts";
import type { Term } from "./own-rules-terms.ts";

/** The class of exposure that a literal in this place is. */
export const CLASS_OF: Record<LiteralPlace, LiteralClass> = {
  env: "literal-env",
  args: "literal-args",
  annotation: "literal-annotation",
  configmap: "configmap-env",
  "termination-message": "termination-message",
  log: "log",
};

/** What decisions hang on besides the rules. */
export interface DecideFrom {
  ownerOf(object: Annotated): Annotated | null;
  /** In milliseconds. */
  now: number;
  /** True where the rules were there when values were read. */
  fresh: boolean;
}

const ANNOTATION = "metadata.annotations[";
const SURENESS = { certain: 0, likely: 1, possible: 2 };

/** Decides of each literal whether it is ignored, and by what. */
export class Decisions {
  readonly #rules: OwnRules;
  readonly #from: DecideFrom;
  readonly #allowIn = new Map<string, OwnAllow[]>();
  readonly #notNamesIn = new Map<string, OwnNotName[]>();
  readonly #trusted = new WeakMap<Annotated, Map<string, boolean>>();
  #object: Annotated | null = null;
  /** Entries that hold for the object which was asked about last. */
  #allow: OwnAllow[] = [];

  constructor(rules: OwnRules, from: DecideFrom) {
    this.#rules = rules;
    this.#from = from;
  }

  /** The literal as the rules have it; the same one where they change nothing. */
  of<L extends Literal>(literal: L, object: Annotated): L {
    const raised = this.#from.fresh ? literal : this.#raised(literal, object);
    const ignored = this.#ignored(raised, object);
    if (ignored === null && raised.ignored === undefined) return raised;
    const { ignored: before, ...rest } = raised;
    if (ignored === null) return rest as L;
    return isSame(before, ignored) ? raised : ({ ...rest, ignored } as L);
  }

  /** What was only possible when it was captured may have one of the names that are known now. */
  #raised<L extends Literal>(literal: L, { meta }: Annotated): L {
    const rule = this.#rules.names.find(
      ({ inNamespace, matches }) => inNamespace(meta.namespace ?? "") && matches(plainName(literal.name)),
    );
    if (rule === undefined) return literal;
    use(this.#rules, rule.id);
    const { kind, confidence, because } = rule.verdict;
    return SURENESS[confidence] < SURENESS[literal.confidence] ? { ...literal, kind, confidence, because } : literal;
  }

  #ignored(literal: Literal, object: Annotated): Ignored | null {
    const marks = literal.ignored?.entries ?? [];
    const annotations = marks.filter((mark) => mark.includes(ANNOTATION));
    const file = this.#byFile(literal, object, this.#from.fresh ? marks : []);
    for (const { id } of file) use(this.#rules, id);
    const [first] = file;
    if (first !== undefined) {
      const entries = [...file.map(({ id }) => id), ...annotations];
      return { by: "file", entries, reason: first.reason, confirmed: true };
    }
    if (annotations.length === 0) return null;
    const confirmed = annotations.map((annotation) => this.#isTrusted(object, annotation)).includes(true);
    return { by: "annotation", entries: annotations, reason: null, confirmed };
  }

  #byFile(literal: Literal, object: Annotated, marks: readonly string[]): (OwnAllow | OwnNotName)[] {
    const namespace = object.meta.namespace ?? "";
    const name = plainName(literal.name);
    // Of a name in a value less is shown than was written; what was written has been compared where it was known.
    const isCalled = (entry: OwnAllow | OwnNotName, term: Term): boolean =>
      term(name) || marks.includes(nameMark(entry));
    const notNames =
      literal.confidence === "certain" ? [] : this.#in(this.#notNamesIn, this.#rules.notNames, namespace);
    return [
      ...notNames.filter((entry) => isCalled(entry, entry.matches)),
      ...this.#allowedFor(object).filter((entry) => {
        const { id, isName, classes, isValue, fingerprints } = entry;
        return (
          (isName === null || isCalled(entry, isName)) &&
          (classes === null || classes.has(CLASS_OF[literal.place])) &&
          (fingerprints === null || fingerprints.has(literal.fingerprint)) &&
          (isValue === null || marks.includes(id))
        );
      }),
    ];
  }

  /** Entries for the object's namespace that mean it, or what controls it. */
  #allowedFor(object: Annotated): OwnAllow[] {
    if (this.#object === object) return this.#allow;
    const here = this.#in(this.#allowIn, this.#rules.allow, object.meta.namespace ?? "");
    const live = here.filter((entry) => isLive(entry, this.#from.now));
    const chain = live.some(({ isObject }) => isObject !== null) ? this.#chain(object) : [];
    this.#object = object;
    this.#allow = live.filter(
      ({ isObject }) => isObject === null || chain.some(({ kind, meta }) => isObject(kind, meta.name)),
    );
    return this.#allow;
  }

  #chain(object: Annotated): Annotated[] {
    const chain = [object];
    for (let next = this.#from.ownerOf(object); next !== null && chain.length < 4; next = this.#from.ownerOf(next)) {
      chain.push(next);
    }
    return chain;
  }

  #in<E extends OwnAllow | OwnNotName>(known: Map<string, E[]>, entries: readonly E[], namespace: string): E[] {
    return known.getOrInsertComputed(namespace, () => entries.filter(({ inNamespace }) => inNamespace(namespace)));
  }

  #isTrusted(object: Annotated, annotation: string): boolean {
    return this.#trusted
      .getOrInsertComputed(object, () => new Map<string, boolean>())
      .getOrInsertComputed(annotation, () => {
        const { managers } = setterOf(object, annotation, this.#from.ownerOf);
        const trust = this.#rules.trust.find(
          (entry) =>
            isLive(entry, this.#from.now) &&
            entry.inNamespace(object.meta.namespace ?? "") &&
            (entry.anyManager || (managers.length > 0 && managers.every((manager) => entry.isManager(manager)))),
        );
        if (trust !== undefined) use(this.#rules, trust.id);
        return trust !== undefined;
      });
  }
}

function isSame(a: Ignored | undefined, b: Ignored): boolean {
  return (
    a?.by === b.by && a.confirmed === b.confirmed && a.reason === b.reason && a.entries.join() === b.entries.join()
  );
}
