import type { Topic, TopicKind, TopicSection } from "../../model/topic.ts";

/** The kinds in the order in which they are listed, with the heading of each list. */
export const KIND_TITLES: Readonly<Record<TopicKind, string>> = {
  class: "Classes: how a credential is exposed",
  check: "Checks: what else triage and stale find, and words that reports use",
  adversary: "Adversaries: what replay plays through",
  control: "Controls: what stops an adversary",
  severity: "Severities: how bad a finding is",
  rights: "Rights: what the commands need",
  edge: "Edges: ways to a credential, which access follows and readers are told by",
};

interface Headings {
  why: string;
  fix: string;
  needs: string;
}

const FINDING: Headings = {
  why: "Why it matters",
  fix: "What ends or prevents it",
  needs: "What is needed to see it",
};

const HEADINGS: Readonly<Record<TopicKind, Headings>> = {
  class: FINDING,
  check: { ...FINDING, fix: "What to do" },
  edge: { ...FINDING, needs: "What it takes" },
  adversary: { ...FINDING, needs: "What it is judged from" },
  control: { why: "What it does", fix: "How to bring it about", needs: "What it is judged from" },
  severity: { why: "What gets it", fix: "What to do", needs: "What it is judged from" },
  rights: { why: "What it is for", fix: "How to get it", needs: "Rights" },
};

/** Of a finding one wants to know first what to do; of a role, how to get it. */
const ENDS_FIRST: ReadonlySet<TopicKind> = new Set(["class", "check", "rights"]);

/**
 * A topic as it is read, in its order. What `explain` prints and what the generated pages hold is made of these, so that
 * neither says what the other does not.
 */
export function sectionsOf({ kind, why, fix, needs, source, more, related }: Topic): TopicSection[] {
  const headings = HEADINGS[kind];
  const [reason, end, need] = [
    { heading: headings.why, lines: why },
    { heading: headings.fix, lines: fix },
    { heading: headings.needs, lines: needs },
  ];
  const sections: TopicSection[] = [
    reason,
    ...(kind === "edge" ? [need, ...more, end] : ENDS_FIRST.has(kind) ? [end, need, ...more] : [...more, end, need]),
    { heading: "Source", lines: [source] },
    { heading: SEE_ALSO, lines: related.length === 0 ? [] : [related.join(", ")] },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** The heading of the ids of other topics. */
export const SEE_ALSO = "See also";

/** The topics by kind, in the order of KIND_TITLES; kinds without one are left out. */
export function byKind(topics: readonly Topic[]): { title: string; topics: Topic[] }[] {
  return (Object.keys(KIND_TITLES) as TopicKind[])
    .map((kind) => ({ title: KIND_TITLES[kind], topics: topics.filter((topic) => topic.kind === kind) }))
    .filter(({ topics: found }) => found.length > 0);
}
