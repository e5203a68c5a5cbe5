import type { ObjectRef } from "../../model/object.ts";
import type { Report, SubjectRef } from "../../model/report.ts";
import type { Format } from "../format.ts";
import { safe } from "../text.ts";

const groups: Record<string, string> = { CronJob: ".batch", Job: ".batch" };

/** `job.batch/x`, `pod/x`: what `kubectl get -o name` prints. */
export function resourceName({ kind, name }: Pick<ObjectRef, "kind" | "name">): string {
  return `${kind.toLowerCase()}${groups[kind] ?? ""}/${name}`;
}

/** `serviceaccount/x`, `user:x` or `group:x`: a subject as it can be typed. */
export function subjectName({ kind, name }: Pick<SubjectRef, "kind" | "name">): string {
  return kind === "ServiceAccount" ? `serviceaccount/${name}` : `${kind.toLowerCase()}:${name}`;
}

/** The objects that a report is about, one a line. */
export const name: Format = {
  name: "name",
  help: "TYPE/NAME, one a line",
  async write(report, sink) {
    const seen = new Set<string>();
    for (const [key, text] of names(report)) {
      if (seen.has(key)) continue;
      seen.add(key);
      await sink.write(`${safe(text)}\n`);
    }
  },
};

/** Pairs of a key that tells objects of different namespaces apart and the text to print. */
function* names(report: Report): Generator<[string, string]> {
  const object = (ref: ObjectRef): [string, string] => [
    `${ref.namespace ?? ""}/${resourceName(ref)}`,
    resourceName(ref),
  ];
  switch (report.kind) {
    case "TriageReport":
      for (const item of report.items) yield* item.objects.map(object);
      return;
    case "ExposureReport":
      for (const item of report.items) yield* item.carriers.map((carrier) => object(carrier.object));
      return;
    case "CarrierReport":
    case "StaleReport":
    case "HoldReport":
    case "CleanupResult":
      for (const item of report.items) yield object(item.object);
      return;
    case "CleanupPlan":
      for (const item of report.items) if (item.decision === "delete") yield object(item.object);
      return;
    case "ReplayReport":
      for (const { live } of report.items) {
        for (const { workload, outcome } of live?.workloads ?? []) if (outcome === "succeeds") yield object(workload);
      }
      return;
    case "ReaderReport":
    case "AccessReport":
      for (const { subject } of report.items)
        yield [`${subject.namespace ?? ""}/${subjectName(subject)}`, subjectName(subject)];
  }
}
