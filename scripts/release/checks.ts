import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { complaintOf, ReleaseError } from "./errors.ts";

const run = promisify(execFile);

/** Throws ReleaseError unless the version is a semantic one, without v, and package.json's; a rehearsal only says so. */
export async function checkVersion(
  root: string,
  version: string,
  rehearsal: boolean,
  log: (line: string) => void,
): Promise<void> {
  if (!/^(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})(?:-[0-9A-Za-z.-]{1,32})?$/.test(version)) {
    throw new ReleaseError(`"${version}" is no version: write it as 1.2.3`);
  }
  const { version: own } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  if (own === version) return;
  if (!rehearsal) {
    throw new ReleaseError(
      `package.json has version ${own}: run npm version ${version} --no-git-tag-version, and commit`,
    );
  }
  log(`rehearsal: package.json still has version ${own}`);
}

/** Throws ReleaseError unless everything is committed and the commit has the tag `vVERSION`. */
export async function checkTree(root: string, version: string): Promise<void> {
  const git = async (...args: string[]): Promise<string> => {
    const { stdout } = await run("git", args, { cwd: root }).catch((error: Error) => {
      throw new ReleaseError(`git could not say what is released: ${complaintOf(error)}`);
    });
    return stdout.trim();
  };
  const changes = await git("status", "--porcelain");
  if (changes !== "") {
    throw new ReleaseError(
      `${String(changes.split("\n").length)} files are not as committed: commit them, or try with --dry-run`,
    );
  }
  const tags = (await git("tag", "--points-at", "HEAD")).split("\n");
  if (!tags.includes(`v${version}`)) {
    throw new ReleaseError(`this commit has no tag v${version}: run git tag v${version}, or try with --dry-run`);
  }
}
