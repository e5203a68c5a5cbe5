import { jobOutcome, podFinished } from "../batch/finish.ts";
import type { FixRequest, Source } from "./class.ts";
import type { ExposureContext } from "./context.ts";

/** Names beyond this many are counted instead of written out. */
const NAMES_SHOWN = 5;

const NOTHING = "nothing to do: it is in use, and ends with its pod";

/** A shell word; names that the API server admits need no quotes, anything else gets them. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `cronjob/backup -n database`, as words of a command. */
export function target(source: Source): string {
  return `${quote(`${source.kind.toLowerCase()}/${source.meta.name}`)}${inNamespace(source.meta.namespace)}`;
}

function inNamespace(namespace: string | null): string {
  return namespace === null ? "" : ` -n ${quote(namespace)}`;
}

/** A command and a shell comment after it: the line can be pasted as it stands, so the comment must not end early. */
function step(command: string, ...remarks: string[]): string {
  const said = remarks.filter((text) => text !== "").join("; ");
  return said === "" ? command : `${command}  # ${said.replace(/[\u0000-\u001f\u007f\u2028\u2029]/g, "?")}`;
}

/** Out of the template where there is one, else away with the runs that still hold it. */
export function literalFix({ name, found, context }: FixRequest): string {
  const template = found.find((one) => one.source.kind === "CronJob");
  if (template === undefined) return removeRuns(sourcesOf(found), context, `then rotate ${name}`);
  const edit = `kubectl edit ${target(template.source)}`;
  return step(edit, `take ${name} out of ${template.path} and mount it from a Secret`, "then rotate it");
}

/** The annotation goes without touching the object; a template that still holds the value is edited first. */
export function annotationFix(request: FixRequest): string {
  const annotated = request.found[0]!;
  const key = /^metadata\.annotations\[([^\]]+)\]/.exec(annotated.field)?.[1];
  if (key === undefined) return literalFix(request);
  return step(`kubectl annotate ${target(annotated.source)} ${quote(`${key}-`)}`, `then rotate ${request.name}`);
}

/** A token ends with its pod; one that nobody needs is not mounted. */
export function tokenFix({ found, context }: FixRequest): string {
  const { source } = found[0]!;
  if (source.kind !== "Pod" || podFinished(source)) return removeRuns([source], context, "");
  const root = context.owners.rootOf(source);
  // The template of a Job or pod cannot be changed.
  if (root.kind !== "CronJob") return NOTHING;
  return step(
    `kubectl edit ${target(root)}`,
    "automountServiceAccountToken: false in the pod template, if it calls no API",
  );
}

/** A legacy token ends with its Secret, once the workload uses a projected token. */
export function legacyFix({ found, name, context }: FixRequest): string {
  const root = context.owners.rootOf(found[0]!.source);
  const ref = found[0]!.identity.ref;
  const command = `kubectl delete secret ${quote(ref?.name ?? name)}${inNamespace(ref?.namespace ?? null)}`;
  return step(command, `after ${root.kind.toLowerCase()}/${root.meta.name} uses its projected token instead`);
}

/** Files instead of variables: no process inherits them, and they leave the node with the pod. */
export function secretEnvFix({ found, context }: FixRequest): string {
  const root = context.owners.rootOf(found[0]!.source);
  const secret = found[0]!.identity.ref?.name ?? "";
  if (root.kind === "CronJob") return step(`kubectl edit ${target(root)}`, `mount Secret ${secret} as files instead`);
  return removeRuns(sourcesOf(found), context, "");
}

/** What remains is the node's reach: it ends with the finished pods. */
export function referenceFix({ found, context }: FixRequest): string {
  const finished = sourcesOf(found).filter((source) => source.kind === "Pod" && podFinished(source));
  return finished.length === 0 ? NOTHING : removeRuns(finished, context, "");
}

function sourcesOf(found: readonly { source: Source }[]): Source[] {
  return found.map(({ source }) => source);
}

/** Deletes what can go without harm: a finished Job with its pods, a finished pod without a Job; a running Job when it ends. */
function removeRuns(sources: readonly Source[], context: ExposureContext, remark: string): string {
  const runs = sources.filter((one) => one.kind !== "CronJob");
  const tops = [...new Set(runs.map((one) => (one.kind === "Pod" ? (context.owners.jobOf(one) ?? one) : one)))];
  const jobs = tops.filter((one) => one.kind === "Job" && jobOutcome(one) !== null);
  if (jobs.length > 0) return deletion(jobs, " --cascade=foreground", remark);
  const pods = tops.filter((one) => one.kind === "Pod" && podFinished(one));
  if (pods.length > 0) return deletion(pods, "", remark);
  const running = tops.find((one) => one.kind === "Job");
  if (running === undefined) return NOTHING;
  const patch = `'{"spec":{"ttlSecondsAfterFinished":0}}'`;
  return step(
    `kubectl patch ${target(running)} --type=merge -p ${patch}`,
    "deletes it with its pods when it finishes",
    remark,
  );
}

/** kubectl takes one namespace a command: that of the first object; the others are counted. */
function deletion(objects: readonly Source[], flags: string, remark: string): string {
  const [{ kind, meta }] = objects as [Source, ...Source[]];
  const here = objects.filter((one) => one.meta.namespace === meta.namespace).slice(0, NAMES_SHOWN);
  const names = here.map((one) => quote(one.meta.name)).join(" ");
  const left = objects.length - here.length;
  const more = left === 0 ? "" : `and ${String(left)} more`;
  const command = `kubectl delete ${kind.toLowerCase()} ${names}${inNamespace(meta.namespace)}${flags}`;
  return step(command, more, "save the evidence first: kubectl cronaudit snapshot", remark);
}
