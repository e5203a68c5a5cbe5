import { parseArguments } from "../cli/arguments.ts";
import type { Context } from "../cli/command.ts";
import { CommandError, UsageError } from "../cli/errors.ts";
import { findJob } from "../cleanup/bundle/find-job.ts";
import { restorable } from "../cleanup/bundle/restore.ts";
import { safe } from "../output/text.ts";
import { connectOptions } from "./evidence.ts";
import { openBundle } from "./evidence-show.ts";
import { keyOf } from "./lock.ts";

const CONFLICT = 409;

/** Creates a preserved Job again, suspended; what is not restored of it is said. */
export async function restore(context: Context, file: string, names: string[]): Promise<number> {
  const { options, io } = context;
  if (file === "") throw new UsageError("restore takes a FILE and job/NAME");
  const [named, second] = parseArguments(names);
  if (
    named === undefined ||
    second !== undefined ||
    named.what !== "object" ||
    named.type.kind !== "Job" ||
    named.name === null
  )
    throw new UsageError("restore takes a FILE and one job/NAME");
  if (options.logs || options.recipient.length > 0 || options.force)
    throw new UsageError("--logs, --recipient and --force go with evidence save");
  const { name } = named;
  const key = await keyOf(context);
  const { job, namespace, sha256 } = await findJob(openBundle(context, file), file, {
    name,
    namespace: options.namespace,
    key,
  });
  const { job: created, stripped, removed } = restorable(job);
  const isDryRun = options["dry-run"] === "server";
  const { connectWriter } = await import("../cluster/index.ts");
  const api = await connectWriter(connectOptions(context));
  try {
    await api.create(`/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`, created, isDryRun);
  } catch (error) {
    if ((error as { status?: unknown }).status !== CONFLICT) throw error;
    throw new CommandError(
      `job/${name} exists in namespace ${namespace}`,
      "Look at it first; restore replaces nothing.",
    );
  } finally {
    await api.close();
  }
  const lines = [
    ...removed.map((path) => `Removed, because its value is not known: ${path}`),
    ...stripped.map((path) => `Left out, because controllers write or read it: ${path}`),
    `job/${name} ${isDryRun ? "would be created" : "created"} in namespace ${namespace}, suspended, from ${file} (sha256 ${sha256})`,
  ];
  for (const line of lines) io.stderr.write(`${safe(line)}\n`);
  return 0;
}
