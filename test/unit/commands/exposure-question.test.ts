import { describe, expect, test } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import type { Options } from "../../../src/cli/flags.ts";
import { defaults } from "../../../src/cli/parse.ts";
import { questionOf, readAsked } from "../../../src/commands/exposure-question.ts";
import type { ExposureQuestion } from "../../../src/model/selection.ts";
import { serviceAccount, snapshot } from "../rbac/fixture.ts";

const context = (options: Partial<Options>): Context => ({
  options: { ...defaults(), ...options },
  words: [],
  io: undefined as never,
  program: "kubectl cronaudit",
});
const evidence = snapshot({
  serviceaccounts: [serviceAccount("a", "etl"), serviceAccount("b", "etl"), serviceAccount("b", "web")],
});
const ask = (options: Partial<Options>, namespace: string | null = null): ExposureQuestion =>
  questionOf(readAsked(context(options)), evidence, namespace);

test("without flags everything is asked, as everybody sees it", () => {
  expect(ask({})).toEqual({ by: "credential", classes: [], since: null, until: null, asSeenBy: [] });
});

test("flags are read in terms of the evidence", () => {
  const options = { by: "carrier", class: ["log"], since: "1d", until: "2026-11-21T12:00:00Z" } as const;
  expect(ask({ ...options, class: ["log"], "as-seen-by": ["user:alice", "group:oncall", "group:dba"] })).toEqual({
    by: "carrier",
    classes: ["log"],
    since: "2026-11-21T00:00:00Z",
    until: "2026-11-21T12:00:00Z",
    asSeenBy: [
      { kind: "User", namespace: null, name: "alice" },
      { kind: "Group", namespace: null, name: "oncall" },
      { kind: "Group", namespace: null, name: "dba" },
    ],
  });
});

describe("--as-seen-by", () => {
  const etl = { kind: "ServiceAccount", namespace: "b", name: "etl" };

  test("an account by its short, long and user name", () => {
    expect(ask({ "as-seen-by": ["sa/etl"] }, "b").asSeenBy).toEqual([etl]);
    expect(ask({ "as-seen-by": ["serviceaccount:etl"] }, "b").asSeenBy).toEqual([etl]);
    expect(ask({ "as-seen-by": ["user:system:serviceaccount:b:etl"] }).asSeenBy).toEqual([etl]);
    expect(ask({ "as-seen-by": ["sa/web"] }).asSeenBy).toMatchObject([{ namespace: "b", name: "web" }]);
  });

  test("of several namespaces it has to say which", () => {
    expect(() => ask({ "as-seen-by": ["sa/etl"] })).toThrow("serviceaccount/etl is in several namespaces: a, b");
  });

  test("that is not there is an error and no empty view", () => {
    expect(() => ask({ "as-seen-by": ["sa/nobody"] })).toThrow(/NotFound.*"nobody" not found/);
  });
});

describe("usage errors", () => {
  test.each<[string, Partial<Options>, string]>([
    ["a span that ends before it begins", { since: "1d", until: "2d" }, "nothing lies between --since 2026-11-21"],
    ["a span without time in it", { since: "1d", until: "24h" }, "nothing lies between"],
    ["no time", { since: "soon" }, "--since takes a time such as"],
    ["an object", { "as-seen-by": ["pod/x"] }, "--as-seen-by takes sa/NAME, user:NAME or group:NAME"],
    ["a type alone", { "as-seen-by": ["sa"] }, "--as-seen-by takes sa/NAME, user:NAME or group:NAME"],
    ["two users", { "as-seen-by": ["user:a", "user:b"] }, "--as-seen-by takes one user or ServiceAccount"],
    ["a user and an account", { "as-seen-by": ["user:a", "sa/etl"] }, "--as-seen-by takes one user or ServiceAccount"],
    ["a drawing for programs", { timeline: true, output: "json" }, "--timeline draws for people, and -o json is"],
    ["a drawing that the page has", { timeline: true, output: "html" }, "-o html draws the windows by itself"],
    ["a drawing of carriers", { timeline: true, by: "carrier" }, "--timeline draws one row for each credential"],
  ])("%s", (_, options, message) => {
    expect(() => ask(options, "b")).toThrow(
      expect.objectContaining({ name: "UsageError", message: expect.stringContaining(message) as unknown }),
    );
  });
});
