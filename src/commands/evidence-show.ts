import { createReadStream } from "node:fs";
import { basename, resolve } from "node:path";
import type { Context } from "../cli/command.ts";
import { CommandError, UsageError } from "../cli/errors.ts";
import { openSink, systemReason } from "../cli/streams.ts";
import type { Verified } from "../cleanup/bundle/verify.ts";
import type { BundleReport } from "../model/bundle.ts";
import type { FlagName } from "../cli/flags.ts";
import { GROUPS, spelling } from "../cli/flags.ts";
import { count, escapeInQuotes, safe } from "../output/text.ts";

/** Exit status 0 only where the bundle is whole; otherwise EvidenceError names the first part that is wrong. */
export async function verify(context: Context, file: string, more: string[]): Promise<number> {
  const { manifest, sha256, size } = await whole(context, file, more);
  const { head, parts, tail } = manifest;
  const lines = [
    `${file} is whole: ${count(parts.length, "part")}, ${count(size, "byte")}, written ${head.startedAt} to ${tail.finishedAt}`,
    `sha256 ${sha256}`,
  ];
  const out = openSink(context.io.stdout);
  if (context.options.output === "table") await out.write(lines.map((line) => `${safe(line)}\n`).join(""));
  else await print(context, reportOf(context, file, { manifest, sha256, size }));
  return 0;
}

/** What is in a bundle that is whole. */
export async function show(context: Context, file: string, more: string[]): Promise<number> {
  const verified = await whole(context, file, more);
  if (context.options.output !== "table") {
    await print(context, reportOf(context, file, verified));
    return 0;
  }
  const [{ layTable }, { bundleLines, COLUMNS, rowsOf }] = await Promise.all([
    import("../output/layout.ts"),
    import("../output/views/bundle.ts"),
  ]);
  const { before, after } = bundleLines(reportOf(context, file, verified));
  for (const line of before) context.io.stderr.write(`${safe(line)}\n`);
  const { columns = 0 } = context.io.stdout;
  const layout = { width: columns > 0 ? columns : 100, color: false, headers: !context.options["no-headers"] };
  const out = openSink(context.io.stdout);
  let text = "";
  for (const line of layTable(COLUMNS, rowsOf(verified.manifest), layout).lines) {
    text += `${line}\n`;
    if (text.length < 65_536) continue;
    await out.write(text);
    text = "";
  }
  await out.write(text);
  for (const line of after) context.io.stderr.write(`${safe(line)}\n`);
  return 0;
}

/** Opens the bundle's bytes; its errors are CommandErrors. */
export function openBundle({ io }: Context, file: string): () => AsyncIterable<Buffer> {
  return async function* () {
    const stream = createReadStream(resolve(io.cwd, file), { highWaterMark: 1 << 18 });
    try {
      yield* stream as AsyncIterable<Buffer>;
    } catch (error) {
      const reason = systemReason(error);
      throw reason === null
        ? error
        : new CommandError(`cannot read ${file}: ${reason}`, "Check its name and its rights.");
    } finally {
      stream.destroy();
    }
  };
}

async function whole(context: Context, file: string, more: string[]): Promise<Verified> {
  if (more.length > 0) throw new UsageError("verify and show take one FILE");
  refuseOtherFlags(context);
  const { verifyBundle } = await import("../cleanup/bundle/verify.ts");
  return verifyBundle(openBundle(context, file)(), file);
}

/** A flag that would have no effect is refused. */
function refuseOtherFlags({ options }: Context): void {
  const useless: FlagName[] = [
    ...GROUPS.bundle,
    "dry-run",
    "force",
    "namespace",
    "kubeconfig",
    "context",
    "server",
    "as",
    "fingerprint-key",
  ];
  const given = useless.find((name) => {
    const value = options[name];
    return Array.isArray(value) ? value.length > 0 : value !== null && value !== false;
  });
  if (given !== undefined)
    throw new UsageError(`${spelling(given)} does not go with verify and show: no cluster is asked`);
}

function reportOf(context: Context, file: string, { manifest, sha256, size }: Verified): BundleReport {
  return { apiVersion: "cronaudit/v1", kind: "BundleReport", file: basename(file), sha256, size, ...manifest };
}

async function print({ io }: Context, report: BundleReport): Promise<void> {
  await openSink(io.stdout).write(`${escapeInQuotes(JSON.stringify(report, null, 4))}\n`);
}
