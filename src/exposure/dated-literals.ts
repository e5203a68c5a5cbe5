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
    sooner: "until the container ends again, which replaces the message",
    access: (pod) => readers(pod, context),
  });
}

/** Credentials that containers printed. The log of a deleted pod is gone, so nobody reads it back. */
export function loggedLiterals(context: ExposureContext): Found[] {
  return ofPods(context, (pod) => (context.isEarlier(pod) ? [] : pod.logLiterals), {
    opens: "the container printed the line",
    sooner: "until the kubelet rotates the log",
    access({ meta, template: { nodeName } }) {
      const log = { by: "rbac", resource: "pods/log", namespace: meta.namespace ?? "", name: meta.name } as const;
      return nodeName === null ? [log] : [log, { by: "node", node: nodeName }];
    },
  });
}

interface Kind {
  opens: string;
  /** What may end it before its pod goes, while the pod runs. */
  sooner: string;
  access(pod: Pod): Access[];
}

function ofPods(context: ExposureContext, literalsOf: (pod: Pod) => DatedLiteral[], kind: Kind): Found[] {
  const found: Found[] = [];
  for (const { source } of readable(context)) {
    if (source.kind !== "Pod") continue;
    const literals = literalsOf(source);
    if (literals.length === 0) continue;
    const closing = closingOf(source, kind.sooner, context);
    const access = kind.access(source);
    for (const { at, ...literal } of literals) {
      found.push(fromLiteral(source, literal, openingOf(source, at, kind.opens, context), closing, access));
    }
  }
  return found;
}

function openingOf(pod: Pod, at: string | null, because: string, context: ExposureContext): Opening {
  if (at !== null && instant(at) !== null) return { opens: at, notBefore: at, isBound: false, because };
  return proved(pod.meta, context, [[instant(podFinishedAt(pod)), "the pod had finished by then"]]);
}

function closingOf(pod: Pod, sooner: string, context: ExposureContext): Closing {
  const closing = context.closingOf(pod);
  return podFinished(pod) ? closing : { ...closing, why: `${closing.why}, or ${sooner}` };
}
