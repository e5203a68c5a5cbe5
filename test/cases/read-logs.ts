import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext } from "../../src/evidence/context.ts";
import { readEvidence } from "../../src/evidence/file.ts";
import { knownCredentials } from "../../src/evidence/known-words.ts";
import { logLiterals } from "../../src/evidence/log-lines.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { readCluster, TAKEN_AT } from "./read-cluster.ts";

const KEY = "one key for the objects and for what was printed";

/** The cluster of a case, with the logs that stand beside it as `POD.CONTAINER.txt`, as the kubelet serves them. */
export async function readWithLogs(folder: string): Promise<Snapshot> {
  const path = join(folder, "cluster.yaml");
  const logs = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  if (logs.length === 0) return readCluster(path);
  const snapshot = await readEvidence({ path }, { now: new Date(TAKEN_AT), toolVersion: "0.0.0", fingerprintKey: KEY });
  const { context } = await createContext(KEY);
  for (const name of logs) {
    const [podName, container = ""] = name.split(".");
    const pod = snapshot.pods.find(({ meta }) => meta.name === podName);
    if (pod === undefined) throw new Error(`${name} is the log of no pod of the case`);
    const text = readFileSync(join(folder, name), "utf8");
    const log = { container, previous: false, text, fromStart: true, cut: false };
    pod.logLiterals.push(...logLiterals(log, knownCredentials(snapshot), context).literals);
  }
  return { ...snapshot, source: "cluster" };
}
