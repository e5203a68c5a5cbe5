import { describe, expect, test } from "vitest";
import { answerLine } from "../../../../src/cli/completion/answer.ts";
import type { NameKind, Names } from "../../../../src/cli/completion/candidate.ts";
import { isOpen } from "../../../../src/cli/completion/candidate.ts";
import { readLine } from "../../../../src/cli/completion/line.ts";
import type { Command } from "../../../../src/cli/command.ts";
import { flagOf } from "../../../../src/cli/flags.ts";
import { parse } from "../../../../src/cli/parse.ts";
import { commands } from "../../../../src/commands/index.ts";

const all: readonly Command[] = commands;
const verbs = all.filter(({ name }) => name !== "");

const known: Partial<Record<NameKind, string[]>> = {
  context: ["dev", "prod"],
  namespace: ["database", "default"],
  CronJob: ["backup", "bills"],
  Job: ["backup-1"],
  ServiceAccount: ["backup", "default"],
  User: ["alice"],
  secret: ["database/credentials"],
  adversary: ["completed-pod", "stale-accumulation"],
  topic: ["literal-env"],
};
const names: Names = (kind) => Promise.resolve((known[kind] ?? []).map((word) => ({ word, description: `a ${kind}` })));

/** The words that are offered for a line whose last word is under the cursor. */
async function words(...typed: string[]): Promise<string[]> {
  const { candidates } = await answerLine(readLine(typed, all), all, names);
  return candidates.map(({ word }) => word);
}

const files = async (...typed: string[]): Promise<boolean> =>
  (await answerLine(readLine(typed, all), all, names)).files;

describe("the parser takes what is offered", () => {
  test.each(all)("every flag of '$name', each with what it needs", async (command) => {
    const verb = command.name === "" ? [] : [command.name];
    const offered = await words(...verb, "-");
    expect(offered.length).toBeGreaterThanOrEqual(command.flags.length);
    for (const flag of command.flags) expect(offered).toContain(flag === "v" ? "-v" : `--${flag}`);
    for (const word of offered) {
      const name = command.flags.find((one) => word === `--${one}` || word === `-${flagOf(one).short ?? ""}`)!;
      const value = flagOf(name).type === "boolean" ? [] : [await validValue(command, name)];
      const { command: found } = await parse([...verb, word, ...value], all);
      expect(found.name).toBe(command.name);
    }
  });

  async function validValue(command: Command, name: (typeof command.flags)[number]): Promise<string> {
    const verb = command.name === "" ? [] : [command.name];
    const offered = await words(...verb, `--${name}`, "");
    const closed = offered.filter((word) => !isOpen(word));
    // Each, not only the first: a choice that one command does not take is not offered there.
    for (const word of closed) {
      await parse([...verb, `--${name}`, word], all);
      await parse([...verb, `--${name}=${word}`], all);
    }
    expect(await words(...verb, `--${name}=`)).toEqual(offered);
    return closed[0] ?? (flagOf(name).type === "number" ? "1" : "x");
  }

  test("every verb, after help as well", async () => {
    const offered = await words("");
    expect(offered).toEqual([...verbs.map(({ name }) => name), "help"]);
    expect(await words("help", "")).toEqual(offered);
    for (const word of offered.filter((one) => one !== "help")) {
      expect((await parse(["help", word], all)).command.name).toBe(word);
    }
  });

  test("every candidate says what it is, values that speak for themselves apart", async () => {
    for (const typed of [
      [""],
      ["exposure", "--"],
      ["exposure", "-o", ""],
      ["evidence", ""],
      ["replay", ""],
      ["completion", ""],
    ]) {
      const { candidates } = await answerLine(readLine(typed, all), all, names);
      expect(candidates.length).toBeGreaterThan(2);
      expect(candidates.filter(({ description }) => description === "")).toEqual([]);
    }
  });
});

test("what was given is not offered again, unless it may be repeated", async () => {
  expect(await words("exposure", "--all", "-o", "json", "--al")).toEqual([
    "--all-readers",
    "--also",
    "--all-namespaces",
  ]);
  expect(await words("exposure", "-A", "--all-n")).toEqual([]);
  expect(await words("exposure", "--class", "log", "--cla")).toEqual(["--class"]);
  expect(await words("exposure", "--class", "log", "--class", "lo")).toEqual([]);
  expect(await words("stale", "cronjob/backup", "cronjob/b")).toEqual(["cronjob/bills"]);
});

test("values in one word, of letters put together, and after a comma", async () => {
  expect(await words("-ojso")).toContain("-ojson");
  expect(await words("-o=jso")).toContain("json");
  expect(await words("-o", "jsonp")).toContain("jsonpath=");
  expect(await files("-o", "jsonpath-file=x")).toBe(true);
  expect(await words("exposure", "-Aojso")).toContain("-Aojson");
  expect(await words("exposure", "-ndat")).toEqual(["-ndatabase"]);
  expect(await words("exposure", "--namespace=dat")).toEqual(["database"]);
  expect(await words("exposure", "--all=")).toEqual(["true", "false"]);
  const selector = ["stale", "--field-selector", "metadata.name=a,status."] as const;
  expect(await words(...selector)).toEqual(["metadata.name=a,status.phase="]);
  expect(await words("cleanup", "--also", "t")).toEqual(["ttl="]);
});

