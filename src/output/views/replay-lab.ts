import type { LabPair, LabRun, LabStep, LabTwin, LabVariant, ReplayReport } from "../../model/report.ts";
import { utc } from "../age.ts";
import { count } from "../text.ts";
import type { ViewOptions } from "../view.ts";
import { objectWithNamespace } from "./names.ts";

/** That no lab was run, and how to run one: always with the context named, which may be another cluster's. */
export function labNotRun({ summary }: ReplayReport, { program }: ViewOptions): string[] {
  return summary.lab === null ? [`Lab: not run. ${program} replay --lab --context NAME`] : [];
}

/** What a lab run proves, where it differs from the threat model, and what it left behind; with all steps where `detailed`. */
export function labLines({ items, summary }: ReplayReport, detailed: boolean): string[] {
  const pairs = items.flatMap(({ number, name, lab }) =>
    lab === null ? [] : [{ title: `${String(number)}  ${name}`, lab }],
  );
  if (pairs.length === 0) return [];
  return [
    ...(detailed ? pairs.flatMap(({ title, lab }) => ["", `${title}, in the lab`, ...pairLines(lab)]) : []),
    "",
    ...pairs.filter(({ lab }) => !lab.proof).map(({ title, lab }) => `No proof for ${title}: ${lab.because}`),
    `${String(pairs.filter(({ lab }) => lab.proof).length)} of ${count(pairs.length, "pair")} ${pairs.length === 1 ? "is" : "are"} proof: the default form fell, the hardened one was blocked as predicted.`,
    ...(summary.lab === null ? [] : runLines(summary.lab)),
  ];
}

function pairLines({ default: open, hardened, variants }: LabPair): string[] {
  return [
    ...twinLines("default", open),
    ...twinLines("hardened", hardened),
    ...variants.flatMap((variant) => twinLines(variantTitle(variant), variant)),
  ];
}

function variantTitle({ what, predicted, outcome }: LabVariant): string {
  return outcome === predicted ? `variant, ${what}` : `variant, ${what} (predicted: ${predicted})`;
}

function twinLines(title: string, { outcome, because, steps }: LabTwin): string[] {
  return [`  ${title}: ${outcome.replace("-", " ")}: ${because}`, ...steps.map((step) => `    ${stepLine(step)}`)];
}

/** `2026-11-27 02:00:01 UTC  system:serviceaccount:x:y  GET /api/… → 403 Forbidden: …  (audit cronaudit-r1-3)`. */
function stepLine({ at, as, by, act, status, reason, shows, auditId }: LabStep): string {
  const who = as === null ? by : `${as} (${by})`;
  const answer = status === null ? "" : ` → ${[String(status), ...(reason === null ? [] : [reason])].join(" ")}`;
  return `${utc(at)}  ${who}: ${act}${answer}: ${shows}${auditId === null ? "" : `  [${auditId}]`}`;
}

function runLines({ run, placement, image, node, differs, journal, remains, namespaces }: LabRun): string[] {
  const where = node === null ? "" : ` on node ${node}`;
  const by =
    placement === "container"
      ? "each run's own process acted in its container"
      : "the driver acted for each run with the token that is bound to its pod, and no process of the run";
  return [
    `Lab ${run} in ${namespaces.join(", ")}, image ${image}${where}: ${by}.`,
    ...differs.map((one) => `Differs from the threat model: ${one}.`),
    ...(journal === null ? [] : [`Journal: ${journal}`]),
    ...remainsLines(remains),
  ];
}

function remainsLines(remains: LabRun["remains"]): string[] {
  if (remains === null) return ["Whether anything of it remains could not be told."];
  if (remains.length === 0) return ["Nothing of it remains."];
  return [
    `${count(remains.length, "object")} of it ${remains.length === 1 ? "remains" : "remain"}:`,
    ...remains.map((one) => `  ${objectWithNamespace(one)}`),
  ];
}
