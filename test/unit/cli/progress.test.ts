import { PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";
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
  [true, { CI: "true" }, 80],
  [true, {}, 0],
])("no line is printed where there is no terminal to draw in: %j %j, %d columns", async (isTTY, env, columns) => {
  const { io, text } = terminal(isTTY, env, columns);
  const progress = await startProgress(io, "listing pods");
  progress.text("listing jobs");
  progress.stop();
  expect(text()).toBe("");
});

test("what is counted has a bar, and the time that is left once it can be told; what begins anew starts anew", async () => {
  const { io, text } = terminal(true);
  let now = 0;
  const progress = await startProgress({ ...io, now: () => new Date(now) }, "connecting");
  const shows = async (at: number, said: string, share: number): Promise<string> => {
    now = at * 1000;
    const before = text().length;
    progress.text(said, share);
    // Whole once another frame has begun.
    await vi.waitFor(() => expect(text().slice(before).split(said).length).toBeGreaterThan(2), { timeout: 20_000 });
    return text().slice(before);
  };
  expect(await shows(0, "0 of 400 settled", 0)).toContain("[........................] 0 of 400 settled");
  expect(await shows(1, "10 of 400 settled", 0.025)).not.toContain("left");
  expect(await shows(5, "100 of 400 settled", 0.25)).toContain(
    "[######..................] 100 of 400 settled, 15 s left",
  );
  expect(await shows(500, "200 of 400 settled", 0.5)).toContain(", 9 min left");
  expect(await shows(600, "400 of 400 settled", 1)).toMatch(/\[#{24}\] 400 of 400 settled(?!,)/);
  expect(await shows(700, "1 of 800 read as gone", 0)).not.toContain("left");
  expect(await shows(710, "400 of 800 read as gone", 0.5)).toContain(", 10 s left");
  progress.stop();
});
