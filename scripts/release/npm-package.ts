import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { complaintOf, ReleaseError } from "./errors.ts";

const run = promisify(execFile);

interface Options {
  root: string;
  /** The bundle: main.mjs and chunks. */
  bundled: string;
  notices: string;
  version: string;
}

/**
 * Makes the npm package in `output` and returns its file name. The bundle has its dependencies inside, so the package
 * names none: `npx kubectl-cronaudit` fetches one file.
 */
export async function npmPackage(options: Options, staging: string, output: string): Promise<string> {
  const { root, bundled, notices, version } = options;
  await mkdir(join(staging, "dist"), { recursive: true });
  const { dependencies, devDependencies, scripts, allowScripts, ...kept } = JSON.parse(
    await readFile(join(root, "package.json"), "utf8"),
  ) as Record<string, unknown>;
  void [dependencies, devDependencies, scripts, allowScripts];
  const files = ["bin", "dist", "docs", "LICENSE", "THIRD-PARTY-NOTICES"];
  await writeFile(join(staging, "package.json"), `${JSON.stringify({ ...kept, version, files }, null, 2)}\n`);
  for (const name of ["bin", "docs"]) await cp(join(root, name), join(staging, name), { recursive: true });
  for (const name of ["LICENSE", "README.md"]) await copyFile(join(root, name), join(staging, name));
  await copyFile(join(bundled, "main.mjs"), join(staging, "dist/main.mjs"));
  await cp(join(bundled, "chunks"), join(staging, "dist/chunks"), { recursive: true });
  await writeFile(join(staging, "THIRD-PARTY-NOTICES"), notices);
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", output];
  const { stdout } = await run("npm", args, { cwd: staging, shell: process.platform === "win32" }).catch(
    (error: Error) => {
      throw new ReleaseError(`npm could not pack: ${complaintOf(error)}`);
    },
  );
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  return packed!.filename;
}
