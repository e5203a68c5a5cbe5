import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { cachedProgram } from "./cached-program.ts";
import { kubernetesTags } from "./targets.ts";

const module = join(import.meta.dirname, "kubernetes");

/** The flags decide which compiled packages of the control plane's build are taken over. */
const flags = [
  "-trimpath",
  "-buildvcs=false",
  "-tags",
  kubernetesTags,
  "-ldflags",
  // The last of them lets the oracle do without the machine's time zones: oracle/linked.go.
  "-s -w -checklinkname=0",
];

/**
 * The path of the oracle's program in the cache of the control plane's build, built first where it is missing: ten seconds
 * after the control plane, two minutes without. Throws GoMissing without Go 1.26, and what the compiler said where it fails.
 * `log` receives one line at a time.
 */
export async function buildOracle(log: (line: string) => void): Promise<string> {
  const own = (await readdir(join(module, "oracle"))).filter((file) => /\.(?:go|s)$/.test(file)).sort();
  const sources = own.map((file) => `oracle/${file}`);
  const takes = "from Kubernetes' own code: seconds where the control plane is built, else minutes";
  return cachedProgram({ name: "oracle", module, package: "./oracle", flags, sources, takes }, log);
}
