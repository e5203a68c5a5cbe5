import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { edges } from "../../src/rbac/edges/index.generated.ts";
import type { Request } from "../../src/rbac/rules.ts";
import type { Evidence } from "./read-case.ts";

/** A way that must be among a subject's; only what is given is compared. */
export interface WayWanted {
  /** Edges in order: `pods-create > secrets-get`. */
  by: string;
  effect?: string;
  opens?: string[];
  through?: string[];
  /** A part of the note. */
  note?: string;
}

/** What is asked of a case's cluster. Every other field is a truth about the one of these three that is given. */
export interface Question {
  /** `sa:NAMESPACE/NAME`, `user:NAME` or `group:NAME`. */
  who?: string;
  /** `NAMESPACE/NAME` of a Secret. */
  secret?: string;
  /** `NAMESPACE/NAME` of a pod. */
  pod?: string;

  /** Groups that come from `who`'s certificate, and that no object shows. */
  groups?: string[];
  /** Requests, as `kubectl auth can-i` takes them, with the API server's answer. */
  asks?: Record<string, "yes" | "no">;
  /** All Secrets that `who` reads in the end. */
  reads?: string[];
  /** What luck would add to them. */
  perhaps?: string[];
  ways?: WayWanted[];
  /** True: `ways` are all there are. */
  noOthers?: boolean;
  /** Edges that no way of `who` has. */
  never?: string[];
  /** Grants of `who` that give nothing now: all of them, each by a part of its reason. */
  dead?: { state: "ineffective" | "latent"; why: string }[];

  /** Everybody who reads `secret` in the end and is not built in. */
  readBy?: string[];

  /** Every class by which `pod` exposes a credential, with the end of its window; null: none as long as the pod is kept. */
  carries?: Record<string, string | null>;

  /** Where not cluster.yaml. */
  cluster: string;
  evidence: Evidence;
}

const EDGES: ReadonlySet<string> = new Set(edges.map(({ id }) => id));

const KNOWN = new Set(
  "who secret pod groups asks reads perhaps ways noOthers never dead readBy carries cluster version from".split(" "),
);

/** Truths about an account's line of the report, which is only judged where `reads` says what it ends in. */
const OF_THE_LINE = ["perhaps", "ways", "noOthers", "never", "dead"];

/** Reads questions.yaml. What would go unasked is an error: an unknown field or edge, a question without a truth. */
export function readQuestions(path: string): Question[] {
  const list = parse(readFileSync(path, "utf8")) as Record<string, unknown>[];
  return list.map((raw) => {
    const fields = Object.keys(raw);
    const unknown = fields.filter((key) => !KNOWN.has(key));
    if (unknown.length > 0) throw new Error(`${path}: ${unknown.join(", ")}`);
    if (!["asks", "reads", "readBy", "carries"].some((key) => key in raw)) throw new Error(`${path}: no truth`);
    if (!("reads" in raw) && OF_THE_LINE.some((key) => key in raw)) throw new Error(`${path}: reads is missing`);
    const { version = null, from = "cluster", cluster = "cluster.yaml", ...rest } = raw;
    const question = { ...rest, cluster, evidence: { version, from } } as Question;
    const named = [...(question.never ?? []), ...(question.ways ?? []).flatMap(({ by }) => by.split(" > "))];
    const invented = named.filter((edge) => !EDGES.has(edge));
    if (invented.length > 0) throw new Error(`${path}: no edge is called ${invented.join(", ")}`);
    return question;
  });
}

/** `get secrets db -n a`, `create pods/exec web-0 -n a`, `list secrets -A`, `patch jobs.batch nightly -n a`, `get /healthz`. */
export function requestFrom(text: string): Request {
  const [, verb = "", what = "", name = "", namespace = ""] =
    /^(\S+) (\S+?)(?: ([^\s-]\S*))?(?: -n (\S+)| -A)?$/.exec(text) ?? [];
  if (verb === "") throw new Error(`${text} is no request`);
  if (what.startsWith("/")) return { verb, path: what };
  const [path = "", subresource = ""] = what.split("/");
  const dot = path.indexOf(".");
  const resource = dot < 0 ? path : path.slice(0, dot);
  return { verb, group: dot < 0 ? "" : path.slice(dot + 1), resource, subresource, namespace, name };
}
