import type { CronJob, Literal, LiteralPlace, PodTemplate } from "../model/workload.ts";
import type { Access, Closing, Found, Identity, Opening, Source } from "./class.ts";
import { annotationClosing, literalClosing } from "./closed.ts";
import { earlierObjects, type ExposureContext } from "./context.ts";
import { annotationOpening, templateOpening } from "./opened.ts";

/** The pod template that the object carries or is. */
export function templateOf(source: Source): PodTemplate {
  if (source.kind === "Pod") return source.template;
  return source.kind === "Job" ? source.spec.template : source.job.template;
}

/** CronJobs, Jobs and batch pods, in this order. */
export function* sources(context: ExposureContext): Iterable<Source> {
  yield* context.snapshot.cronjobs;
  yield* context.snapshot.jobs;
  yield* context.pods;
}

/** What is there, and what is deleted and can still be read back: of a CronJob that was changed, what it held then alone. */
export function* readable(
  context: ExposureContext,
): Iterable<{ source: Source; lost: ((literal: Literal) => boolean) | null }> {
  for (const source of sources(context)) yield { source, lost: null };
  const present = new Map(context.snapshot.cronjobs.map((one) => [one.meta.uid, one]));
  for (const source of earlierObjects(context.snapshot)) {
    const now = present.get(source.meta.uid);
    const kept = now === undefined ? null : new Set(fingerprintsOf(now));
    yield { source, lost: kept === null ? null : ({ fingerprint }) => !kept.has(fingerprint) };
  }
}

function fingerprintsOf({ job, annotationLiterals }: CronJob): string[] {
  return [...job.template.literals, ...annotationLiterals].map(({ fingerprint }) => fingerprint);
}

/** Literals of one place in the templates of all carriers. */
export function templateLiterals(context: ExposureContext, place: LiteralPlace): Found[] {
  const found: Found[] = [];
  for (const { source, lost } of readable(context)) {
    const literals = templateOf(source).literals.filter((one) => one.place === place && (lost?.(one) ?? true));
    if (literals.length === 0) continue;
    const closing = literalClosing(source, context);
    const access = readers(source, context);
    for (const literal of literals) {
      found.push(fromLiteral(source, literal, templateOpening(source, literal, context), closing, access));
    }
  }
  return found;
}

/** Literals in the annotations of all carriers: their own, and those that a CronJob's or Job's templates hand on. */
export function annotationLiterals(context: ExposureContext): Found[] {
  const found: Found[] = [];
  for (const { source, lost } of readable(context)) {
    const literals = source.annotationLiterals.filter((one) => lost?.(one) ?? true);
    if (literals.length === 0) continue;
    const closing = annotationClosing(source, context);
    const access = readers(source, context);
    for (const literal of literals) {
      found.push(fromLiteral(source, literal, annotationOpening(source, literal, context), closing, access));
    }
  }
  return found;
}

/** One literal as a finding, in the object itself. */
export function fromLiteral(
  source: Source,
  literal: Literal,
  opening: Opening,
  closing: Closing,
  access: Access[],
): Found {
  const containers = literal.container === null ? null : [literal.container];
  const { path, field, ignored } = literal;
  const identity = literalIdentity(source, literal);
  const found = { identity, source, path, field, opening, closing, containers, access };
  return ignored === undefined ? found : { ...found, ignored };
}

/** Runs of one template share its literals, and these their identities. */
const identities = new WeakMap<Literal, Identity>();

/** A literal is known by its keyed fingerprint; evidence without fingerprints keeps every place apart. */
function literalIdentity(source: Source, literal: Literal): Identity {
  if (literal.fingerprint === "") return identityFrom(source, literal);
  return identities.getOrInsertComputed(literal, () => identityFrom(source, literal));
}

function identityFrom(source: Source, literal: Literal): Identity {
  const { name, kind, confidence, because, fingerprint, equals } = literal;
  const key = fingerprint === "" ? `place ${source.meta.uid} ${literal.path}` : `literal ${fingerprint}`;
  return {
    key,
    name,
    kind,
    confidence,
    because,
    fingerprint: fingerprint === "" ? null : fingerprint,
    ref: null,
    serviceAccount: null,
    ...(equals === undefined ? {} : { equals }),
  };
}

const RESOURCES = { CronJob: "cronjobs", Job: "jobs", Pod: "pods" } as const;

/** A literal is read with the object itself, and by the node that a pod is bound to (Node authorizer). */
export function readers(source: Source, context: ExposureContext): Access[] {
  const { namespace, name } = source.meta;
  const object = { by: "rbac", resource: RESOURCES[source.kind], namespace: namespace ?? "", name } as const;
  if (context.isEarlier(source)) return [{ ...object, deleted: true }];
  const access: Access[] = [object];
  if (source.kind === "Pod" && source.template.nodeName !== null) {
    access.push({ by: "node", node: source.template.nodeName });
  }
  return access;
}
