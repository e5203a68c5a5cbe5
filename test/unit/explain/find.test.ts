import { expect, test } from "vitest";
import { allTopics } from "../../../src/commands/explain-topics.ts";
import { findTopics, idsWith, kindOf } from "../../../src/explain/find.ts";
import { TOPIC_NAMES } from "../../../src/explain/names.generated.ts";

const all = allTopics();
const found = (word: string): string[] => findTopics(word, all).map(({ id }) => id);

test.each([
  ["literal-env", ["literal-env"]],
  ["LITERAL_ENV", ["literal-env"]],
  ["CRITICAL", ["critical"]],
  ["1", ["completed-pod"]],
  ["5", ["stale-accumulation"]],
  ["account/database/backup", ["account-reach"]],
  ["more-accounts", ["account-reach"]],
  ["image/0b9c/worker", ["image-change"]],
  ["stale", ["stale"]],
  ["finalizer", ["retention"]],
  ["likely", ["confidence"]],
  ["0123456789abcdef", ["exposed-credential"]],
  ["create pods/exec", ["pods-exec"]],
  ["get pods/exec", ["pods-exec-get"]],
  ["T1552", ["completed-pod", "over-permissive-account", "stale-accumulation"]],
  ["T1525", ["image-substitution"]],
  ["t1613", ["completed-pod", "stale-accumulation"]],
  ["MS-TA9014", ["concurrent-rotation"]],
  ["cronaudit-exposure", ["cronaudit-exposure"]],
])("%s means %j", (word, ids) => {
  expect(found(word)).toEqual(ids);
});

test.each([
  "",
  "0",
  "6",
  "literal",
  "pods",
  "literal-env ",
  "constructor",
  "__proto__",
  "account",
  "x".repeat(100_000),
])("%# means nothing that was not said", (word) => {
  expect(found(word)).toEqual(word.trim() === "literal-env" ? ["literal-env"] : []);
});

test("every id means its own topic, and no word of a kind is one", () => {
  expect(all.filter(({ id }) => found(id).join() !== id)).toEqual([]);
  expect(all.filter(({ id }) => kindOf(id) !== null)).toEqual([]);
  expect([kindOf("edges"), kindOf("Scenario"), kindOf("toString"), kindOf("rights")]).toEqual([
    "edge",
    "adversary",
    null,
    null,
  ]);
});

test("ids that hold a word are told, those that begin with it first", () => {
  expect(idsWith("exec", all, 5)).toEqual(["pods-exec", "pods-exec-get"]);
  expect(idsWith("pods", all, 3).every((id) => id.startsWith("pods-"))).toBe(true);
  expect(idsWith("p", all, 3)).toEqual([]);
});

test("completion has every topic without loading one", () => {
  expect(TOPIC_NAMES.map(([id, kind, summary]) => ({ id, kind, summary }))).toEqual(
    all.map(({ id, kind, summary }) => ({ id, kind, summary })),
  );
});
