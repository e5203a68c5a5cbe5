import type { Report } from "../../model/report.ts";
import type { RenderOptions } from "../format.ts";
import { nothingFound } from "../header.ts";
import type { ViewOptions } from "../view.ts";
import { accessPage } from "./access.ts";
import { pageEnd, pageStart } from "./document.ts";
import { exposurePage } from "./exposure.ts";
import { markup, type Html } from "./markup.ts";
import { plainPage } from "./plain.ts";
import { replayPage } from "./replay.ts";
import { Terms } from "./terms.ts";
import { triagePage } from "./triage.ts";
import { pageHead, truthSection } from "./truth.ts";

/** A report as one page that needs nothing besides itself, piece by piece. */
export function* page(report: Report, options: RenderOptions): Generator<string> {
  for (const piece of pieces(report, options)) yield piece.text;
}

function* pieces(report: Report, options: RenderOptions): Generator<Html> {
  const terms = new Terms(options.topic ?? (() => null), options.program);
  yield pageStart(report);
  yield pageHead(report);
  yield markup`<main id="main" tabindex="-1">
`;
  yield truthSection(report, options.seeMore ?? null, options.program);
  if (report.items.length === 0) {
    yield markup`<section aria-labelledby="none"><h2 id="none">What was found</h2><p>${nothingFound(report)}</p></section>
`;
  }
  yield* content(report, { ...options, wide: true, color: false, headers: true }, terms);
  if (!terms.isEmpty) {
    yield markup`<section aria-labelledby="terms"><h2 id="terms">What the terms mean</h2>
`;
    yield* terms.explained();
    yield markup`</section>
`;
  }
  yield markup`</main>
<footer><p>Made by <code>${options.program}</code> ${report.metadata.tool.version}. This page loads nothing and sends nothing. It names objects and accounts of the cluster, and no value of a credential.</p></footer>
`;
  yield pageEnd();
}

function content(report: Report, options: ViewOptions, terms: Terms): Iterable<Html> {
  switch (report.kind) {
    case "ExposureReport":
      return exposurePage(report, options, terms);
    case "TriageReport":
      return triagePage(report, options);
    case "AccessReport":
      return accessPage(report, options, terms);
    case "ReplayReport":
      return replayPage(report, options, terms);
    case "CarrierReport":
    case "ReaderReport":
    case "StaleReport":
    case "CleanupPlan":
    case "CleanupResult":
    case "HoldReport":
      return plainPage(report, options);
  }
}
