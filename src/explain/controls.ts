import type { ControlId } from "../model/replay-report.ts";
import type { Topic } from "../model/topic.ts";
import { CONTROLS } from "../scenarios/controls.ts";
import { scenarios } from "../scenarios/index.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { CONTROL_TEXTS } from "./control-texts.ts";
import { firstClause, sentence } from "./words.ts";

const all: readonly Scenario[] = scenarios;

/** One topic for each control that blocks an adversary, or would. */
export function controlTopics(): Topic[] {
  return (Object.keys(CONTROLS) as ControlId[]).map((id) => {
    const { title, why, fix, needs = [], source, related } = CONTROL_TEXTS[id];
    const whole = sentence(CONTROLS[id]);
    const summary = sentence(firstClause(CONTROLS[id], 98));
    const blocks = all.filter(({ controls }) => controls.includes(id));
    return {
      id,
      kind: "control",
      title,
      summary,
      why: summary === whole ? [...why] : [whole, ...why],
      fix: [...fix],
      needs: ["`list` on cronjobs, jobs and pods", ...needs],
      source,
      more: [
        {
          heading: "Stops",
          lines: blocks.map(({ number, id: adversary }) => `Adversary ${String(number)}, ${adversary}.`),
        },
      ],
      related: [...blocks.map(({ id: adversary }) => adversary), ...related],
    };
  });
}
