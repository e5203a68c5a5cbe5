import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exposureReport } from "../../src/exposure/report.ts";
import type { AccessItem, Way } from "../../src/model/report.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { authorize } from "../../src/rbac/authorize.ts";
import { compileRbac } from "../../src/rbac/compile.ts";
import { nodeAllows, nodeReach } from "../../src/rbac/node-authorizer.ts";
import { accessReport, ALL_WAYS } from "../../src/rbac/report.ts";
import { identityOf, normalise } from "../../src/rbac/subjects.ts";
import { everything } from "../selection.ts";
import { readQuestions, requestFrom, type Question, type WayWanted } from "./questions.ts";
import { chainText, reachText, readCase, subjectFrom, subjectText } from "./read-case.ts";

const ROOT = join(import.meta.dirname, "access");
const cases = readdirSync(ROOT).sort();

test("the cases are numbered from 01", () => {
  expect(cases.map((name) => name.slice(0, 3))).toEqual(
    cases.map((_, index) => `${String(index + 1).padStart(2, "0")}-`),
  );
});

describe.each(cases)("%s", (name) => {
  const folder = join(ROOT, name);

  test("says in a few lines what it is about", () => {
    const lines = readFileSync(join(folder, "README.md"), "utf8").trim().split("\n");
    expect(lines.length).toBeLessThanOrEqual(4);
  });

  test.each(readQuestions(join(folder, "questions.yaml")).map((question) => [title(question), question] as const))(
    "%s",
    async (_, question) => {
      const snapshot = await readCase(join(folder, question.cluster), question.evidence);
      if (question.who !== undefined) judge(snapshot, question, question.who);
      if (question.secret !== undefined) {
        expect(readersOf(snapshot, question.secret)).toEqual(question.readBy?.toSorted());
      }
      if (question.pod !== undefined) expect(carriersOf(snapshot, question.pod)).toEqual(question.carries);
    },
  );
});

function title({ who, secret, pod, cluster, evidence: { version } }: Question): string {
  const where = [cluster === "cluster.yaml" ? null : cluster, version].filter((part) => part !== null);
  return [who ?? secret ?? pod ?? "", ...where].join(", ");
}

function judge(snapshot: Snapshot, question: Question, who: string): void {
  const { asks = {}, reads, perhaps, dead, never = [], ways, noOthers } = question;
  expect(answers(snapshot, question, who)).toEqual(asks);
  if (reads === undefined) return;
  const item = itemOf(snapshot, who);
  expect(reachText(item.reach)).toEqual(reads);
  if (perhaps !== undefined) expect(reachText(item.maybe)).toEqual(perhaps);
  for (const way of ways ?? []) expect(item.ways.map((found) => shown(found, way))).toContainEqual(way);
  if (noOthers === true) expect(item.ways).toHaveLength(ways?.length ?? 0);
  const edges = item.ways.flatMap(({ edges }) => edges);
  expect(edges.filter((edge) => never.includes(edge))).toEqual([]);
  if (dead !== undefined) {
    expect(item.ineffective).toEqual(
      dead.map(({ state, why }) => expect.objectContaining({ state, why: containing(why) }) as object),
    );
  }
}

function containing(text: string): unknown {
  return expect.stringContaining(text);
}

/** What RBAC and the Node authorizer say together, as the API server asks them. */
function answers(snapshot: Snapshot, { asks = {}, groups = [] }: Question, who: string): Record<string, string> {
  const rbac = compileRbac(snapshot);
  const nodes = nodeReach(snapshot.pods);
  const identity = identityOf(subjectFrom(who));
  const user = { ...identity, groups: [...identity.groups, ...groups] };
  const decide = (text: string): boolean => {
    const request = requestFrom(text);
    return authorize(rbac, user, request).allowed || (!("path" in request) && nodeAllows(nodes, user, request));
  };
  return Object.fromEntries(Object.keys(asks).map((text) => [text, decide(text) ? "yes" : "no"]));
}

/** A subject's line of the report, of which there is one. */
function itemOf(snapshot: Snapshot, who: string): AccessItem {
  const subject = normalise(subjectFrom(who));
  const report = accessReport(snapshot, everything({ allReaders: true }), {
    question: { ...ALL_WAYS, allSubjects: true },
  });
  const found = report.items.filter((item) => subjectText(item.subject) === subjectText(subject));
  if (found.length > 0) {
    expect(found).toHaveLength(1);
    return found[0]!;
  }
  // Nobody mentions it, so that it has to be asked about by name.
  return accessReport(snapshot, everything({ subjects: [subject] })).items[0]!;
}

/** The parts of a way that are wanted. */
function shown(found: Way, { effect, opens, through, note }: WayWanted): WayWanted {
  return {
    by: found.edges.join(" > "),
    ...(effect === undefined ? {} : { effect: found.effect }),
    ...(opens === undefined ? {} : { opens: reachText(found.scope) }),
    ...(through === undefined ? {} : { through: chainText(found.chain) }),
    ...(note === undefined ? {} : { note: found.note?.includes(note) === true ? note : (found.note ?? "") }),
  };
}

function readersOf(snapshot: Snapshot, text: string): string[] {
  const [namespace = "", name = ""] = text.split("/");
  const question = { ...ALL_WAYS, allSubjects: true, secret: { namespace, name } };
  const { items } = accessReport(snapshot, everything(), { question });
  return items.map(({ subject }) => subjectText(subject)).sort();
}

function carriersOf(snapshot: Snapshot, pod: string): Record<string, string | null> {
  const { items } = exposureReport(snapshot, everything({ all: true }));
  const carriers = items.flatMap((item) => item.carriers);
  const own = carriers.filter(
    ({ object }) => object.kind === "Pod" && `${object.namespace ?? ""}/${object.name}` === pod,
  );
  return Object.fromEntries(own.map((carrier) => [carrier.class, carrier.closes]));
}
