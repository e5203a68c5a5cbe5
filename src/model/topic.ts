/** What kind of thing `explain` explains. */
export type TopicKind = "class" | "edge" | "check" | "adversary" | "control" | "severity" | "rights";

/** One section of an explanation: a heading and its sentences, each a paragraph or a point of a list. */
export interface TopicSection {
  heading: string;
  lines: string[];
  /** True where the lines are a manifest, to be kept as they are. */
  verbatim?: true;
}

/**
 * What is known of one way a credential is exposed (class), one way to reach it (edge), one check, one adversary.
 * `explain`, completion, the generated pages and the rules of SARIF are read from the same object.
 */
export interface Topic {
  /** As reports print it and people type it: `literal-env`, `pods-exec`, `completed-pod`. Unique over all kinds. */
  id: string;
  kind: TopicKind;
  /** A few words, without a full stop. */
  title: string;
  /** One sentence for lists and completion. */
  summary: string;
  /** Why it matters. */
  why: string[];
  /** What ends or prevents it, most effective first. */
  fix: string[];
  /** Rights or evidence that the judgement needs. */
  needs: string[];
  /** Kubernetes files and documents that it rests on. */
  source: string;
  /** What else is to be known, in the order to be read. */
  more: TopicSection[];
  /** Ids of other topics. */
  related: string[];
}

/** What `explain -o json` prints. */
export interface ExplainReport {
  apiVersion: "cronaudit/v1";
  kind: "ExplainReport";
  items: Topic[];
}
