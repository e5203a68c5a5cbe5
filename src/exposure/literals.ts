import type { Literal, LiteralPlace, PodTemplate } from "../model/workload.ts";
import type { Access, Closing, Found, Identity, Opening, Source } from "./class.ts";
import { annotationClosing, literalClosing } from "./closed.ts";
import type { ExposureContext } from "./context.ts";
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

/** Literals of one place in the templates of all carriers. */
export function templateLiterals(context: ExposureContext, place: LiteralPlace): Found[] {
  const found: Found[] = [];
  for (const source of sources(context)) {
    const literals = templateOf(source).literals.filter((literal) => literal.place === place);
    if (literals.length === 0) continue;
    const closing = literalClosing(source, context);
    const access = readers(source);
    for (const literal of literals) {
      found.push(fromLiteral(source, literal, templateOpening(source, literal, context), closing, access));
    }
  }
  return found;
}

/** Literals in the annotations of all carriers: their own, and those that a CronJob's or Job's templates hand on. */
export function annotationLiterals(context: ExposureContext): Found[] {
  const found: Found[] = [];
  for (const source of sources(context)) {
    if (source.annotationLiterals.length === 0) continue;
    const closing = annotationClosing(source, context);
    const access = readers(source);
    for (const literal of source.annotationLiterals) {
      found.push(fromLiteral(source, literal, annotationOpening(source, literal, context), closing, access));
    }
  }
  return found;
}

function fromLiteral(source: Source, literal: Literal, opening: Opening, closing: Closing, access: Access[]): Found {
  const containers = literal.container === null ? null : [literal.container];
  const { path, field } = literal;
  return { identity: literalIdentity(source, literal), source, path, field, opening, closing, containers, access };
}

/** A literal is known by its keyed fingerprint; evidence without fingerprints keeps every place apart. */
function literalIdentity(source: Source, literal: Literal): Identity {
  const { name, kind, confidence, because, fingerprint } = literal;
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
  };
}

const RESOURCES = { CronJob: "cronjobs", Job: "jobs", Pod: "pods" } as const;

/** A literal is read with the object itself, and by the node that a pod is bound to (Node authorizer). */
function readers(source: Source): Access[] {
  const { namespace, name } = source.meta;
  const access: Access[] = [{ by: "rbac", resource: RESOURCES[source.kind], namespace: namespace ?? "", name }];
  if (source.kind === "Pod" && source.template.nodeName !== null) {
    access.push({ by: "node", node: source.template.nodeName });
  }
  return access;
}
