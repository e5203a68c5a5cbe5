import type { Severity } from "../model/report.ts";
import type { Topic } from "../model/topic.ts";

interface Text {
  summary: string;
  why: string[];
  fix: string[];
}

const LOWERED = "Readers and rights that could not be seen count as there: missing evidence never lowers a severity.";

const TEXTS: Readonly<Record<Severity, Text>> = {
  critical: {
    summary: "Everyone reads it, or a finished run that nobody needs holds it without an end.",
    why: [
      "A value that is written out, or a token without expiry, that every authenticated user or ServiceAccount reads.",
      "A value that is written out in a finished run, and that nothing deletes: no TTL, no history limit, no owner.",
      "In the triage also an account of batch work that reads every Secret of the cluster.",
    ],
    fix: [
      "Follow its fix and rotate it, today: what is exposed already is to be taken as read.",
      "In this order, where a template or ConfigMap holds it: a new value that is put where the old one stood is read as well.",
    ],
  },
  high: {
    summary: "Somebody who needs no right on Secrets reads it, or may; or a token opens whole namespaces.",
    why: [
      "Any other value that is written out and that an identity reads which is not built in, or may read.",
      "A ServiceAccount token without expiry that a workload names.",
      "The token of a finished pod whose account reads every Secret of a namespace, or may.",
      "In the triage also an account of batch work that reads every Secret of a namespace.",
    ],
    fix: ["Follow its fix, then rotate it."],
  },
  medium: {
    summary: "Only built-in identities read it today, or it must have been taken while the pod ran.",
    why: [
      "A value that is written out and that only built-in identities read: one binding changes that.",
      "The token of any other finished pod: it must have been copied while the pod ran, or be minted by its node.",
      "In the triage also an image name that meant several images in the runs that are there.",
    ],
    fix: ["Follow its fix with the next change of the workload."],
  },
  low: {
    summary: "Somebody has to take a node first, or it is only possibly a credential.",
    why: [
      "A text that is only possibly a credential, which `--all` shows.",
      "The token of a running pod; a Secret that only a finished pod keeps within its node's reach.",
      "In the triage also Jobs and pods that failed, hang, are orphaned, or finished and stay.",
    ],
    fix: ["Set `ttlSecondsAfterFinished`, which ends most of them."],
  },
  info: {
    summary: "Its windows have closed, or it is a Secret in use as it should be.",
    why: [
      "Everything that nobody can read any more where it was found: rotate it if it was exposed before.",
      "A Secret that a running pod gets as files or variables, and a pull Secret.",
    ],
    fix: ["Nothing has to be done where it is found; a value that was exposed before stays known to whoever read it."],
  },
};

/** One topic for each severity: what gets it. */
export function severityTopics(): Topic[] {
  const ids = Object.keys(TEXTS) as Severity[];
  return ids.map((id) => ({
    id,
    kind: "severity",
    title: `Severity ${id}`,
    ...TEXTS[id],
    needs: ["`list` on roles and bindings, for who reads it; without it a severity is never lowered"],
    source: "src/exposure/severity.ts: by what an intruder gains and who stands in the way",
    more: [
      { heading: "Unknown", lines: [LOWERED] },
      {
        heading: "As a gate",
        lines: [
          `\`kubectl cronaudit --fail-on ${id}\` ends with status 1 where there is one such finding, or a worse one.`,
        ],
      },
    ],
    related: ids.filter((other) => other !== id),
  }));
}
