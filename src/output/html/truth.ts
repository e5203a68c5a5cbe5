import type { Report } from "../../model/report.ts";
import { utc } from "../age.ts";
import { asCalled } from "../as-called.ts";
import { blindSpotLines, scopeText } from "../header.ts";
import { markup, type Html, type Part } from "./markup.ts";
import { fact } from "./pieces.ts";

const titles: Record<Report["kind"], string> = {
  TriageReport: "Credential triage",
  ExposureReport: "Credential exposure",
  CarrierReport: "Credential exposure by object",
  ReaderReport: "Credential exposure by reader",
  StaleReport: "Jobs and pods that linger",
  AccessReport: "Secret access of workloads",
  ReplayReport: "Adversaries, replayed",
  CleanupPlan: "Plan of a cleanup",
  CleanupResult: "What a cleanup did",
  HoldReport: "Evidence on hold",
};

/** What the report is, as a heading says it. */
export function titleOf({ kind }: Pick<Report, "kind">): string {
  return titles[kind];
}

/** Which cluster, which part of it, seen by whom, when and with what. */
export function pageHead(report: Report): Html {
  const { cluster, scope, user, takenAt, tool } = report.metadata;
  const whole = report.complete
    ? markup`<span class="state complete">complete</span>`
    : markup`<span class="state incomplete">incomplete</span>`;
  return markup`<header>
    <div class="bar-of-title">
      <h1>${titleOf(report)}</h1>
      ${whole}
    </div>
    <dl class="about">
      ${fact("Cluster", markup`<span class="server">${cluster.server}</span>`)}${fact("Kubernetes", cluster.version ?? "unknown")}${fact("Scope", scopeText(scope.namespaces))}${fact("Seen as", user ?? "unknown")}${fact("Taken", markup`<time datetime="${takenAt}">${utc(takenAt)}</time>`)}${fact("By", `cronaudit ${tool.version}`)}
    </dl>
  </header> `;
}

/** What could not be seen, before anything that was; `more` says how to see it. */
export function truthSection(report: Report, more: string | null, program: string): Html {
  const unseen = blindSpotLines(report.blindSpots, "").slice(0, -1);
  const verdict = report.complete
    ? unseen.length === 0
      ? "Everything that this report is judged from was seen."
      : "What was not seen blinds nothing that was asked."
    : "Incomplete: what follows is a lower bound wherever it rests on what was not seen.";
  return markup`<section class="truth${report.complete ? "" : " incomplete"}" aria-labelledby="truth">
    <h2 id="truth">What could not be seen</h2>
    <p class="verdict">${verdict}</p>
    ${list(unseen.map(spotLine))}${more === null || unseen.length === 0 ? null : markup`<p class="more">${more.replace(/^Next: /, "To see it: ")}</p>`}${notesOf(report.notes.map((note) => asCalled(note, program)))}
  </section> `;
}

function spotLine(line: string): Part {
  const [what = "", uncertain] = line.replace(/^Not seen: /, "").split("; uncertain: ");
  return uncertain === undefined
    ? markup`<b>${what}</b>`
    : markup`<b>${what}</b> <span class="quiet">uncertain: ${uncertain}</span>`;
}

function list(lines: readonly Part[]): Part {
  return lines.length === 0
    ? null
    : markup`<ul class="unseen-kinds">
        ${lines.map((line) => markup`<li>${line}</li>`)}
      </ul>`;
}

function notesOf(notes: readonly string[]): Part {
  if (notes.length === 0) return null;
  return markup`<h3>Notes</h3>
    <ul class="notes">
      ${notes.map((note) => markup`<li>${note}</li>`)}
    </ul>`;
}
