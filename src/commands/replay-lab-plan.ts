import type { Context } from "../cli/command.ts";
import { CommandError, UsageError } from "../cli/errors.ts";
import { openSink } from "../cli/streams.ts";
import type { Writer } from "../model/api.ts";
import type { LabPlan } from "../model/lab.ts";
import type { AdversaryId } from "../model/replay-report.ts";
import { count, escapeInQuotes, safe } from "../output/text.ts";
import { baseObjects } from "../scenarios/lab/base-objects.ts";
import { clusterFacts, type ClusterFacts } from "../scenarios/lab/guard.ts";
import { collectionPath, inWordsOf, nameOf } from "../scenarios/lab/kinds.ts";
import { labelled } from "../scenarios/lab/names.ts";
import { DRIVER_IMAGE } from "../scenarios/lab/person.ts";
import { labPlan, parsePlan, plannedObjects, whyNot, type LabChoice, type LabEntry } from "../scenarios/lab/plan.ts";
import { askRights, missingRights, requestsOf } from "../scenarios/lab/rights.ts";
import type { Place } from "../scenarios/lab/stage.ts";
import { ADVERSARIES } from "../scenarios/needs.ts";
import { readPlanText } from "./plan-file.ts";
import type { LabEffects } from "./replay-lab-effects.ts";
import { readWords } from "./replay-question.ts";

/** A plan, and what it was made from. */
export interface LabPlanned {
  plan: LabPlan;
  facts: ClusterFacts;
  entries: LabEntry[];
  choice: LabChoice;
}

/** Plans a lab on this cluster, or reads the plan of --plan and plans it anew. Throws UsageError and CommandError. */
export async function planLab(context: Context, api: Writer, name: string, effects: LabEffects): Promise<LabPlanned> {
  const { options, io } = context;
  const before = options.plan === null ? null : await readLabPlan(context, options.plan);
  const { adversaries, choice } =
    before === null ? asked(context) : { adversaries: before.adversaries, choice: before };
  const facts = await clusterFacts(api, name);
  const { uid, nodes } = facts;
  if (uid === null)
    throw new CommandError(
      "which cluster this is cannot be read: its uid is that of the namespace kube-system",
      "Ask for the right to get namespaces; nothing was made.",
    );
  const reason = before === null ? null : whyNot(before, facts, io.now());
  if (reason !== null)
    throw new CommandError(`${reason}: nothing was made`, "Plan it again with --dry-run=server -o json.");
  const labs = await effects.labs();
  const entries = adversaries.map((id) => ({ number: ADVERSARIES.indexOf(id) + 1, id, lab: labs[id] }));
  const of = { placement: choice.placement, image: choice.image, node: choice.node };
  const objects = plannedObjects(entries, of).map(({ object }) => object);
  const rights = await askRights(api, requestsOf(objects));
  const plan = labPlan({
    ...{ entries, choice: of, rights, now: io.now(), toolVersion: io.version },
    cluster: { ...facts, uid, nodes: nodes ?? 0 },
  });
  if (before !== null && JSON.stringify(before.makes) !== JSON.stringify(plan.makes))
    throw new CommandError(
      `this version makes something else than the plan of version ${before.tool.version}: nothing was made`,
      "Plan it again with --dry-run=server -o json.",
    );
  return { plan, facts, entries, choice: of };
}

function asked({ options, words }: Context): { adversaries: AdversaryId[]; choice: LabChoice } {
  const { adversaries, words: others } = readWords(words);
  const [word] = others;
  if (word !== undefined) throw new UsageError(`a lab is made of adversaries, and takes no "${word}"`);
  const { image, node } = options;
  const placement = options.placement ?? (image === null ? "driver" : "container");
  if (placement === "container" && image === null)
    throw new UsageError("--placement container needs --image with sh, sha256sum and kubectl");
  return {
    adversaries: adversaries.length === 0 ? [...ADVERSARIES] : adversaries,
    choice: { placement, image: image ?? DRIVER_IMAGE, node },
  };
}

async function readLabPlan({ options, words, io }: Context, file: string): Promise<LabPlan> {
  const { image, node, placement } = options;
  if (words.length > 0 || [image, node, placement].some((one) => one !== null))
    throw new UsageError("--plan brings the adversaries, the placement, the image and the node with it");
  const plan = parsePlan(await readPlanText(io, file));
  if (plan !== null && plan.adversaries.every((id) => ADVERSARIES.includes(id))) return plan;
  throw new CommandError(
    `${file} is no plan of a lab`,
    "Write one with: kubectl cronaudit replay --lab --context NAME --dry-run=server -o json > FILE",
  );
}

/** Throws CommandError that names each right that is missing. */
export function refuseWithoutRights({ rights }: LabPlan): void {
  const missing = missingRights(rights);
  if (missing.length === 0) return;
  throw new CommandError(
    `a lab needs rights in all namespaces that are missing here, so nothing was made:\n${missing.map((one) => `  ${one}`).join("\n")}`,
    "Ask for them, or act as somebody who has them with --as.",
  );
}

/**
 * Throws CommandError where the server cannot say all that it serves: its controller then ends no namespace (NamespaceDeletionDiscoveryFailure),
 * and the lab's would stay.
 */
export async function refuseUnseen(api: Pick<Writer, "discover">): Promise<void> {
  const { unseen } = await api.discover();
  if (unseen.length === 0) return;
  throw new CommandError(
    `the server does not answer for ${unseen.join(", ")}: it would not end the lab's namespaces, so nothing was made`,
    "Mend or delete the APIServices that are not available: kubectl get apiservices",
  );
}

/** Has the server say whether it would take the namespaces of the run; throws CommandError where it would not. */
export async function tryNamespaces(api: Writer, place: Place, { podSecurity }: LabEffects): Promise<void> {
  const namespaces = baseObjects(place, [], podSecurity).filter(({ kind }) => kind === "Namespace");
  for (const object of namespaces) {
    const name = nameOf(object);
    try {
      await api.create(collectionPath(name, null), labelled(object, place.run), true);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ApiError") throw error;
      throw new CommandError(`the server would not take ${inWordsOf(name)}, so nothing was made: ${error.message}`);
    }
  }
}

/** Prints a plan: whole as json or yaml, its objects as names, or a small table. */
export async function printPlan({ options, io }: Context, planned: LabPlanned): Promise<void> {
  const { plan } = planned;
  const sink = openSink(io.stdout);
  const { output } = options;
  if (output === "json") return sink.write(`${escapeInQuotes(JSON.stringify(plan, null, 4))}\n`);
  if (output === "yaml") return sink.write(escapeInQuotes((await import("yaml")).stringify(plan, { lineWidth: 0 })));
  const names = plan.makes.map(({ object: { kind, name } }) => `${kind.toLowerCase()}/${name}`);
  if (output === "name") return sink.write(names.map((name) => `${safe(name)}\n`).join(""));
  const { labLines } = await import("./replay-lab-ask.ts");
  const rows = [
    ...Map.groupBy(plan.makes, ({ adversary, twin }) => `${adversary ?? "all"}${twin === null ? "" : `, ${twin}`}`),
  ];
  const held = plan.rights.filter(({ allowed }) => allowed).length;
  const lines = [
    ...labLines(planned),
    ...rows.map(([of, all]) => `${of}: ${all.map(({ object: { kind, name } }) => `${kind}/${name}`).join(" ")}`),
    `Rights:    ${String(held)} of ${count(plan.rights.length, "right")} are there`,
  ];
  return sink.write(lines.map((line) => `${safe(line)}\n`).join(""));
}
