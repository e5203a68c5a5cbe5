import { cleanup } from "./cleanup-flags.ts";
import { completion } from "./completion/flags.ts";
import { hold } from "./hold-flags.ts";
import { lab } from "./lab-flags.ts";
import { replay } from "./replay-flags.ts";
import { exposure } from "./exposure-flags.ts";
import type { Severity } from "../model/report.ts";

/** How one flag is spelled, what it takes and what it means; help, documentation and the parser all read it. */
export interface Flag {
  readonly short?: string;
  readonly type: "string" | "boolean" | "number" | "list";
  /** What stands for the value in help, `NAMESPACE`. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Choices of which some have a part of their own, `ttl=DURATION`. */
  readonly forms?: readonly string[];
  /** Choices that not every command with the flag takes, with those that do. */
  readonly choicesOf?: Readonly<Record<string, readonly string[]>>;
  readonly default?: string | number;
  readonly help: string;
}

const severities = ["critical", "high", "medium", "low", "info"] as const satisfies readonly Severity[];

const connection = {
  kubeconfig: { type: "string", value: "FILE", help: "kubeconfig to use instead of KUBECONFIG and ~/.kube/config" },
  context: { type: "string", value: "NAME", help: "context of the kubeconfig" },
  cluster: { type: "string", value: "NAME", help: "cluster of the kubeconfig" },
  user: { type: "string", value: "NAME", help: "user of the kubeconfig" },
  server: { short: "s", type: "string", value: "URL", help: "address and port of the API server" },
  token: {
    type: "string",
    value: "TOKEN",
    help: "bearer token for the API server; other users of the machine can see it in the process list",
  },
  as: {
    type: "string",
    value: "USER",
    help: "user to impersonate; a ServiceAccount is system:serviceaccount:NAMESPACE:NAME",
  },
  "as-group": { type: "list", value: "GROUP", help: "group to impersonate; may be repeated" },
  "as-uid": { type: "string", value: "UID", help: "uid to impersonate" },
  "certificate-authority": {
    type: "string",
    value: "FILE",
    help: "certificate of the authority that signed the API server's",
  },
  "insecure-skip-tls-verify": {
    type: "boolean",
    help: "accept any certificate of the API server; whoever is in between reads along",
  },
  "tls-server-name": { type: "string", value: "NAME", help: "name that the API server's certificate must carry" },
  "request-timeout": {
    type: "string",
    value: "DURATION",
    default: "30s",
    help: "longest time for one request, as 30, 30s or 2m; 0 waits for ever",
  },
  v: {
    short: "v",
    type: "number",
    value: "LEVEL",
    default: 0,
    help: "log requests to standard error: 6 names them, 7 and 8 add headers, credentials masked",
  },
} as const satisfies Record<string, Flag>;

const scope = {
  namespace: {
    short: "n",
    type: "string",
    value: "NAMESPACE",
    help: "only this namespace; without it the whole cluster",
  },
  "all-namespaces": {
    short: "A",
    type: "boolean",
    help: "the whole cluster, also if --namespace is given; this is the default",
  },
  selector: {
    short: "l",
    type: "string",
    value: "SELECTOR",
    help: "only objects with these labels: app=web,tier!=test,env in (a,b),!legacy",
  },
  "field-selector": {
    type: "string",
    value: "SELECTOR",
    help: "only objects with these fields: metadata.name, metadata.namespace, status.phase, spec.nodeName, spec.serviceAccountName",
  },
} as const satisfies Record<string, Flag>;

const evidence = {
  filename: {
    short: "f",
    type: "string",
    value: "FILE",
    help: "read a snapshot, or what `kubectl get -o json|yaml` printed, instead of the cluster; - is standard input",
  },
  "list-secrets": {
    type: "boolean",
    help: "also list Secrets, as metadata; listing Secrets is what an intruder does and may set off alarms",
  },
  "compare-secrets": {
    type: "boolean",
    help: "also read Secrets, and say where one of their values stands; needs list secrets, by which the API server sends the values to this machine and audit logs record it; they are hashed and dropped",
  },
  "scan-logs": {
    type: "boolean",
    help: "also read container logs of batch pods, newest runs first, within bounds that it names; may set off alarms",
  },
  rules: {
    type: "string",
    value: "FILE",
    help: "file with your own rules: which names and patterns are credentials here, and what is none (docs/rules.md)",
  },
  "fingerprint-key": {
    type: "string",
    value: "FILE",
    help: "file with the key for fingerprints, so that two runs can be compared; without it each run has its own",
  },
  "chunk-size": {
    type: "number",
    value: "N",
    default: 500,
    help: "objects per page of a list; 0 asks for all at once",
  },
} as const satisfies Record<string, Flag>;

const output = {
  output: { short: "o", type: "string", value: "FORMAT", default: "table", help: "format of the report" },
  "no-headers": { type: "boolean", help: "leave out the header line of a table" },
  "sort-by": {
    type: "string",
    value: "PATH",
    help: "sort the items by this field, as in -o json: .opens or {.atRestHours.soFar}",
  },
  color: {
    type: "string",
    value: "WHEN",
    choices: ["auto", "always", "never"],
    default: "auto",
    help: "colour severities",
  },
  "no-input": { type: "boolean", help: "never ask anything, in a terminal either" },
  help: { short: "h", type: "boolean", help: "print this help" },
} as const satisfies Record<string, Flag>;