test("objects as TYPE/NAME and TYPE NAME", async () => {
  expect(await words("exposure", "")).toEqual(["cronjob/", "job/", "pod/", "sa/"]);
  expect(await words("exposure", "serv")).toEqual(["serviceaccount/"]);
  expect(await words("exposure", "cj")).toEqual(["cj/"]);
  expect(await words("exposure", "CronJobs.batch/b")).toEqual(["CronJobs.batch/backup", "CronJobs.batch/bills"]);
  expect(await words("exposure", "deploy/")).toEqual([]);
  expect(await words("exposure", "cronjob", "b")).toEqual(["backup", "bills"]);
  expect(await words("exposure", "cronjob", "backup", "b")).toEqual(["bills"]);
  expect(await words("exposure", "cj,jobs", "b")).toEqual(["backup", "bills", "backup-1"]);
  // Without a verb as well, but beside the verbs only once something is typed.
  expect(await words("c")).toEqual(["cleanup", "completion", "cronjob/"]);
  expect(await words("cronjob/")).toEqual(["cronjob/backup", "cronjob/bills"]);
  expect(await words("-n", "database", "cronjob/bi")).toEqual(["cronjob/bills"]);
  expect(await words("exposure", "--", "cronjob/bi")).toEqual(["cronjob/bills"]);
  expect(await words("--", "exposure", "")).toEqual(["cronjob/", "job/", "pod/", "sa/"]);
});

test("subjects, Secrets and positions", async () => {
  expect(await words("access", "u")).toEqual(["user:"]);
  expect(await words("access", "user:")).toEqual(["user:alice"]);
  expect(await words("access", "sa/d")).toEqual(["sa/default"]);
  expect(await words("access", "--secret", "")).toEqual(["database/credentials"]);
  expect(await words("exposure", "--as-seen-by", "")).toEqual(["sa/", "user:", "group:"]);
  expect(await words("replay", "--as", "sa/")).toEqual(["sa/backup", "sa/default"]);
  // Elsewhere that is somebody to impersonate.
  expect(await words("stale", "--as", "sa/")).toEqual([]);
});

test("words that a verb has of its own", async () => {
  expect(await words("replay", "")).toEqual([
    "completed-pod",
    "stale-accumulation",
    "cleanup",
    "cronjob/",
    "job/",
    "pod/",
    "sa/",
  ]);
  expect(await words("replay", "completed-pod", "")).not.toContain("completed-pod");
  expect(await words("replay", "cronjob", "b")).toEqual(["backup", "bills"]);
  expect(await words("replay", "cleanup", "")).toEqual([]);
  expect(await words("evidence", "")).toEqual(["verify", "show", "save", "restore"]);
  expect(await words("evidence", "restore", "x.evidence", "")).toEqual(["job/"]);
  expect(await words("evidence", "restore", "x.evidence", "job/")).toEqual(["job/backup-1"]);
  expect(await words("evidence", "verify", "x.evidence", "")).toEqual([]);
  expect(await words("cleanup", "restore", "x.evidence", "job/")).toEqual(["job/backup-1"]);
  expect(await words("completion", "z")).toEqual(["zsh"]);
  expect(await words("completion", "zsh", "")).toEqual([]);
  expect(await words("explain", "lit")).toEqual(["literal-env"]);
  expect(await words("version", "")).toEqual([]);
});

test("files where a file is wanted, and nowhere else", async () => {
  for (const typed of [["-f"], ["--filename"], ["exposure", "--rules"], ["cleanup", "--resume"], ["--kubeconfig"]]) {
    expect(await files(...typed, "")).toBe(true);
  }
  for (const typed of [["snapshot"], ["evidence", "show"], ["cleanup", "restore"], ["--filename=x"]]) {
    expect(await files(...typed, ...(typed[0]!.startsWith("--") ? [] : [""]))).toBe(true);
  }
  for (const typed of [
    [""],
    ["exposure", ""],
    ["--token", ""],
    ["-l", ""],
    ["replay", "--confirm-cluster", ""],
    ["--", "a"],
  ]) {
    expect(await files(...typed)).toBe(false);
  }
});

test("a name that would be a flag as a word of its own is not offered", async () => {
  const evil: Names = () => Promise.resolve(["--yes", "-A", "good"].map((word) => ({ word, description: "" })));
  const offered = async (...typed: string[]): Promise<string[]> =>
    (await answerLine(readLine(typed, all), all, evil)).candidates.map(({ word }) => word);
  expect(await offered("cleanup", "cronjob", "")).toEqual(["good"]);
  expect(await offered("cleanup", "cronjob/")).toEqual(["cronjob/--yes", "cronjob/-A", "cronjob/good"]);
});

test("flags that do not exist, and what is not finished, are passed over", async () => {
  expect(await words("exposure", "--nonsense", "--fail-on", "h")).toEqual(["high"]);
  expect(await words("exposure", "--nonsense=", "-Z", "--fail-on=h")).toEqual(["high"]);
  expect(await words("--nonsense=")).toEqual([]);
  expect(await words("nonsense", "--fail-on=h")).toEqual(["high"]);
  expect(await words()).toEqual(await words(""));
});
