import { appendFileSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { chooseProvider, openCluster } from "./choose.ts";
import { GoMissing } from "./go.ts";

/** What the suite's workers are told: the plane to attach to, or why there is none. */
export type Provided = { directory: string } | { missing: string };

declare module "vitest" {
  interface ProvidedContext {
    controlPlane: Provided;
  }
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
    project.provide("controlPlane", { directory: plane.directory });
    return () => plane.stop();
  } catch (error) {
    if (!(error instanceof GoMissing)) throw error;
    log(`NOT RUN: ${error.message}`);
    const { CRONAUDIT_NOT_RUN: summary } = process.env;
    if (summary !== undefined) appendFileSync(summary, `${error.message}\n`);
    project.provide("controlPlane", { missing: error.message });
    return async () => {};
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
