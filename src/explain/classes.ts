import type { ExposureClassRule } from "../exposure/class.ts";
import { classes } from "../exposure/classes/index.generated.ts";
import type { ExposureClass } from "../model/report.ts";
import type { Topic } from "../model/topic.ts";
import { edgesReading } from "./edge-classes.ts";
import { sentence } from "./words.ts";

/** Ways that are no read of an object, and topics of other kinds. */
const BESIDES: Readonly<Record<ExposureClass, readonly string[]>> = {
  "literal-env": ["completed-pod", "stale-accumulation", "no-value-in-object"],
  "literal-args": ["completed-pod", "stale-accumulation", "no-value-in-object"],
  "literal-annotation": ["completed-pod", "stale-accumulation"],
  "termination-message": ["completed-pod"],
  log: ["pods-log"],
  "configmap-env": ["node-authorizer", "specs-read"],
  "secret-env": ["node-grant", "pods-exec", "nodes-checkpoint"],
  "secret-volume": ["node-grant", "pods-exec"],
  "pull-secret": ["image-substitution", "digest"],
  "token-legacy": ["secret-token", "secrets-create"],
  "token-bound": ["pod-token", "node-token", "tokens-of-finished-pods", "no-token", "least-privilege"],
  "node-grant": ["node-authorizer", "secrets-within-node-reach"],
};

/** One topic for each class of exposure. */
export function classTopics(): Topic[] {
  return (classes as readonly ExposureClassRule[]).map(topicOfClass);
}

function topicOfClass(rule: ExposureClassRule): Topic {
  const reading = edgesReading(rule.id).map(({ id }) => id);
  return {
    id: rule.id,
    kind: "class",
    title: rule.title,
    summary: rule.summary,
    why: [...rule.why],
    fix: [...rule.prevent],
    needs: [...rule.needs],
    source: rule.source,
    more: [
      { heading: "What is readable", lines: [sentence(rule.what)] },
      { heading: "Who reads it", lines: [sentence(rule.readableBy)] },
      ...(reading.length === 0 ? [] : [{ heading: "Edges by which it is read", lines: [reading.join(", ")] }]),
      { heading: "When its window opens", lines: [sentence(rule.opens)] },
      { heading: "When it closes", lines: [sentence(rule.closes)] },
      {
        heading: "On this cluster",
        lines: [
          `\`kubectl cronaudit exposure --class ${rule.id}${rule.id === "log" ? " --scan-logs" : ""}\` lists what is exposed so.`,
        ],
      },
    ],
    related: [...new Set([...BESIDES[rule.id], ...reading.filter((id) => /^[a-z]+-(get|list|log)$/.test(id))])],
  };
}
