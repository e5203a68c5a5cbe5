import { integerAt, stringAt, stringsAt, valueAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";
import { lastWordsOf, reportLines, statusBehind } from "../lab/container-report.ts";
import type { Stage, Twin } from "../lab/stage.ts";
import { pathsOf } from "./account-names.ts";
import type { AccountAnswers, AskedAnswer } from "./account-judgement.ts";

/** What the workload's own process said of its requests, recorded as its steps. */
export function reported(stage: Stage, twin: Twin, pod: Json): AccountAnswers | { missing: string } {
  const words = lastWordsOf(pod);
  const lines = reportLines(words?.message ?? "");
  if (lines.some((line) => valueAt(line, "token") === false)) return { token: false, answers: [] };
  const answers: AskedAnswer[] = [];
  for (const [asked, path] of pathsOf(stage.place, twin)) {
    const line = lines.find((one) => stringAt(one, "asked") === asked);
    if (line === undefined) {
      return {
        missing: `the process did not tell of all its requests: exit code ${String(words?.exitCode ?? "unknown")}`,
      };
    }
    const exit = integerAt(line, "exit");
    const status = statusBehind(exit, stringAt(line, "reason") ?? "");
    const said = stringAt(line, "reason") ?? `exit code ${String(exit)}`;
    const hasCanary = stringsAt(line, "fingerprints").includes(twin.canary.fingerprint);
    answers.push({
      asked,
      status,
      reason: status === 200 ? null : said,
      named: valueAt(line, "named") === true,
      hasCanary,
    });
    stage.record({
      as: `system:serviceaccount:${stage.place.namespace}:${twin.name}`,
      by: "container",
      act: `GET ${path}`,
      auditId: null,
      status,
      reason: status === 200 ? null : said,
      shows: status === 200 ? told(line, twin, hasCanary) : "refused",
    });
  }
  return { token: true, answers };
}

function told(line: Json, { canary }: Twin, hasCanary: boolean): string {
  const count = `${String(integerAt(line, "count") ?? 0)} values`;
  return hasCanary ? `${count}, the canary ${canary.fingerprint} among them` : `${count}, without the canary`;
}
