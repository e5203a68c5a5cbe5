import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import { parse } from "../../../src/cli/parse.ts";
import { commands } from "../../../src/commands/index.ts";
import { recorded } from "../../../scripts/docs/sessions.ts";
import { run, shellWords } from "../../cli/run.ts";

const root = join(import.meta.dirname, "../../..");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs")).map((file) => `docs/${file}`),
]
  .filter((file) => file.endsWith(".md"))
  .map((file) => [file, readFileSync(join(root, file), "utf8")] as const);

/** What a page has one type: the lines of its shell blocks, and what stands between backquotes, whole. */
function typedIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```(?:sh|console)\n([^]*?)^```$/gm)].flatMap(([, block]) => block!.split("\n"));
  const inline = [...text.replace(/^```[^]*?^```$/gm, "").matchAll(/`([^`]+)`/g)].map(([, code]) =>
    code!.replaceAll("\n", " "),
  );
  return [...blocks.map((line) => line.replace(/^\$ /, "")), ...inline];
}

/** The program's own command lines among them, without comments, pipes and where output goes. */
function ownLines(text: string): string[] {
  return typedIn(text).flatMap((line) => {
    const [, args] =
      /^(?:kubectl cronaudit|npx kubectl-cronaudit|kubectl-cronaudit)(?= |$)(.*)$/.exec(line.trim()) ?? [];
    return args === undefined ? [] : [args.replace(/\s(?:#|>|\||&&|;|2>).*$/, "").trim()];
  });
}

test.each(pages)("each command line in %s is understood", async (_, text) => {
  for (const line of ownLines(text)) {
    // Dots and brackets say that something may follow.
    const args = shellWords(line).filter((word) => !/^(?:…|\.\.\.|\[.*)$/.test(word));
    await parse(args, commands).catch((error: unknown) => {
      throw new Error(`${line}: ${(error as Error).message}`);
    });
  }
});

test("what README.md shows runs, on the recorded cluster", async () => {
  const reports = ownLines(pages[0]![1]).filter(
    (line) => !/^(?:hold|snapshot|completion)|--(?:yes|lab|help)|ID/.test(line),
  );
  const asked = reports.map((line) => shellWords(line)).filter((args) => !args.includes("-f"));
  expect(asked.length).toBeGreaterThan(12);
  for (const args of asked) {
    const { command } = await parse(args, commands);
    const given = (command.flags as readonly string[]).includes("filename") ? [...args, "-f", recorded] : args;
    const { exit, stderr, stdout } = await run(given, { cwd: root });
    expect([0, 3], `${args.join(" ")}: ${stderr}`).toContain(exit);
    expect(stdout, args.join(" ")).not.toBe("");
  }
});

test("such lines are found", () => {
  const [, readme] = pages[0]!;
  expect(ownLines(readme).length).toBeGreaterThan(10);
  expect(ownLines("```sh\nnpx kubectl-cronaudit stale -n x  # why\n```\n`kubectl cronaudit`")).toEqual([
    "stale -n x",
    "",
  ]);
});

test.each(pages)("each npm script in %s is there", (_, text) => {
  const scripts = new Set(Object.keys(packageJson.scripts));
  const run = typedIn(text).flatMap((line) =>
    [...line.matchAll(/\bnpm run (?:-s )?([a-z-]+)/g)].map(([, name]) => name!),
  );
  expect(run.filter((name) => !scripts.has(name))).toEqual([]);
});

test.each(pages)("what %s leads to in this repository is there", (file, text) => {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  for (const target of targets.filter((one) => !/^[a-z]+:/.test(one))) {
    const [path = "", anchor] = target.split("#");
    const page = path === "" ? join(root, file) : join(root, dirname(file), path);
    expect(existsSync(page), `${file}: ${target}`).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(readFileSync(page, "utf8")), `${file}: ${target}`).toContain(anchor);
  }
});

/** The names by which headings can be led to, as forges make them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
