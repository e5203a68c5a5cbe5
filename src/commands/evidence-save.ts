import { userInfo } from "node:os";
import { resolve } from "node:path";
import { parseArguments } from "../cli/arguments.ts";
import type { Context } from "../cli/command.ts";
import { Interrupted, UsageError } from "../cli/errors.ts";
import { startProgress } from "../cli/progress.ts";
import { bundleFiles } from "../cleanup/bundle/files.ts";
import type { Wanted } from "../cleanup/bundle/fetch.ts";
import { preserve } from "../cleanup/bundle/preserve.ts";
import type { Preserved, PreserveOptions } from "../cleanup/bundle/preserve.ts";
import type { Api, Json } from "../model/api.ts";
import type { CleanupRules } from "../model/cleanup.ts";
import { count, safe } from "../output/text.ts";
import { openConnection } from "./evidence.ts";
import { readFingerprintKey } from "./fingerprint-key.ts";
import { lockOf } from "./lock.ts";

const SAVED = new Map([
  ["Job", { group: "batch", version: "v1", resource: "jobs" }],
  ["CronJob", { group: "batch", version: "v1", resource: "cronjobs" }],
  ["Pod", { group: "", version: "v1", resource: "pods" }],
  ["ServiceAccount", { group: "", version: "v1", resource: "serviceaccounts" }],
]);

/** Writes the evidence of the objects that were named, and of the pods of Jobs among them. */
export async function save(context: Context, file: string, names: string[]): Promise<number> {
  const { options, io } = context;
  const named = parseArguments(names).map((one) => {
    if (one.what !== "object" || one.name === null) throw new UsageError("evidence save takes objects as TYPE/NAME");
    return { kind: one.type.kind, name: one.name };
  });
  if (named.length === 0) throw new UsageError("evidence save takes objects as TYPE/NAME");
  if (options["dry-run"] !== null || options.identity !== null)
    throw new UsageError("--dry-run and --identity go with evidence restore");
  const made = await preserveOptions(context, file, null);
  const progress = await startProgress(io, "connecting");
  const api = await openConnection(context);
  let done: Preserved;
  try {
    const namespace = options.namespace ?? api.namespace;
    const chosen = named.map(({ kind, name }): Wanted => ({
      object: { kind, namespace, name, uid: null },
      resource: SAVED.get(kind)!,
    }));
    const objects = [...chosen, ...(await podsOf(api, namespace, chosen))];
    done = await preserve(
      api,
      { objects },
      { ...made, needsOne: true, progress: (text, share) => progress.text(text, share) },
    );
  } catch (error) {
    throw io.signal.aborted ? new Interrupted() : error;
  } finally {
    progress.stop();
    await api.close();
  }
  const lines = [
    ...done.missing.map(({ object, because }) => `Not in it: ${object.kind.toLowerCase()}/${object.name}: ${because}`),
    ...done.gaps.map((gap) => `Not in it: ${gap}`),
    `Wrote ${count(done.preserved.size, "object")} to ${file}, read back and whole`,
    `sha256 ${done.sha256}`,
  ];
  for (const line of lines) io.stderr.write(`${safe(line)}\n`);
  return done.missing.length + done.gaps.length === 0 ? 0 : 3;
}

/** What a bundle is made with, as the flags say; a passphrase is asked for here. */
export async function preserveOptions(
  context: Context,
  file: string,
  rules: CleanupRules | null,
): Promise<PreserveOptions> {
  const { options, io } = context;
  const keyFile = options["fingerprint-key"];
  return {
    path: resolve(io.cwd, file),
    name: file,
    force: options.force,
    rules,
    toolVersion: io.version,
    localUser: localUser(),
    fingerprintKey: keyFile === null ? null : await readFingerprintKey(keyFile, io.cwd),
    logs: options.logs,
    values: await lockOf(context),
    now: () => io.now(),
    files: bundleFiles,
    signal: io.signal,
    progress: () => undefined,
  };
}

/** The name of whoever runs it, on this machine; in a container the user may have none. */
export function localUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

async function podsOf(api: Api, namespace: string, chosen: readonly Wanted[]): Promise<Wanted[]> {
  const jobs = new Set(chosen.filter(({ object }) => object.kind === "Job").map(({ object }) => object.name));
  const asked = new Set(chosen.filter(({ object }) => object.kind === "Pod").map(({ object }) => object.name));
  if (jobs.size === 0) return [];
  const pods: Wanted[] = [];
  for await (const { items } of api.list("", "v1", "pods", { namespace })) {
    for (const { metadata } of items as { metadata: Json & { name: string; uid: string } }[]) {
      const owners = (metadata["ownerReferences"] ?? []) as { kind: string; name: string }[];
      if (!owners.some(({ kind, name }) => kind === "Job" && jobs.has(name)) || asked.has(metadata.name)) continue;
      const object = { kind: "Pod", namespace, name: metadata.name, uid: metadata.uid };
      pods.push({ object, resource: SAVED.get("Pod")! });
    }
  }
  return pods;
}
