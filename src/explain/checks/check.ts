import type { TopicSection } from "../../model/topic.ts";

/** What the triage and `stale` find besides credentials, or a word that reports use, and what is said about it. */
export interface Check {
  id: string;
  title: string;
  /** One sentence of at most 100 characters, for lists. */
  summary: string;
  why: readonly string[];
  fix: readonly string[];
  needs: readonly string[];
  source: string;
  more?: readonly TopicSection[];
  related: readonly string[];
  /** Ids of lines of the triage, and values in reports, that it stands for; a last `/` stands for whatever follows. */
  lines?: readonly string[];
}

/** What `stale` is judged from. */
export const OF_RUNS = ["`list` on cronjobs, jobs and pods; on nodes, for pods whose node is gone"];
