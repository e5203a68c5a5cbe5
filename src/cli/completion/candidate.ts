/** One way to go on with the word under the cursor. */
export interface Candidate {
  word: string;
  /** A few words for people; empty where the word says it. */
  description: string;
}

/** Names that only the cluster, a file, the kubeconfig or the program's own registries know. */
export type NameKind =
  | "context"
  | "cluster"
  | "user"
  | "namespace"
  | "node"
  | "secret"
  | "topic"
  | "adversary"
  | "CronJob"
  | "Job"
  | "Pod"
  | "ServiceAccount"
  | "User"
  | "Group";

/** Where names come from; the commands hand it in. What cannot be had in time is empty, never an error. */
export type Names = (kind: NameKind) => Promise<readonly Candidate[]>;

/** What a word may be: objects as `TYPE/NAME` or `TYPE NAME`, users and groups, a file, a name, or exactly this word. */
export type Expected = "objects" | "jobs" | "accounts" | "subjects" | "file" | "verb" | NameKind | Candidate;

/** The answer to one TAB. */
export interface Answer {
  candidates: readonly Candidate[];
  /** True where the shell may offer files. */
  files: boolean;
}

/** The answer where nothing is known. */
export const NOTHING: Answer = { candidates: [], files: false };

/** True where more of the same word has to follow, so that no space may. */
export function isOpen(word: string): boolean {
  return /[/:=]$/.test(word);
}
