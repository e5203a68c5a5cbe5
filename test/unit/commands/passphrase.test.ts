import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { askPassphrase } from "../../../src/commands/passphrase.ts";
import type { Io } from "../../../src/cli/io.ts";

interface Terminal {
  io: Io;
  raw: boolean[];
  shown(): string;
  type(text: string): void;
}

function terminal(isTTY = true, signal = new AbortController().signal): Terminal {
  const raw: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: (on: boolean) => raw.push(on) });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  let shown = "";
  stderr.on("data", (data: Buffer) => (shown += data.toString()));
  return { io: { stdin, stderr, signal } as unknown as Io, raw, shown: () => shown, type: (text) => stdin.write(text) };
}

test("a new passphrase is asked for twice, and nothing of it is shown", async () => {
  const { io, raw, shown, type } = terminal();
  const asked = askPassphrase(io, false, true);
  type("correct horsX\u007fe\r");
  await expect.poll(shown).toMatch(/The same again/);
  type("correct horse\r");
  await expect(asked).resolves.toBe("correct horse");
  expect(shown()).toBe("Passphrase of the values: \nThe same again: \n");
  expect(raw).toEqual([true, false, true, false]);
});

test("two that differ are refused", async () => {
  const { io, shown, type } = terminal();
  const asked = askPassphrase(io, false, true);
  type("one thing\r");
  await expect.poll(shown).toMatch(/The same again/);
  type("another\r");
  await expect(asked).rejects.toThrow("the passphrases differ");
});

test("Ctrl-C gives the terminal back", async () => {
  const { io, raw, type } = terminal();
  const asked = askPassphrase(io, false, false);
  type("half\u0003");
  await expect(asked).rejects.toMatchObject({ name: "Interrupted" });
  expect(raw).toEqual([true, false]);
});

test("a signal gives the terminal back", async () => {
  const interrupt = new AbortController();
  const { io, raw } = terminal(true, interrupt.signal);
  const asked = askPassphrase(io, false, false);
  interrupt.abort();
  await expect(asked).rejects.toMatchObject({ name: "Interrupted" });
  expect(raw).toEqual([true, false]);
});

test("without a terminal, or with --no-input, nothing is asked", async () => {
  await expect(askPassphrase(terminal(false).io, false, true)).rejects.toThrow(/no terminal/);
  await expect(askPassphrase(terminal().io, true, true)).rejects.toThrow(/no terminal/);
});
