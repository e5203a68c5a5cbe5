import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { preserve } from "../../src/cleanup/bundle/preserve.ts";
import { schemaErrors } from "../schema.ts";
import { backup, fakeApi, optionsFor, pathsOf, wanted } from "../unit/cleanup/bundle-fixture.ts";
import { run } from "./run.ts";
import type { Outcome } from "./run.ts";
import { temporary } from "./temporary.ts";

let folder: string;
beforeEach(async () => {
  folder = temporary();
  const { job, pod, cronJob } = backup(() => "kX9-canary");
  const objects = [
    wanted(job),
    wanted(pod),
    { ...wanted(job), object: { ...wanted(job).object, name: "gone\u001b[2J", uid: "gone" } },
  ];
  await preserve(
    fakeApi({ objects: pathsOf([job, pod, cronJob]) }),
    { objects },
    optionsFor(join(folder, "b.evidence")),
  );
});

const evidence = (...args: string[]): Promise<Outcome> => run(["evidence", ...args], { cwd: folder });

test("verify says that a bundle is whole, and its SHA-256", async () => {
  const { stdout, exit } = await evidence("verify", "b.evidence");
  expect(exit).toBe(0);
  expect(stdout).toMatch(
    /^b\.evidence is whole: 4 parts, [\d,]+ bytes, written 2026-11-22T05:41:09Z to 2026-11-22T05:41:09Z\nsha256 [0-9a-f]{64}\n$/,
  );
});

test("show lists what is in it and what is not, and steers no terminal", async () => {
  const { stdout, stderr, exit } = await evidence("show", "b.evidence");
  expect(exit).toBe(0);
  expect(stdout.split("\n").map((line) => line.split(/ {3,}/).slice(0, 2).join(" | "))).toEqual([
    "WHAT | WHY",
    "job/backup-1 (database) | chosen",
    "pod/backup-1-x (database) | chosen",
    "cronjob/backup (database) | owner",
    "owners.jsonl | owners",
    "",
  ]);
  expect(stderr).toContain("by alice, alice on the machine");
  expect(stderr).toContain("Not in it: job/gone^[[2J (database): it is gone");
  expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]|kX9-canary/);
});

test("show -o json keeps to its schema", async () => {
  const { stdout } = await evidence("show", "b.evidence", "-o", "json");
  const report = JSON.parse(stdout) as { kind: string };
  expect(report.kind).toBe("BundleReport");
  expect(schemaErrors(report)).toEqual([]);
});

test("a bundle that is damaged, missing or something else ends with status 2 and says why", async () => {
  const bytes = readFileSync(join(folder, "b.evidence"));
  writeFileSync(join(folder, "cut.evidence"), bytes.subarray(0, 500));
  writeFileSync(join(folder, "other.evidence"), "something else");
  for (const verb of ["verify", "show"]) {
    const cut = await evidence(verb, "cut.evidence");
    expect([cut.exit, cut.stdout]).toEqual([2, ""]);
    expect(cut.stderr).toMatch(/^error: cut\.evidence is not whole: it is truncated/);
    expect((await evidence(verb, "other.evidence")).stderr).toMatch(/not whole: it does not begin like a bundle/);
    expect((await evidence(verb, "none")).stderr).toMatch(/^error: cannot read none: no such file or directory/);
  }
});

test.each([
  [[], /takes what to do with a bundle/],
  [["burn", "b.evidence"], /evidence cannot "burn"/],
  [["verify"], /evidence verify takes a FILE/],
  [["verify", "a", "b"], /take one FILE/],
  [["verify", "b.evidence", "--logs"], /--logs does not go with verify and show/],
  [["show", "b.evidence", "--context", "x"], /--context does not go with verify and show/],
  [["save", "x.evidence"], /takes objects as TYPE\/NAME/],
  [["save", "x.evidence", "job/a", "--recipient", "age1x"], /go with --with-values/],
  [["save", "x.evidence", "job/a", "--with-values"], /there is no terminal to ask/],
  [["save", "x.evidence", "job/a", "--with-values", "--passphrase-file", "short"], /fewer than 12 bytes/],
  [["restore", "b.evidence"], /one job\/NAME/],
  [["restore", "b.evidence", "pod/backup-1-x"], /one job\/NAME/],
  [["restore", "b.evidence", "job/backup-1", "--dry-run=client"], /is for hold alone/],
  [["restore", "b.evidence", "job/other"], /job\/other is not in b\.evidence/],
])("%j is refused", async (args, why) => {
  writeFileSync(join(folder, "short"), "hunter22\n");
  const { exit, stderr } = await evidence(...args);
  expect(exit).toBe(2);
  expect(stderr).toMatch(why);
  expect(stderr).not.toContain("hunter22");
});

test("cleanup restore is the same as evidence restore", async () => {
  const { exit, stderr } = await run(["cleanup", "restore", "b.evidence", "job/other"], { cwd: folder });
  expect(exit).toBe(2);
  expect(stderr).toMatch(/job\/other is not in b\.evidence/);
});
