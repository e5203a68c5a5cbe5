import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { allTopics } from "../../../src/commands/explain-topics.ts";
import type { Topic } from "../../../src/model/topic.ts";
import { listText, topicText, type TextLayout } from "../../../src/output/explain/text.ts";

const all = allTopics();
const layout = (change: Partial<TextLayout> = {}): TextLayout => ({
  columns: 100,
  color: false,
  program: "kubectl cronaudit",
  ...change,
});
const prose = all.filter(({ more }) => more.every(({ verbatim }) => verbatim !== true));

test.each([40, 60, 80, 100, 250])(
  "no line is wider than a terminal of %d columns, but for a word that is",
  (columns) => {
    for (const write of [topicText, listText]) {
      const lines = write(prose, layout({ columns })).split("\n");
      const wide = lines.filter((line) => line.length > columns && line.trim().replace(/^- /, "").includes(" "));
      expect(wide).toEqual([]);
    }
  },
);

test("a command is broken only where no line holds it", () => {
  const text = topicText(prose, layout());
  const commands = prose
    .flatMap(({ fix, more }) => [...fix, ...more.flatMap(({ lines }) => lines)])
    .flatMap((line) => line.match(/`[^`]+`/g) ?? []);
  expect(commands.length).toBeGreaterThan(100);
  expect([...new Set(commands)].filter((command) => command.length < 90 && !text.includes(command))).toEqual([]);
});

test("colour makes headings bold and changes nothing else", () => {
  for (const write of [topicText, listText]) {
    const bold = write(all, layout({ color: true }));
    expect(bold).toContain("\u001b[1m");
    expect(stripVTControlCharacters(bold)).toBe(write(all, layout()));
  }
});

test("commands are told as the program is called", () => {
  const text = topicText(all, layout({ program: "kubectl-cronaudit" }));
  expect(text).toContain("`kubectl-cronaudit cleanup cronjob/NAME -n NAMESPACE`");
  expect(text.replaceAll(/^ {2}#.*$/gm, "")).not.toContain("kubectl cronaudit");
});

test("a manifest stays as it is, in whatever width", () => {
  const manifest = ["# for a test", "rules:", "- apiGroups:", "  - a-very-long-name-that-no-line-of-this-width-holds"];
  const topic: Topic = {
    ...{ id: "x", kind: "rights", title: "X", summary: "X.", source: "x" },
    ...{ why: ["x."], fix: ["x."], needs: ["x"], related: [] },
    more: [{ heading: "Manifest", lines: manifest, verbatim: true }],
  };
  const shown = topicText([topic], layout({ columns: 20 }));
  expect(shown).toContain(manifest.map((line) => `  ${line}\n`).join(""));
});
