import { expect, test } from "vitest";
import { openCanaries } from "../../../../src/scenarios/lab/canary.ts";
import { holdsCanary } from "../../../../src/scenarios/labs/find-canary.ts";

const canary = openCanaries().mint();
const { value } = canary;

test.each([
  ["a value", { spec: { env: [{ value }] } }, ["spec.env[0].value"]],
  ["a setting", ["run", `--password=${value}`], ["[1]"]],
  ["a command line", { args: [`psql -p ${value} -h db`] }, ["args[0]"]],
  ["JSON in an annotation", { a: JSON.stringify({ env: [{ value }] }) }, ["a"]],
  ["JSON in JSON", { a: JSON.stringify(JSON.stringify({ value })) }, ["a"]],
  ["base64", { data: { value: btoa(value) } }, ["data.value"]],
  ["several places", { a: value, b: [value] }, ["a", "b[0]"]],
  ["another text", { a: value.slice(1), b: canary.fingerprint, c: null, d: 1 }, []],
])("%s", (_what, object, places) => {
  expect([...holdsCanary(canary, object)]).toEqual(places);
});
