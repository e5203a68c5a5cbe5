import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseArguments } from "../../../src/cli/arguments.ts";
import { parse } from "../../../src/cli/parse.ts";
import { allTopics } from "../../../src/commands/explain-topics.ts";
import { commands } from "../../../src/commands/index.ts";
import { topicOf, topics } from "../../../src/explain/index.ts";
import type { Topic } from "../../../src/model/topic.ts";
import { edges } from "../../../src/rbac/edges/index.generated.ts";
import { shellWords } from "../../cli/run.ts";

const all = allTopics();
const ids = new Set(all.map(({ id }) => id));

/** The values that a published schema allows under a name. */
function published(report: string, name: string): string[] {
  const path = join(import.meta.dirname, "../../../docs/schema", `${report}.json`);
  const { definitions } = JSON.parse(readFileSync(path, "utf8")) as {
    definitions: Record<string, { enum?: string[] }>;
  };
  return definitions[name]?.enum ?? [];
}

const linesOf = ({ summary, why, fix, needs, source, more }: Topic): string[] => [
  summary,
  ...why,
  ...fix,
  ...needs,
  source,
  ...more.flatMap(({ lines, verbatim }) => (verbatim === true ? [] : lines)),
];

test("every id that a report can print has a topic", () => {
  const printed = {
    classes: published("ExposureReport", "ExposureClass"),
    severities: published("ExposureReport", "Severity"),
    states: published("StaleReport", "StaleState"),
    adversaries: published("ReplayReport", "AdversaryId"),
    controls: published("ReplayReport", "ControlId"),
    edges: edges.map(({ id }) => id),
  };
  expect(Object.entries(printed).filter(([, found]) => found.length < 5)).toEqual([]);
  expect(
    Object.values(printed)
      .flat()
      .filter((id) => topicOf(id) === null),
  ).toEqual([]);
});

test("ids are unique, can be typed, and are all that is named as related", () => {
  expect(all.length).toBe(ids.size);
  expect([...ids].filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  const wrong = all.flatMap(({ id, related }) =>
    related
      .filter((other, at) => !ids.has(other) || other === id || related.indexOf(other) !== at)
      .map((other) => `${id}: ${other}`),
  );
  expect(wrong).toEqual([]);
  expect(all.filter(({ related }) => related.length === 0 || related.length > 20).map(({ id }) => id)).toEqual([]);
  expect(topics().every((topic) => topicOf(topic.id) === topic)).toBe(true);
  expect(topicOf("nothing")).toBeNull();
});

test("every topic says why, what ends it, what it takes and where the rule is from", () => {
  const wrong = all.flatMap((topic) => {
    const { id, title, summary, why, fix, needs } = topic;
    const lines = linesOf(topic);
    const complaints = {
      "no sentence of at most 100 characters": summary.length > 100 || !/^[^\n]*[.…]$/.test(summary),
      "a title with an end": !/^[^\n]*[^.\n]$/.test(title),
      "a part without a line": [why, fix, needs].some(({ length }) => length === 0),
      "a line that is empty, or begins or ends with a space": lines.some((line) => !/^\S(.*\S)?$/.test(line)),
      "a sentence without an end": [...why, ...fix].some((line) => !/[.?)`]$/.test(line)),
      "code without an end": lines.some((line) => line.split("`").length % 2 === 0),
    };
    return Object.entries(complaints).flatMap(([what, is]) => (is ? [`${id}: ${what}`] : []));
  });
  expect(wrong).toEqual([]);
});

test("no summary of an edge ends within a word or says next to nothing", () => {
  const wrong = edges.filter(({ id, name, grants }) => {
    const { summary } = topicOf(id)!;
    const words = `${name} ${grants}`.split(" ").map((word) => word.replace(/[,;:]$/, ""));
    const says = summary.startsWith(name) ? summary.length - name.length : summary.length;
    return !words.includes(/(\S+)[.…]$/.exec(summary)![1]!) || says < 15;
  });
  expect(wrong.map(({ id }) => topicOf(id)!.summary)).toEqual([]);
});

test("what goes on after a right was taken away is said", () => {
  const silent = edges.filter(
    ({ id, needs }) =>
      /-watch$/.test(id) && needs[0]?.verbs[0] === "watch" && !/that is open goes on/.test(topicOf(id)!.fix.join(" ")),
  );
  expect(silent.map(({ id }) => id)).toEqual([]);
  expect(topicOf("rbac")!.fix.join(" ")).toMatch(/open watch or exec goes on/);
});

test("an edge's fix is about the parts that come back", () => {
  const about = (id: string): string[] => {
    const text = topicOf(id)!.fix.join(" ");
    return ["values out of the objects", "see termination-message", "see log"].filter((part) => text.includes(part));
  };
  expect(about("nodes-log-get")).toEqual(["see log"]);
  expect(about("nodes-proxy-get")).toHaveLength(3);
  expect(about("pods-status-get")).toEqual(["values out of the objects", "see termination-message"]);
  expect(about("jobs-get")).toEqual(["values out of the objects"]);
});

test("a control that rights decide says that it is judged from roles and bindings", () => {
  for (const id of ["rbac", "least-privilege"])
    expect(topicOf(id)!.needs.join(" ")).toMatch(/`list` on .*rolebindings/);
});

test("commands in texts are ones that the program takes", async () => {
  const wrong = await Promise.all(
    all.flatMap((topic) =>
      commandsIn(topic).map(async (command) => `${topic.id}: ${(await complaint(command)) ?? ""}`),
    ),
  );
  expect(wrong.length).toBeGreaterThan(100);
  expect(wrong.filter((one) => !one.endsWith(": "))).toEqual([]);
});

/** What the program would say of it before it asks a cluster; null where it takes it. */
async function complaint(command: string): Promise<string | null> {
  try {
    const { command: verb, words } = await parse(shellWords(command.split(" | ")[0]!).slice(2), commands);
    // Objects are read as the verbs read them.
    parseArguments(words.filter((word) => word.includes("/") || /^(group|user|sa):/.test(word)));
    const unknown = verb.name === "explain" ? words.filter((id) => id !== "ID" && !ids.has(id)) : [];
    return unknown.length === 0 ? null : `${command} names ${unknown.join(", ")}`;
  } catch (error) {
    return `${command}: ${(error as Error).message}`;
  }
}

function commandsIn(topic: Topic): string[] {
  return linesOf(topic).flatMap((line) =>
    [...line.matchAll(/`(kubectl cronaudit[^`]*)`/g)].map(([, command]) => command!),
  );
}

test("ids in texts are ids: what is said to be seen elsewhere is there", () => {
  const seen = all.flatMap((topic) =>
    linesOf(topic).flatMap((line) =>
      [...line.matchAll(/\b[Ss]ee ([a-z]+(?:-[a-z]+)*(?:(?:, | and )[a-z]+(?:-[a-z]+)+)*)/g)].flatMap(([, named]) =>
        named!.split(/, | and /).map((id) => `${topic.id}: ${id}`),
      ),
    ),
  );
  expect(seen.length).toBeGreaterThan(15);
  const ordinary = /: (the|them|this|their|which|it|what|who)$/;
  expect(seen.filter((one) => !ids.has(one.split(": ")[1]!) && !ordinary.test(one))).toEqual([]);
});
