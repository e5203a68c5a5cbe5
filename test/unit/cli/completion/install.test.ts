import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../../cli/run.ts";
import { temporary } from "../../../cli/temporary.ts";

const NAME = "kubectl_complete-cronaudit";
const TEXT = '#!/bin/sh\nexec kubectl cronaudit __complete "$@"\n';

/** Folders for PATH; the second holds the program. */
function folders(): { other: string; own: string; path: string; file: string } {
  const home = temporary();
  const [other, own] = ["other", "krew"].map((name) => join(home, name)) as [string, string];
  mkdirSync(other);
  mkdirSync(own);
  writeFileSync(join(own, "kubectl-cronaudit"), "#!/bin/sh\n", { mode: 0o755 });
  return { other, own, path: `relative:${other}:${own}:/usr/bin`, file: join(own, NAME) };
}

const completion = (path: string, ...argv: string[]): ReturnType<typeof run> =>
  run(["completion", ...argv], { env: { PATH: path } });

test("the file goes beside the program, is executable, and goes away again", async () => {
  const { own, path, file } = folders();
  const wrote = await completion(path, "--install");
  expect(wrote).toMatchObject({ exit: 0, stderr: "" });
  expect(wrote.stdout).toContain(`Wrote ${file}\n`);
  expect(readFileSync(file, "utf8")).toBe(TEXT);
  expect(statSync(file).mode & 0o777).toBe(0o755);

  chmodSync(file, 0o600);
  const again = await completion(path, "--install");
  expect(again).toMatchObject({ exit: 0, stderr: "" });
  expect(again.stdout).toContain(`Already there: ${file}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o755);
  expect(readdirSync(own).sort()).toEqual(["kubectl-cronaudit", NAME]);

  expect(await completion(path, "--uninstall")).toEqual({ exit: 0, stderr: "", stdout: `Removed ${file}\n` });
  expect(existsSync(file)).toBe(false);
  const gone = await completion(path, "--uninstall");
  expect(gone).toMatchObject({ exit: 0, stderr: "" });
  expect(gone.stdout).toContain("nothing to remove");
});

test("a umask keeps nobody from starting it", () => {
  const { path, file } = folders();
  const program = join(import.meta.dirname, "../../../../bin/kubectl-cronaudit.js");
  const line = `umask 077; exec '${process.execPath}' '${program}' completion --install`;
  expect(spawnSync("/bin/sh", ["-c", line], { env: { PATH: path } }).status).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o755);
});

test("somebody else's file stays as it is", async () => {
  const { own, path, file } = folders();
  const makers: [string, () => void][] = [
    ["other text", () => writeFileSync(file, "#!/bin/sh\necho hello\n")],
    ["text of the same length", () => writeFileSync(file, TEXT.replace("kubectl", "kubecat"))],
    [
      "a link to the same text",
      () => {
        writeFileSync(join(own, "target"), TEXT);
        symlinkSync(join(own, "target"), file);
      },
    ],
    ["a link to nowhere", () => symlinkSync("/nowhere/at/all", file)],
    ["a folder", () => mkdirSync(file)],
  ];
  for (const [what, make] of makers) {
    spawnSync("rm", ["-rf", file]);
    make();
    const before = spawnSync("ls", ["-l", "--full-time", file], { encoding: "utf8" }).stdout;
    for (const flag of ["--install", "--uninstall"]) {
      const { exit, stderr, stdout } = await completion(path, flag);
      expect({ what, exit, stdout }).toEqual({ what, exit: 2, stdout: "" });
      expect(stderr).toContain(file);
    }
    expect(spawnSync("ls", ["-l", "--full-time", file], { encoding: "utf8" }).stdout).toBe(before);
  }
});

test.each([true, false])("somebody else's file keeps ours from nothing (theirs first in PATH: %s)", async (isFirst) => {
  const { other, own, file } = folders();
  const theirs = join(other, NAME);
  writeFileSync(file, TEXT, { mode: 0o755 });
  writeFileSync(theirs, "#!/bin/sh\n");
  const { exit, stderr, stdout } = await completion((isFirst ? [other, own] : [own, other]).join(":"), "--uninstall");
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: `Removed ${file}\n` });
  expect(stderr).toContain(`${theirs} is not what this program wrote, and stays`);
  expect([existsSync(file), existsSync(theirs)]).toEqual([false, true]);
});

test("without the program in PATH, or without the right to write, nothing is written and the reason is said", async () => {
  const { other, own, path } = folders();
  const nowhere = await completion(other, "--install");
  expect(nowhere.exit).toBe(2);
  expect(nowhere.stderr).toContain("no folder of PATH holds kubectl-cronaudit");
  expect(nowhere.stderr).toContain("export PATH=");
  // The same where the program is there and cannot be started.
  chmodSync(join(own, "kubectl-cronaudit"), 0o644);
  expect((await completion(path, "--install")).exit).toBe(2);
  expect((await completion("", "--install")).exit).toBe(2);
});

test("a write that fails leaves nothing behind", () => {
  const { own, path } = folders();
  const program = join(import.meta.dirname, "../../../../bin/kubectl-cronaudit.js");
  // No file may grow beyond nothing; pipes are none.
  const line = `trap '' XFSZ; ulimit -f 0; exec '${process.execPath}' '${program}' completion --install`;
  const env = { PATH: path, NODE_DISABLE_COMPILE_CACHE: "1" };
  const { status, stderr, stdout } = spawnSync("/bin/sh", ["-c", line], { env, encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/cannot write .*kubectl_complete-cronaudit: file too large\n/);
  expect(readdirSync(own)).toEqual(["kubectl-cronaudit"]);
});

test.each([
  [["--install", "--uninstall"], "not both"],
  [["--install", "bash"], "takes no shell"],
  [[], "takes one shell"],
  [["bash", "zsh"], "takes one shell"],
  [["bahs"], "Did you mean bash?"],
  [["tcsh"], "Shells: bash, zsh, fish, powershell."],
])("completion %j is refused", async (argv, words) => {
  const { exit, stderr, stdout } = await completion("/usr/bin", ...argv);
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
  expect(stderr).toContain(words);
});
