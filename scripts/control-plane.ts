/** Builds the control plane's programs into the cache and says where they are; takes nothing and starts nothing. */
import { buildControlPlane } from "../test/control-plane/build.ts";

const abort = new AbortController();
process.once("SIGINT", () => abort.abort()).once("SIGTERM", () => abort.abort());

try {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const binaries = await buildControlPlane({ log, signal: abort.signal });
  process.stdout.write(`${binaries.directory}\n`);
} catch (error) {
  if (!abort.signal.aborted) process.stderr.write(`error: ${(error as Error).message}\n`);
  process.exitCode = abort.signal.aborted ? 130 : 2;
}
