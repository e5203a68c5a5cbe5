import type { TestProject } from "vitest/node";
import { chooseProvider, openCluster } from "./choose.ts";
import { GoMissing } from "./go.ts";
import { buildKubelet } from "./node/kubelet-build.ts";
import { nodeLacks } from "./node/lacks.ts";
import { sayNotRun } from "./not-run.ts";

/** What the suite's workers are told: the plane to attach to, or why there is none. */
export type Provided = { directory: string } | { missing: string };

declare module "vitest" {
  interface ProvidedContext {
    controlPlane: Provided;
  }
}

/**
 * A test may have to start the real node, but not to wait for its compiler; what fails here fails those tests, and says
 * there why.
 */
async function prepareNode(log: (line: string) => void, signal: AbortSignal): Promise<void> {
  if (nodeLacks() !== null) return;
  await buildKubelet(log, signal).catch((error: Error) => log(`the kubelet was not built: ${error.message}`));
}

/** Starts one plane for the whole run; without Go the suite is skipped with the reason (also in the file that CRONAUDIT_NOT_RUN names), anything else is an error. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = (line: string) => process.stderr.write(`control plane: ${line}\n`);
  const abort = new AbortController();
  // A first build takes minutes; Ctrl-C must end the compiler as well.
  const stop = () => abort.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    const plane = await openCluster(chooseProvider(process.env), { log, signal: abort.signal });
    await prepareNode(log, abort.signal);
    project.provide("controlPlane", { directory: plane.directory });
    return () => plane.stop();
  } catch (error) {
    if (!(error instanceof GoMissing)) throw error;
    sayNotRun(error.message);
    project.provide("controlPlane", { missing: error.message });
    return async () => {};
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
