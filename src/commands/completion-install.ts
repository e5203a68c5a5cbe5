import { accessSync, constants, statSync } from "node:fs";
import { chmod, lstat, open, readFile, rm, unlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { CommandError } from "../cli/errors.ts";
import type { Io } from "../cli/io.ts";
import { openSink, systemReason } from "../cli/streams.ts";
import { safe } from "../output/text.ts";

const NAME = "kubectl_complete-cronaudit";

/** The file and what is in it: kubectl looks for it in PATH by this name (cmd/plugin_completion.go, kubectl 1.26 and later). */
function fileFor({ runtime }: Io): { name: string; text: string } {
  if (!isWindows({ runtime })) return { name: NAME, text: '#!/bin/sh\nexec kubectl cronaudit __complete "$@"\n' };
  return { name: `${NAME}.cmd`, text: "@echo off\r\nkubectl cronaudit __complete %*\r\n" };
}

function isWindows({ runtime }: Pick<Io, "runtime">): boolean {
  return runtime.platform.startsWith("win32");
}

/** Writes the file beside the program that kubectl starts. Throws CommandError where there is no such place, or it is taken. */
export async function install(io: Io): Promise<number> {
  const { name, text } = fileFor(io);
  const folder = ownFolder(io);
  if (folder === null) throw noFolder();
  const path = join(folder, name);
  const there = await whatIs(path, text);
  if (there === "other") {
    throw new CommandError(
      `${safe(path)} is there already, and is not what this program writes`,
      "Look at it, and move it away if nobody needs it.",
    );
  }
  if (there === null) await create(path, text);
  else await chmod(path, 0o755).catch((error: unknown) => Promise.reject(refused("make executable", path, error)));
  await say(io, [
    `${there === null ? "Wrote" : "Already there:"} ${path}`,
    "kubectl 1.26 and later completes kubectl cronaudit by it, wherever kubectl's own completion is loaded:",
    "  source <(kubectl completion bash)   # or zsh; fish: kubectl completion fish | source",
    ...(isWindows(io) ? ["On Windows this has not been tested."] : []),
  ]);
  return 0;
}

/** Removes the file again, wherever in PATH it is. Throws CommandError where one is not ours, after the others, or cannot be removed. */
export async function uninstall(io: Io): Promise<number> {
  const { name, text } = fileFor(io);
  const others: string[] = [];
  let isGone = false;
  for (const folder of folders(io)) {
    const path = join(folder, name);
    const there = await whatIs(path, text);
    if (there === "other") others.push(safe(path));
    if (there !== "ours") continue;
    await unlink(path).catch((error: unknown) => Promise.reject(refused("remove", path, error)));
    isGone = true;
    await say(io, [`Removed ${path}`]);
  }
  if (others.length > 0) {
    throw new CommandError(
      `${others.join(", ")} is not what this program wrote, and stays`,
      "Look at it, and remove it yourself if nobody needs it.",
    );
  }
  if (!isGone) await say(io, [`There is no ${name} in PATH: nothing to remove.`]);
  return 0;
}

function say(io: Io, lines: string[]): Promise<void> {
  return openSink(io.stdout).write(lines.map((line) => `${safe(line)}\n`).join(""));
}

function folders({ env, runtime }: Io): string[] {
  const path = env["PATH"] ?? (isWindows({ runtime }) ? env["Path"] : undefined) ?? "";
  // What is relative changes with the place, and kubectl passes over it.
  return [...new Set(path.split(delimiter))].filter((folder) => /^(?:\/|\\\\|[A-Za-z]:)/.test(folder));
}

/** The first folder of PATH in which kubectl finds the plugin. */
function ownFolder(io: Io): string | null {
  const names = isWindows(io)
    ? [".exe", ".cmd", ".bat"].map((suffix) => `kubectl-cronaudit${suffix}`)
    : ["kubectl-cronaudit"];
  return folders(io).find((folder) => names.some((name) => isExecutable(join(folder, name)))) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function whatIs(path: string, text: string): Promise<"ours" | "other" | null> {
  const file = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw refused("look at", path, error);
  });
  if (file === null) return null;
  // A link is somebody's arrangement, whatever it leads to.
  if (!file.isFile() || file.size !== text.length) return "other";
  const content = await readFile(path, "utf8").catch((error: unknown) => Promise.reject(refused("read", path, error)));
  return content === text ? "ours" : "other";
}

async function create(path: string, text: string): Promise<void> {
  // Where somebody made one in the meantime, that one stays.
  const file = await open(path, "wx", 0o755).catch((error: unknown) => Promise.reject(refused("write", path, error)));
  try {
    await file.writeFile(text);
    // Whatever the umask is: others start it as well.
    await file.chmod(0o755);
  } catch (error) {
    await rm(path, { force: true });
    throw refused("write", path, error);
  } finally {
    await file.close();
  }
}

function refused(what: string, path: string, error: unknown): Error {
  const reason = systemReason(error);
  if (reason === null) return error as Error;
  return new CommandError(
    `cannot ${what} ${safe(path)}: ${reason}`,
    "Do it as the folder's owner, or by hand in another folder of PATH: docs/completion.md shows the file.",
  );
}

function noFolder(): CommandError {
  return new CommandError(
    "no folder of PATH holds kubectl-cronaudit, so kubectl does not find this plugin",
    'Put its folder into PATH, for krew: export PATH="${KREW_ROOT:-$HOME/.krew}/bin:$PATH"',
  );
}
