import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { hasTerminal, start, type Terminal } from "./terminal.ts";

const size = { columns: 100, rows: 24 };
const cwd = join(import.meta.dirname, "../evidence");
const bin = "bin/kubectl-cronaudit.js";

function program(...args: string[]): Terminal {
  return start([bin, ...args], size, { cwd });
}

describe.runIf(hasTerminal)("the program in a terminal", { timeout: 60_000 }, () => {
  test("cleanup of a file: a list, and the plan of what was chosen", async () => {
    const terminal = program("cleanup", "-f", "database.yaml", "--yes-unseen");
    await terminal.until(/q leave/);
    terminal.type("j ");
    await terminal.until(/Chosen: 2 jobs/);
    terminal.type("\r");
    await terminal.until(/Next: /);
    const { exit, before, after } = await terminal.end();
    expect(after).toBe(before);
    expect(exit).toBe(3);
    // What was chosen alone, and as chosen.
    expect(terminal.raw()).toContain("PLAN  2 jobs to delete. Nothing was deleted.");
    expect(terminal.raw()).toContain("What a file holds cannot be deleted");
  });

  test.each([
    ["exposure --by carrier --cleanup", ["exposure", "--by", "carrier", "--cleanup"], /job\/backup-29921880/],
    ["stale job/import-1 --cleanup", ["stale", "job/import-1", "--cleanup"], /job\/import-1/],
  ])("%s takes what that lists, and leaving deletes nothing", async (_, args, shows) => {
    const terminal = program(...args, "-f", "database.yaml", "--yes-unseen");
    await terminal.until(/q leave/);
    expect(terminal.screen()).toMatch(shows);
    expect(terminal.screen()).not.toContain(_.startsWith("stale") ? "job/backup" : "job/import-1");
    terminal.type("q");
    await terminal.until(/Nothing was deleted/);
    const { exit, before, after } = await terminal.end();
    expect([exit, after]).toEqual([0, before]);
  });

  test("nothing is asked with --no-input, and of -o json", async () => {
    for (const flags of [["--no-input"], ["-o", "json"]]) {
      const terminal = program("cleanup", "-f", "database.yaml", "--yes-unseen", ...flags);
      expect((await terminal.end()).exit).toBe(3);
      expect(terminal.raw()).not.toContain("\u001b[?1049h");
    }
  });

  test("Ctrl-C while the cluster is asked ends at once, and leaves the terminal as it was", async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const connected = new Promise((resolve) => server.once("connection", resolve));
    const terminal = program("cleanup", "--server", `http://127.0.0.1:${String(port)}`);
    await connected;
    terminal.type("\u0003");
    const { exit, before, after } = await terminal.end();
    expect([exit, after]).toEqual([130, before]);
    expect(terminal.raw()).not.toContain("\u001b[?1049h");
    const raw = terminal.raw();
    expect(raw.lastIndexOf("\u001b[?25h")).toBeGreaterThanOrEqual(raw.lastIndexOf("\u001b[?25l"));
  });
});
