import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { notesOf } from "../../scripts/release/changelog.ts";
import { checkTree, checkVersion } from "../../scripts/release/checks.ts";
import { filledManifest } from "../../scripts/release/manifest.ts";
import { TARGETS } from "../../scripts/release/targets.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cronaudit-refusals-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const changelog =
  "# Changelog\n\nWords.\n\n## Unreleased\n\n## 1.1.0 - 2026-11-27\n\n### Added\n\n- This.\n\n## 1.0.0 - 2026-10-01\n\n- That.\n";

test("the notes of a release are its section", () => {
  expect(notesOf(changelog, "1.1.0", false)).toMatchObject({ date: "2026-11-27", text: "### Added\n\n- This." });
});

const wrong: [string, string, string, string][] = [
  ["no section", changelog, "1.2.0", 'no section "## 1.2.0 - YYYY-MM-DD"'],
  ["a part of another version", changelog, "1.1", "no section"],
  ["no date", changelog.replace(" - 2026-11-27", ""), "1.1.0", "no date"],
  ["a day that does not exist", changelog.replace("11-27", "02-31"), "1.1.0", "no date"],
  ["an empty section", changelog.replace("### Added\n\n- This.\n", ""), "1.1.0", "says nothing"],
  [
    "what is still unreleased",
    changelog.replace("Unreleased\n", "Unreleased\n\n- Forgotten.\n"),
    "1.1.0",
    "still has entries under Unreleased",
  ],
  ["an older version", changelog, "1.0.0", "lists 1.1.0 before 1.0.0"],
];
test.each(wrong)("a changelog with %s stops the release", (_, text, version, message) => {
  expect(() => notesOf(text, version, false)).toThrow(message);
});

test("a rehearsal takes what is unreleased, and nothing where nothing is", () => {
  const pending = changelog.replace("Unreleased\n", "Unreleased\n\n- Next.\n");
  expect(notesOf(pending, "2.0.0", true)).toMatchObject({ date: null, text: "- Next." });
  expect(() => notesOf(changelog, "2.0.0", true)).toThrow("no section");
});

test("the version is a version, and package.json's", async () => {
  writeFileSync(join(folder, "package.json"), '{"version":"1.1.0"}');
  const said: string[] = [];
  for (const version of ["v1.1.0", "1.1", "1.1.0 ", "01.1.0", "", "1.1.0;ls"]) {
    await expect(checkVersion(folder, version, true, (line) => said.push(line))).rejects.toThrow("is no version");
  }
  await checkVersion(folder, "1.1.0", false, (line) => said.push(line));
  await expect(checkVersion(folder, "1.2.0", false, (line) => said.push(line))).rejects.toThrow(
    "package.json has version 1.1.0",
  );
  expect(said).toEqual([]);
  await checkVersion(folder, "1.2.0", true, (line) => said.push(line));
  expect(said).toEqual(["rehearsal: package.json still has version 1.1.0"]);
});

test("what is released is committed and tagged", async () => {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  const git = (...args: string[]) => execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "pipe" });
  await expect(checkTree(folder, "1.1.0")).rejects.toThrow("git could not say");
  git("init", "--quiet");
  git("commit", "--quiet", "--allow-empty", "--message", "First");
  await expect(checkTree(folder, "1.1.0")).rejects.toThrow("no tag v1.1.0");
  git("tag", "v1.1.0");
  await checkTree(folder, "1.1.0");
  writeFileSync(join(folder, "file"), "");
  await expect(checkTree(folder, "1.1.0")).rejects.toThrow("1 files are not as committed");
});

test("a manifest without one of the platforms, or with one more, stops the release", () => {
  const template = readFileSync("krew-manifest.yaml", "utf8");
  const archives = TARGETS.map((target) => ({ target, sha256: "a".repeat(64) }));
  expect(filledManifest(template, "1.1.0", archives)).toContain("v1.1.0_darwin_arm64.tar.gz");
  expect(() => filledManifest(template, "1.1.0", archives.slice(1))).toThrow("without archive: linux/amd64");
  expect(() => filledManifest(template.replaceAll("windows", "plan9"), "1.1.0", archives)).toThrow("plan9");
  expect(() =>
    filledManifest(
      template,
      "1.1.0",
      archives.map((one) => ({ ...one, sha256: "A".repeat(64) })),
    ),
  ).toThrow("krew would refuse");
});

function release(args: string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/release.ts", ...args], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, lines: stderr.trim().split("\n") };
}

const lines: [string, string[], NodeJS.ProcessEnv, string][] = [
  ["no version", [], {}, "one version is needed"],
  ["two versions", ["1.0.0", "2.0.0"], {}, "one version is needed"],
  ["an unknown flag", ["1.0.0", "--force"], {}, "--force"],
  ["a version with v", ["v1.0.0"], {}, "is no version"],
  ["a date that is none", ["9.9.9", "--dry-run"], { SOURCE_DATE_EPOCH: "today" }, "SOURCE_DATE_EPOCH"],
];
test.each(lines)("the command with %s says so in one line, with status 2", (_, args, env, message) => {
  const { status, lines: said } = release([...args, "--out", join(folder, "out")], env);
  expect(status).toBe(2);
  expect(said.at(-1)).toMatch(/^error: /);
  expect(said.at(-1)).toContain(message);
  expect(readdirSync(folder)).toEqual([]);
});

test("a release that fails on the way leaves the last one as it was, and nothing else", () => {
  const out = join(folder, "out");
  mkdirSync(out);
  writeFileSync(join(out, "last"), "");
  // git and no npm.
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  const { status, lines: said } = release(["9.9.9", "--dry-run", "--out", out], { PATH: bin });
  expect({ status, last: said.at(-1) }).toEqual({
    status: 2,
    last: expect.stringMatching(/^error: npm could not pack/) as string,
  });
  expect(readdirSync(folder).sort()).toEqual(["bin", "out"]);
  expect(readdirSync(out)).toEqual(["last"]);
  expect(dirname(out)).toBe(folder);
});
