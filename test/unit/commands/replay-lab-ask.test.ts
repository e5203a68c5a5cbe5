import { PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import { defaults } from "../../../src/cli/parse.ts";
import { confirmCluster } from "../../../src/commands/replay-lab-ask.ts";
import type { ClusterFacts } from "../../../src/scenarios/lab/guard.ts";

const facts: ClusterFacts = {
  ...{ server: "https://x", context: "staging", clusterName: "kind", uid: "u-1", nodes: 3, version: null },
};

function terminal(typed: string | null, given: { flag?: string; noInput?: boolean; isTTY?: boolean } = {}) {
  const { flag = null, noInput = false, isTTY = true } = given;
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const abort = new AbortController();
  let text = "";
  stderr.on("data", (data: Buffer) => (text += data.toString()));
  if (typed === null) void setImmediate().then(() => abort.abort());
  else stdin.write(typed);
  const io = { stdin, stderr, signal: abort.signal } as unknown as Context["io"];
  const options = { ...defaults(), "confirm-cluster": flag, "no-input": noInput };
  const context: Context = { options, io, words: [], program: "kubectl cronaudit" };
  return { context, said: () => text };
}

it.each(["u-1\n", " kind \n"])("goes on after %j", async (typed) => {
  const { context, said } = terminal(typed);
  await confirmCluster(context, facts);
  await setImmediate();
  expect(said()).toContain("Type the cluster's uid, or its name kind, to make the lab: ");
});

it("prints no name as a command to the terminal", async () => {
  const { context, said } = terminal("u-1\n");
  await confirmCluster(context, { ...facts, clusterName: "kind\u001b[31m" });
  await setImmediate();
  expect(said()).not.toContain("\u001b[31m");
});

it.each(["\n", "y\n", "yes\n", "staging\n", "u-1x\n"])("makes nothing after %j", async (typed) => {
  await expect(confirmCluster(terminal(typed).context, facts)).rejects.toMatchObject({
    ...{ name: "CommandError", message: "that is not this cluster: nothing was made" },
  });
});

it("takes the flag for the answer, and no other cluster's", async () => {
  for (const isTTY of [true, false]) await confirmCluster(terminal("", { flag: "u-1", isTTY }).context, facts);
  await expect(confirmCluster(terminal("u-1\n", { flag: "u-2" }).context, facts)).rejects.toThrow("nothing was made");
});

it("takes the uid alone where the name may mean another server", async () => {
  const unsure = { ...facts, clusterName: "" };
  await expect(confirmCluster(terminal("", { flag: "kind" }).context, unsure)).rejects.toThrow("nothing was made");
  await expect(confirmCluster(terminal("kind\n").context, unsure)).rejects.toThrow("not this cluster");
  const { context, said } = terminal("u-1\n");
  await confirmCluster(context, unsure);
  await setImmediate();
  expect(said()).toContain("Type the cluster's uid to make the lab: ");
});

it("asks only where somebody can answer", async () => {
  for (const given of [{ isTTY: false }, { noInput: true }])
    await expect(confirmCluster(terminal("u-1\n", given).context, facts)).rejects.toMatchObject({ name: "UsageError" });
});

it("ends with Ctrl-C, as a key too, and takes the end of the input as no", async () => {
  for (const typed of ["\u0003", null])
    await expect(confirmCluster(terminal(typed).context, facts)).rejects.toMatchObject({ name: "Interrupted" });
  const { context } = terminal("");
  (context.io.stdin as PassThrough).end();
  await expect(confirmCluster(context, facts)).rejects.toThrow("nothing was made");
});
