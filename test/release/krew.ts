import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { goProgram } from "./go-programs.ts";

const run = promisify(execFile);

/** What one of krew's programs said: null where it was content, else all of its words. */
export type Verdict = string | null;

/** krew and its validator, with a PATH on which they find each other; null where there is no Go to make them. */
export interface Krew {
  /** The validator over a manifest; `install` also installs each platform from the addresses in it. */
  validate(manifest: string, options?: { install: boolean }): Promise<Verdict>;
  /** `kubectl krew install --manifest --archive` into a root of its own. */
  install(manifest: string, archive: string, target: { root: string; os: string; arch: string }): Promise<Verdict>;
}

/** Makes both programs once, and in `folder` the `kubectl` through which the validator calls krew. */
export async function krewIn(folder: string): Promise<Krew | null> {
  const [krew, validator] = [await goProgram("krew"), await goProgram("validate-krew-manifest")];
  if (krew === null || validator === null) return null;
  mkdirSync(folder, { recursive: true });
  symlinkSync(krew, join(folder, "kubectl-krew"));
  // All that the validator asks of kubectl is to start the plugin.
  writeFileSync(join(folder, "kubectl"), '#!/bin/sh\nshift\nexec kubectl-krew "$@"\n');
  chmodSync(join(folder, "kubectl"), 0o755);
  const PATH = `${folder}:${dirname(process.execPath)}:/usr/bin:/bin`;
  const verdict = async (program: string, args: string[], env: NodeJS.ProcessEnv): Promise<Verdict> => {
    const child = run(program, args, { env: { PATH, HOME: folder, ...env }, maxBuffer: 16 * 1024 * 1024 });
    child.child.stdin?.end();
    return await child.then(
      () => null,
      (error: { stderr: string; stdout: string }) => error.stderr + error.stdout,
    );
  };
  return {
    validate: (manifest, { install } = { install: false }) =>
      verdict(validator, ["-manifest", manifest, ...(install ? [] : ["-skip-install"])], {}),
    install: (manifest, archive, { root, os, arch }) =>
      verdict(krew, ["install", "--manifest", manifest, "--archive", archive], {
        KREW_ROOT: root,
        KREW_OS: os,
        KREW_ARCH: arch,
      }),
  };
}

/** The SHA-256 of a file in lower-case hex. */
export function sumOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
