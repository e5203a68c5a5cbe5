import { templateOf } from "../../exposure/literals.ts";
import { visibleTo } from "../../exposure/visible.ts";
import type { SecretReference } from "../../model/workload.ts";
import type { AssessContext, ReplayWorkload } from "../context.ts";
import { positionText } from "../position.ts";
import { isInPodObject, isInRun, isSure, type Read, type Text } from "./credential-texts.ts";

/** What the adversary does not get, and why. */
export interface Miss {
  name: string;
  why: string;
}

/** References of the workload's templates, then texts that it cannot read, each once. */
export function missesOf(
  context: AssessContext,
  workload: ReplayWorkload,
  texts: readonly Text[],
  reads: readonly Read[],
): Miss[] {
  const read = new Set(reads.map(({ judged }) => judged));
  const hidden = texts.filter(({ judged }) => !read.has(judged)).map((text) => hiddenMiss(context, text));
  const doubtful = reads.filter((one) => !isSure(one)).map(doubtfulMiss);
  return [...referenceMisses(workload), ...hidden, ...doubtful];
}

/** The Secrets that templates name: the pod holds the name, and no value. */
export function referenceMisses({ object, jobs, pods }: ReplayWorkload): Miss[] {
  const misses = new Map<string, Miss>();
  for (const template of new Set([object, ...jobs, ...pods].map(templateOf))) {
    for (const reference of template.secretReferences) {
      for (const key of reference.keys ?? [null]) {
        const name = key === null ? reference.secret : `${reference.secret}/${key}`;
        const why = referenceWhy(reference, key);
        misses.set(`${name} ${why}`, { name, why });
      }
    }
  }
  return [...misses.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function referenceWhy({ use, secret }: SecretReference, key: string | null): string {
  const what = key === null ? `secret/${secret}` : `secret/${secret} key ${key}`;
  return `a reference: the pod names ${what} ${USES[use]}, not the value`;
}

const USES: Readonly<Record<SecretReference["use"], string>> = {
  env: "for a variable",
  envFrom: "for its variables",
  volume: "as files",
  projected: "as files",
  csi: "for a CSI driver",
  storage: "for its storage",
  pull: "to pull its image",
};

function hiddenMiss(context: AssessContext, { judged, carriers }: Text): Miss {
  const { name } = judged.item.credential;
  const who = positionText(context.from);
  const inRuns = carriers.filter(isInRun);
  if (inRuns.length === 0) return { name, why: configMapWhy(context, { judged, carriers }) };
  const kinds = [...new Set(inRuns.map(({ found }) => found.source.kind))];
  const where = kinds.map((kind) => `the ${kind === "Pod" ? "pods" : kind}`).join(" and ");
  if (who !== null) return { name, why: `stands in ${where}, which ${who} does not read as far as grants were seen` };
  const printed = inRuns.every(({ rule }) => rule.id === "log");
  if (printed) return { name, why: "a container printed it: it takes get on pods/log" };
  return { name, why: `stands in ${where}, which pods get and list do not show` };
}

function configMapWhy({ from, judgement }: AssessContext, { carriers }: Text): string {
  const names = [...new Set(carriers.map(({ found }) => `configmap/${found.object?.name ?? ""}`))].join(" and ");
  const reads = from.length > 0 && visibleTo(carriers, from, judgement.world.rbac).length > 0;
  const right = reads ? `${positionText(from) ?? ""} reads that` : "it takes get on configmaps";
  return `stands in ${names}, which the pod only names: ${right}`;
}

function doubtfulMiss({ judged, carriers: [{ found }] }: Read): Miss {
  const { name } = judged.item.credential;
  return { name, why: `its text is read in ${found.path}, but that it is a credential is only possible` };
}

/** True for text that pods get and list would return. */
export function isInPods({ carriers }: Text): boolean {
  return carriers.some(isInPodObject);
}