const finding = {
  "fail-on": {
    type: "string",
    value: "SEVERITY",
    choices: severities,
    help: "end with status 1 if something is found of this severity or above",
  },
  all: { type: "boolean", help: "also show what only might be a credential" },
  "all-readers": { type: "boolean", help: "also show the readers that Kubernetes itself brings" },
} as const satisfies Record<string, Flag>;

const reach = {
  secret: {
    type: "string",
    value: "NS/NAME",
    help: "who reaches this Secret, and how; with -n its name alone will do",
  },
  "all-subjects": {
    type: "boolean",
    help: "everybody whom bindings name, every ServiceAccount and every node, instead of the accounts of workloads",
  },
  direct: { type: "boolean", help: "direct reads alone, without escalation" },
  "max-hops": { type: "number", value: "N", help: "follow at most so many acts as somebody else; default all" },
  verify: { type: "boolean", help: "have the API server confirm each direct grant, by SubjectAccessReview" },
} as const satisfies Record<string, Flag>;

const capture = {
  plain: { type: "boolean", help: "write text, not gzip, to standard output" },
  force: { type: "boolean", help: "replace FILE if it exists" },
} as const satisfies Record<string, Flag>;

const bundle = {
  logs: { type: "boolean", help: "keep the logs of the pods as well, within bounds, recognised credentials masked" },
  "with-values": {
    type: "boolean",
    help: "keep what is masked as well, encrypted by age; with --recipient, --passphrase-file, or a passphrase typed in a terminal",
  },
  "passphrase-file": {
    type: "string",
    value: "FILE",
    help: "file with the passphrase of the values, 12 bytes or more",
  },
  recipient: { type: "list", value: "AGE1...", help: "age recipient who can open the values; may be repeated" },
  identity: { type: "string", value: "FILE", help: "file with the age identity that opens the values" },
} as const satisfies Record<string, Flag>;

const change = {
  yes: { type: "boolean", help: "do it without asking" },
  "dry-run": {
    type: "string",
    value: "WHERE",
    choices: ["server", "client"],
    choicesOf: { client: ["hold"] },
    help: "have the API server check each change, and make none",
  },
} as const satisfies Record<string, Flag>;

/** Every flag there is, by its long name. A name means the same to every command that takes it. */
export const FLAGS = {
  ...finding,
  ...exposure,
  ...reach,
  ...replay,
  ...lab,
  ...cleanup,
  ...hold,
  ...change,
  ...bundle,
  ...capture,
  ...completion,
  ...scope,
  ...evidence,
  ...output,
  ...connection,
} as const;

export type FlagName = keyof typeof FLAGS;

type ValueOf<F extends Flag> = F["type"] extends "boolean"
  ? boolean
  : F["type"] extends "list"
    ? F extends { choices: readonly (infer C)[] }
      ? C[]
      : string[]
    : F["type"] extends "number"
      ? F extends { default: number }
        ? number
        : number | null
      : F extends { choices: readonly (infer C)[]; default: string }
        ? C
        : F extends { choices: readonly (infer C)[] }
          ? C | null
          : F extends { default: string }
            ? string
            : string | null;

/** What was asked for, every flag present: absent strings are null, absent lists empty. */
export type Options = { -readonly [Name in FlagName]: ValueOf<(typeof FLAGS)[Name]> };

/** Flags by what they are about, in the order that help prints them. */
export const GROUPS = {
  finding: Object.keys(finding) as (keyof typeof finding)[],
  exposure: Object.keys(exposure) as (keyof typeof exposure)[],
  reach: Object.keys(reach) as (keyof typeof reach)[],
  replay: Object.keys(replay) as (keyof typeof replay)[],
  lab: Object.keys(lab) as (keyof typeof lab)[],
  cleanup: Object.keys(cleanup) as (keyof typeof cleanup)[],
  hold: Object.keys(hold) as (keyof typeof hold)[],
  change: Object.keys(change) as (keyof typeof change)[],
  bundle: Object.keys(bundle) as (keyof typeof bundle)[],
  capture: Object.keys(capture) as (keyof typeof capture)[],
  completion: Object.keys(completion) as (keyof typeof completion)[],
  scope: Object.keys(scope) as (keyof typeof scope)[],
  evidence: Object.keys(evidence) as (keyof typeof evidence)[],
  output: Object.keys(output) as (keyof typeof output)[],
  connection: Object.keys(connection) as (keyof typeof connection)[],
} satisfies Record<string, FlagName[]>;

/** Headings of the groups. */
export const GROUP_TITLES: Record<keyof typeof GROUPS, string> = {
  finding: "Findings",
  exposure: "Exposure",
  reach: "Access",
  replay: "Replay",
  lab: "Lab",
  cleanup: "Cleanup",
  hold: "Hold",
  change: "Change",
  bundle: "Evidence bundle",
  capture: "Capture",
  completion: "Completion",
  scope: "Scope",
  evidence: "Evidence",
  output: "Output",
  connection: "Connection",
};

/** The table's entry as the general type, for code that does not care which flag it is. */
export function flagOf(name: FlagName): Flag {
  return FLAGS[name];
}

/** `-n, --namespace` or `--context`; `-v` has no longer name of its own, as in kubectl. */
export function spelling(name: FlagName): string {
  const { short } = flagOf(name);
  return short === undefined ? `--${name}` : `-${short}, --${name}`;
}
