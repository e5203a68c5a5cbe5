import { recorded } from "../docs/sessions.ts";

/** One picture: the command line, and what is said of it to those who do not see it. */
export interface Shot {
  name: string;
  argv: string[];
  description: string;
}

const of = ["-f", recorded];

/** The pictures of the documentation, each of the recorded cluster. */
export const shots: readonly Shot[] = [
  {
    name: "triage",
    argv: of,
    description: "The triage of a cluster: what goes away soon, then fourteen findings, the worst first.",
  },
  {
    name: "exposure",
    argv: ["exposure", "job/reindex", "-n", "database", ...of],
    description: "One Job's two credentials: where each stands, since when, until when, who reads it, and the fix.",
  },
  {
    name: "timeline",
    argv: ["exposure", "-n", "database", "--timeline", "--class", "literal-env", ...of],
    description: "The windows in which six credentials could be read, as bars on a time axis.",
  },
  {
    name: "access",
    argv: ["access", "sa/deployer", "-n", "database", ...of],
    description: "How one ServiceAccount comes to read every Secret, as a tree of grants.",
  },
  {
    name: "replay",
    argv: ["replay", ...of],
    description: "Five adversaries, and on how many live workloads each would succeed.",
  },
  {
    name: "cleanup",
    argv: ["cleanup", "cronjob/backup", "-n", "database", "--older-than", "18d", "--yes-unseen", ...of],
    description: "A plan of a cleanup: what can go, what goes along, and what that ends.",
  },
];
