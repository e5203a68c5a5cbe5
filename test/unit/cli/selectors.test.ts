import { expect, test } from "vitest";
import { parseFieldSelector, parseLabelSelector } from "../../../src/cli/selectors.ts";

const text = (requirements: { key: string; operator: string; values: string[] }[]): string[] =>
  requirements.map(({ key, operator, values }) => `${key} ${operator} [${values.join("|")}]`);

test.each([
  ["a=b", ["a = [b]"]],
  ["a==b", ["a = [b]"]],
  ["a!=b", ["a != [b]"]],
  ["a=", ["a = []"]],
  ["a in (b,c)", ["a in [b|c]"]],
  ["a in ( b , c )", ["a in [b|c]"]],
  ["a notin (b)", ["a notin [b]"]],
  ["a", ["a exists []"]],
  ["!a", ["a !exists []"]],
  [
    "app.kubernetes.io/name=x,tier!=y,env in (p,q),!old",
    ["app.kubernetes.io/name = [x]", "tier != [y]", "env in [p|q]", "old !exists []"],
  ],
  [" a = b , c ", ["a = [b]", "c exists []"]],
])("labels.Parse: %s", (selector, expected) => {
  expect(text(parseLabelSelector(selector))).toEqual(expected);
});

test.each([
  "a=b,",
  ",a",
  "a=b=c",
  "a in b",
  "a in (b",
  "a>1",
  "=b",
  "a b",
  "a in",
  "(a)",
  "-a=b",
  "a=-b",
  "a/b/c=d",
  `${"x".repeat(64)}=1`,
])("labels.Parse refuses: %s", (selector) => {
  expect(() => parseLabelSelector(selector)).toThrow(expect.objectContaining({ name: "UsageError" }));
});

test.each([
  ["status.phase=Failed", ["status.phase = [Failed]"]],
  ["metadata.name!=x,spec.nodeName==n", ["metadata.name != [x]", "spec.nodeName = [n]"]],
])("fields.ParseSelector: %s", (selector, expected) => {
  expect(text(parseFieldSelector(selector))).toEqual(expected);
});

test.each([
  ["status.fase=Failed", "field label not supported: status.fase"],
  ["status.phase", 'can\'t understand "status.phase"'],
  ["type=Opaque", "field label not supported: type"],
])("fields.ParseSelector refuses: %s", (selector, message) => {
  expect(() => parseFieldSelector(selector)).toThrow(message);
});
