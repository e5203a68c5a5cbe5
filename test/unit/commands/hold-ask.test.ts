import { PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { defaults } from "../../../src/cli/parse.ts";
import type { Context } from "../../../src/cli/command.ts";
import { consent } from "../../../src/commands/hold-ask.ts";

function terminal(typed: string | null, { yes = false, noInput = false, isTTY = true } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const abort = new AbortController();
  let text = "";
  stderr.on("data", (data: Buffer) => (text += data.toString()));
  if (typed === null) void setImmediate().then(() => abort.abort());
  else stdin.write(typed);
  const io = { stdin, stderr, signal: abort.signal } as unknown as Context["io"];
  const options = { ...defaults(), yes, "no-input": noInput };
  const context: Context = { options, io, words: [], program: "kubectl cronaudit" };
  return { context, said: () => text };
}

it.each([
  ["y\n", true],
  ["YES\n", true],
  ["\n", false],
  ["n\n", false],
  ["yesterday\n", false],
])("takes %j as %s", async (typed, expected) => {
  const { context, said } = terminal(typed);
  expect(await consent(context, ["job/a\u001b[31m"], "Hold it?")).toBe(expected);
  await setImmediate();
  const text = said();
  expect(text).toContain("Hold it? [y/N]");
  expect(text).not.toContain("\u001b[31m");
});

it("does not ask with --yes, nor where nobody can answer", async () => {
  const sure = terminal("", { yes: true, isTTY: false });
  expect(await consent(sure.context, ["lines"], "Hold it?")).toBe(true);
  expect(sure.said()).toBe("");
  for (const given of [{ isTTY: false }, { noInput: true }]) {
    await expect(consent(terminal("y\n", given).context, [], "Hold it?")).rejects.toMatchObject({ name: "UsageError" });
  }
});

it("ends with Ctrl-C as a key, and takes the end of the input as no", async () => {
  await expect(consent(terminal("\u0003").context, [], "Hold it?")).rejects.toMatchObject({ name: "Interrupted" });
  const { context } = terminal("");
  (context.io.stdin as PassThrough).end();
  expect(await consent(context, [], "Hold it?")).toBe(false);
});

it("ends with Ctrl-C", async () => {
  await expect(consent(terminal(null).context, [], "Hold it?")).rejects.toMatchObject({ name: "Interrupted" });
});
