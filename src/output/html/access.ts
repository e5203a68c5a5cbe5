import type { AccessItem, AccessReport } from "../../model/report.ts";
import { grouped } from "../text.ts";
import type { ViewOptions } from "../view.ts";
import { objectWithNamespace, subjectTitle } from "../views/names.ts";
import { boundedReach, chainText, isNothing, knownReach, reachText, wayText } from "../views/reach.ts";
import { findings, type Finding } from "./findings.ts";
import { markup, type Html, type Part } from "./markup.ts";
import { atLeast, command, fact, firstOf, moment, plainWord, scrolling, table } from "./pieces.ts";
import { accessTo } from "./readers.ts";
import { figures } from "./summary.ts";
import type { Terms } from "./terms.ts";

/** So many ways of one subject, and objects that run as it, are listed. */
const WAYS = 60;
const USERS = 40;

/** Who reaches which Secrets, and by which chain of grants. */
export function* accessPage(report: AccessReport, options: ViewOptions, terms: Terms): Generator<Html> {
  const { summary, complete } = report;
  const { secret, verified } = summary;
  yield figures(
    [
      {
        title: secret === null ? "Subjects" : `Who reaches ${secret.namespace}/${secret.name}`,
        value: atLeast(summary.subjects, complete),
        remark: summary.folded === 0 ? null : `and ${grouped(summary.folded)} of Kubernetes itself (--all-readers)`,
      },
      { title: "Read every Secret", value: atLeast(summary.readEverySecret, complete), remark: null },
      { title: "Read all of a namespace", value: atLeast(summary.readWholeNamespaces, complete), remark: null },
      { title: "May read more than was seen", value: grouped(summary.reachIsBound), remark: null },
    ],
    verified === null
      ? []
      : [
          `The API server confirms ${grouped(verified.confirmed)} grants, refutes ${grouped(verified.refuted)}, and leaves ${grouped(verified.unknown)} without an answer.`,
        ],
  );
  yield* findings(report.items, (item) => findingOf(item, report, options, terms), {
    title: "Subjects",
    complete,
    layout: "of-subjects",
    name: 0,
    columns: ["Subject", "Reads", "Directly", "Ways"],
    note: null,
    sorts: [["ways", "most ways"]],
  });
}

function findingOf(item: AccessItem, report: AccessReport, options: ViewOptions, terms: Terms): Finding {
  const now = report.metadata.takenAt;
  const { ways, ineffective, usedBy, maybe } = item;
  return {
    severity: null,
    sort: { ways: -ways.length },
    cells: [
      markup`<h3 class="name">${subjectTitle(item.subject)}</h3>`,
      plainWord(knownReach(item)),
      directly(item),
      atLeast(ways.length, !item.reachIsBound),
    ],
    inside: () =>
      markup`<dl class="facts">
          ${fact("Reads", plainWord(knownReach(item)))}${fact("Maybe besides", isNothing(maybe) ? null : reachText(maybe))}${fact(
            "Runs as it",
            usedBy.length === 0
              ? "nothing that was seen"
              : markup`<ul>
                  ${firstOf(usedBy, USERS, (one) => markup`<li>${objectWithNamespace(one)}</li>`)}
                </ul>`,
          )}
        </dl>
        ${waysPart(item, now, terms)}${ineffectivePart(ineffective)}
        <div class="next">
          <h4>The same in a terminal</h4>
          ${command(options.command(accessTo(item.subject)))}
        </div>`,
  };
}

/** What it reads by its own rights; where a grant may not have been seen, `at least`, and never `no Secret`. */
function directly({ direct, reach, reachIsBound }: AccessItem): string {
  if (JSON.stringify(direct) === JSON.stringify(reach)) return "the same";
  return plainWord(boundedReach(direct, { reachIsBound }));
}

/** Ways as a table: what each does, by which edges, along which chain, since when. */
function waysPart({ ways, reachIsBound }: AccessItem, now: string, terms: Terms): Part {
  if (ways.length === 0) {
    return markup`<p>No way to a Secret was found${reachIsBound ? " among what could be seen" : ""}.</p>`;
  }
  const rows = ways.slice(0, WAYS).map((way): Part => {
    const edges = way.edges.map((id, at) => markup`${at === 0 ? null : " → "}${terms.link(id)}`);
    const since =
      way.provedSince === null
        ? markup`<span class="quiet">nothing dates it</span>`
        : markup`${moment(way.provedSince, now)} or earlier`;
    return markup`<tr>
      <td>${wayText(way)}${way.note === null ? null : markup`<span class="why">${way.note}</span>`}</td>
      <td data-label="By">${edges}</td>
      <td data-label="Chain of grants"><span class="path">${chainText(way.chain)}</span></td>
      <td data-label="Granted">${since}</td>
      <td data-label="Server">${serverWord(way.verified)}</td>
    </tr> `;
  });
  return markup`<h4>Ways <span class="quiet">${atLeast(ways.length, !reachIsBound)}</span></h4>
    ${scrolling("Ways", table("ways", ["What it does", "By", "Chain of grants", "Granted", "Server"], rows))}${ways.length > WAYS ? markup`<p class="bounded">The first ${WAYS} of ${grouped(ways.length)} are listed; -o json has all.</p>` : null} `;
}

function serverWord(verified: boolean | null): Part {
  if (verified === null) return markup`<span class="quiet">not asked</span>`;
  return verified ? "confirms it" : markup`<b>refutes it</b>`;
}

function ineffectivePart(all: AccessItem["ineffective"]): Part {
  if (all.length === 0) return null;
  return markup`<h4>Grants that do nothing now</h4>
    <ul>
      ${firstOf(all, WAYS, ({ state, chain, why }) => markup`<li><b>${state}</b> <span class="path">${chainText(chain)}</span>: ${why}</li>`)}
    </ul> `;
}
