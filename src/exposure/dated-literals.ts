import { podFinished, podFinishedAt } from "../batch/finish.ts";
import { instant } from "../batch/time.ts";
import type { DatedLiteral, Pod } from "../model/workload.ts";
import type { Access, Closing, Found, Opening } from "./class.ts";
import type { ExposureContext } from "./context.ts";
import { fromLiteral, readable, readers } from "./literals.ts";
import { proved } from "./opened.ts";

/** Credentials that containers wrote as their last words. */
export function terminationMessages(context: ExposureContext): Found[] {
  return ofPods(context, ({ messageLiterals }) => messageLiterals, {
    opens: "the container ended and left the message",
    sooner: (_, finished) => (finished ? null : REPLACED),
    access: (pod) => readers(pod, context),
  });
}

/** Credentials that containers printed. The log of a deleted pod is gone, so nobody reads it back. */
export function loggedLiterals(context: ExposureContext): Found[] {
  return ofPods(context, (pod) => (context.isEarlier(pod) ? [] : pod.logLiterals), {
    opens: "the container printed the line",
    sooner: ({ field }, finished) => (isOfRunBefore(field) ? REMOVED : finished ? null : ROTATED),
    access({ meta, template: { nodeName } }) {
      const log = { by: "rbac", resource: "pods/log", namespace: meta.namespace ?? "", name: meta.name } as const;
      return nodeName === null ? [log] : [log, { by: "node", node: nodeName }];
    },
  });
}

/** What may end a window before its pod goes; `isSure` where the end will come, at a time that nobody knows. */
interface Sooner {
  why: string;
  isSure: boolean;
}

const REPLACED: Sooner = { why: "until the container restarts again, which replaces the message", isSure: false };
const ROTATED: Sooner = { why: "until the kubelet rotates the log", isSure: false };
const REMOVED: Sooner = {
  why: "until the container ends again, with which the kubelet removes the log of the run before",
  isSure: true,
};

/** Of the run before the last restart (evidence/log-lines.ts). */
function isOfRunBefore(field: string): boolean {
  return field.endsWith(", before its restart]");
}

interface Kind {
  opens: string;
  sooner(literal: DatedLiteral, finished: boolean): Sooner | null;
  access(pod: Pod): Access[];
}

function ofPods(context: ExposureContext, literalsOf: (pod: Pod) => DatedLiteral[], kind: Kind): Found[] {
  const found: Found[] = [];
  for (const { source } of readable(context)) {
    if (source.kind !== "Pod") continue;
    const literals = literalsOf(source);
    if (literals.length === 0) continue;
    const access = kind.access(source);
    for (const one of literals) {
      const { at, ...literal } = one;
      const closing = closingOf(source, kind.sooner(one, podFinished(source)), context);
      found.push(fromLiteral(source, literal, openingOf(source, at, kind.opens, context), closing, access));
    }
  }
  return found;
}

function openingOf(pod: Pod, at: string | null, because: string, context: ExposureContext): Opening {
  if (at !== null && instant(at) !== null) return { opens: at, notBefore: at, isBound: false, because };
  return proved(pod.meta, context, [[instant(podFinishedAt(pod)), "the pod had finished by then"]]);
}

function closingOf(pod: Pod, sooner: Sooner | null, context: ExposureContext): Closing {
  const closing = context.closingOf(pod);
  if (sooner === null) return closing;
  return { ...closing, why: `${closing.why}, or ${sooner.why}`, isBound: closing.isBound || sooner.isSure };
}
