import type { Control, ReplayItem, ReplayReport, ReplayStep, Severity, WorkloadReplay } from "../../model/report.ts";
import { count, grouped } from "../text.ts";
import type { ViewOptions } from "../view.ts";
import { objectWithNamespace, subjectTitle } from "../views/names.ts";
import { howText, whatText } from "../views/replay-details.ts";
import { factLines } from "../views/replay-facts.ts";
import { labLines, labNotRun } from "../views/replay-lab.ts";
import { outcomeText, tally } from "../views/replay-outcome.ts";
import { findings, type Finding } from "./findings.ts";
import { markup, type Html, type Part } from "./markup.ts";
import { atLeast, command, fact, firstOf } from "./pieces.ts";
import { around } from "./plain.ts";
import { figures } from "./summary.ts";
import type { Terms } from "./terms.ts";

/** So many workloads of one adversary are told in full. */
const WORKLOADS = 40;

const colours: Record<string, Severity> = { succeeds: "high", inconclusive: "medium", blocked: "low" };

/** How each adversary fares on each workload, step by step, and what stops or would stop it. */
export function* replayPage(report: ReplayReport, options: ViewOptions, terms: Terms): Generator<Html> {
  const { summary, complete } = report;
  const { byOutcome, workloads } = summary;
  yield figures(
    [
      { title: "Workloads", value: atLeast(workloads, complete), remark: null },
      { title: "Attacks that succeed", value: atLeast(byOutcome.succeeds, complete), remark: null },
      { title: "Inconclusive", value: grouped(byOutcome.inconclusive), remark: "evidence is missing" },
      {
        title: "Blocked",
        value: atLeast(byOutcome.blocked, complete),
        remark: `not applicable: ${grouped(byOutcome["not-applicable"])}`,
      },
    ],
    grounds(summary),
  );
  yield* findings(report.items, (item) => findingOf(item, report, options, terms), {
    title: "Adversaries",
    // There are as many as this program knows, whatever was seen.
    complete: true,
    layout: "of-adversaries",
    name: 0,
    columns: ["Adversary", "Outcome", "Workloads"],
    note: null,
    sorts: [],
  });
  yield* around("In the lab", [...labLines(report, true), ...labNotRun(report, options)], options);
}

/** Whose rights it starts from, where somebody's were given, and what the API server said of its steps, where it was asked. */
function grounds({ from, verified }: ReplayReport["summary"]): string[] {
  const lines = from.length === 0 ? [] : [`From the position of ${from.map(subjectTitle).join(" with ")}.`];
  if (verified === null) return lines;
  const { confirmed, refuted, unknown } = verified;
  const asked = `The API server confirms ${count(confirmed, "step")} that it was asked about`;
  return [...lines, `${asked}, contradicts ${grouped(refuted)}, and leaves ${grouped(unknown)} open.`];
}

function findingOf(item: ReplayItem, report: ReplayReport, options: ViewOptions, terms: Terms): Finding {
  const { live } = item;
  const severity = live === null ? null : (colours[live.outcome] ?? null);
  const about = { now: report.metadata.takenAt, options, terms };
  return {
    severity,
    sort: {},
    cells: [
      markup`<h3 class="name">${item.number} ${item.name}</h3>`,
      live === null ? "-" : markup`<span class="level ${severity ?? "info"}">${outcomeText(live)}</span>`,
      live === null ? "-" : tally(live.byOutcome),
    ],
    inside: () => {
      const concerned = (live?.workloads ?? []).filter(({ outcome }) => outcome !== "not-applicable");
      return markup`<dl class="facts">
          ${fact("Adversary", terms.link(item.id))}${fact("ATT&CK", item.attack.join(", "))}${fact("Threat matrix", item.matrix.join(", "))}
        </dl>
        ${concerned.slice(0, WORKLOADS).map((one) => workloadPart(one, about))}${concerned.length > WORKLOADS ? markup`<p class="bounded">${WORKLOADS} of ${grouped(concerned.length)} workloads are told; -o json has all.</p>` : null}`;
    },
  };
}

interface About {
  now: string;
  options: ViewOptions;
  terms: Terms;
}

function workloadPart(replay: WorkloadReplay, about: About): Html {
  const lines = factLines(replay.facts, about).map((line) => (typeof line === "string" ? ["", line] : line));
  return markup`<details class="alike workload">
    <summary>
      <b class="name">${objectWithNamespace(replay.workload)}</b>
      <span class="level ${colours[replay.outcome] ?? "info"}">${outcomeText(replay)}</span>
    </summary>
    <ol class="steps">
      ${replay.path.map(stepPart)}
    </ol>
    <dl class="facts">
      ${lines.map(
        ([label = "", text = ""]) =>
          markup`<div>
            <dt>${label}</dt>
            <dd>${text}</dd>
          </div>`,
      )}${fact("Missing", replay.missing.join("; "))}
    </dl>
    ${controls("Blocked by", replay.blockedBy, about)}${controls("Would block it", replay.wouldBlock, about)}
  </details> `;
}

function stepPart({ actor, act, yields, allowed, verified }: ReplayStep): Html {
  const rbac =
    allowed === null ? null : markup`<span class="why">RBAC ${allowed ? "allows it" : "does not allow it"}</span>`;
  const server =
    verified === null ? null : markup`<span class="why">the server ${verified ? "allows" : "refuses"} it</span>`;
  return markup`<li>
    <b>${actor}</b>:
    <span class="path">${act}</span>${yields === "" ? null : markup`<span class="why">yields ${yields}</span>`}${rbac}${server}
  </li>`;
}

function controls(title: string, all: readonly Control[], { options, terms }: About): Part {
  if (all.length === 0) return null;
  return markup`<h4>${title}</h4>
    <ul>
      ${firstOf(all, WORKLOADS, ({ id, what, how }) => markup`<li>${terms.link(id)}: ${whatText(what, options)}${how === null ? null : command(howText(how, options))}</li>`)}
    </ul>`;
}
