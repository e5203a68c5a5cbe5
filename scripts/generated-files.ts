import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Paths whose content is not what the generator makes of the code today. */
export async function outdated(files: ReadonlyMap<string, string>, root: string): Promise<string[]> {
  const stale: string[] = [];
  for (const [path, text] of files) {
    const present = await readFile(join(root, path), "utf8").catch(() => null);
    if (present !== text) stale.push(path);
  }
  return stale;
}

/** Writes what is outdated, or with `check` names it and makes the process end with status 1. */
export async function finish(
  files: ReadonlyMap<string, string>,
  root: string,
  check: boolean,
  command: string,
): Promise<void> {
  const stale = await outdated(files, root);
  if (check) {
    for (const path of stale) process.stderr.write(`${path} is not what the code says; run: ${command}\n`);
    process.exitCode = stale.length === 0 ? 0 : 1;
    return;
  }
  for (const path of stale) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), files.get(path)!);
    process.stdout.write(`wrote ${path}\n`);
  }
}
