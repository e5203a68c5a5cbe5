import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Io } from "../../../src/cli/io.ts";
import { startProgress } from "../../../src/cli/progress.ts";

function terminal(isTTY: boolean, env: Record<string, string> = {}, columns = 80): { io: Io; text(): string } {
  const chunks: Buffer[] = [];
  const cursor = { cursorTo: () => true, clearLine: () => true, moveCursor: () => true };
  const stderr = Object.assign(new PassThrough(), { isTTY, columns, ...cursor });
  stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { io: { stderr, env } as unknown as Io, text: () => Buffer.concat(chunks).toString() };
}

test("a terminal sees what is going on, and nothing after the end", async () => {
  const { io, text } = terminal(true);
  const progress = await startProgress(io, "listing pods");
  expect(text()).toContain("listing pods");
  progress.stop();
  const length = text().length;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(text()).toHaveLength(length);
});

test.each([
  [false, {}, 80],
  [true, { TERM: "dumb" }, 80],
  [true, {}, 0],
])("no line is printed where there is no terminal to draw in: %j %j, %d columns", async (isTTY, env, columns) => {
  const { io, text } = terminal(isTTY, env, columns);
  const progress = await startProgress(io, "listing pods");
  progress.text("listing jobs");
  progress.stop();
  expect(text()).toBe("");
});
