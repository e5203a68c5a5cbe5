import { join } from "node:path";
import { cachedProgram } from "../control-plane/cached-program.ts";
import { GoMissing } from "../control-plane/go.ts";
import { sayNotRun } from "../control-plane/not-run.ts";

const flags = ["-trimpath", "-buildvcs=false", "-ldflags", "-s -w"];
const krew = { module: join(import.meta.dirname, "krew"), flags, takes: "from krew's own code: half a minute" };
const machO = { module: join(import.meta.dirname, "mach-o"), flags, sources: ["main.go"], takes: "half a minute" };

const programs = {
  krew: { name: "krew", package: "sigs.k8s.io/krew/cmd/krew", ...krew },
  "validate-krew-manifest": {
    name: "validate-krew-manifest",
    package: "sigs.k8s.io/krew/cmd/validate-krew-manifest",
    ...krew,
  },
  "mach-o": { name: "mach-o", package: ".", ...machO },
} as const;

/** The path of a program of the tests that is made with Go, or null, said aloud, where there is no Go to make it. */
export async function goProgram(name: keyof typeof programs): Promise<string | null> {
  try {
    return await cachedProgram(programs[name], (line) => process.stderr.write(`${line}\n`));
  } catch (error) {
    if (!(error instanceof GoMissing)) throw error;
    sayNotRun(`${name}: ${error.message}`);
    return null;
  }
}
