/** Builds the control plane's programs, and the kubelet where it can run, into the cache and says where they are; takes nothing and starts nothing. */
import { buildControlPlane } from "../test/control-plane/build.ts";
import { buildKubelet } from "../test/control-plane/node/kubelet-build.ts";
import { nodeLacks } from "../test/control-plane/node/lacks.ts";

const abort = new AbortController();
process.once("SIGINT", () => abort.abort()).once("SIGTERM", () => abort.abort());

try {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const binaries = await buildControlPlane({ log, signal: abort.signal });
  if (nodeLacks() === null) await buildKubelet(log, abort.signal);
  process.stdout.write(`${binaries.directory}\n`);
} catch (error) {
  if (!abort.signal.aborted) process.stderr.write(`error: ${(error as Error).message}\n`);
  process.exitCode = abort.signal.aborted ? 130 : 2;
}
