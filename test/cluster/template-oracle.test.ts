import { randomInt } from "node:crypto";
import { afterAll, beforeEach, expect, inject, test } from "vitest";
import "../control-plane/global-setup.ts";
import { Oracle } from "../control-plane/oracle.ts";
import { agree, ask, compareTemplates, drawCases, ours } from "../oracle/templates/compare.ts";
import { KEPT } from "../oracle/templates/kept.ts";
import { MISTAKES } from "../oracle/templates/mistakes.ts";
import { VOLUME } from "./volume.ts";

const CASES = 4000 * VOLUME;
const FIXED = 20_261_122;
const fixed = drawCases(FIXED, CASES);
const TIMEOUT = { timeout: 600_000 * VOLUME };

let started: Promise<Oracle> | null = null;

function theOracle(): Promise<Oracle> {
  started ??= Oracle.start((line) => process.stderr.write(`oracle: ${line}\n`)).then(({ oracle }) => oracle);
  return started;
}

beforeEach((context) => {
  // No control plane is needed, but what it is built with; the run says once why it is not there.
  const provided = inject("controlPlane");
  if ("missing" in provided) context.skip(provided.missing);
});
afterAll(async () => {
  await (await started)?.stop();
});

test.each([
  ["a fixed seed", FIXED],
  ["a fresh seed", randomInt(0x7fff_ffff)],
])("templates and columns print what kubectl prints, from %s: %i", TIMEOUT, async (_, seed) => {
  const { disagreement, ...counts } = await compareTemplates(
    await theOracle(),
    seed === FIXED ? fixed : drawCases(seed, CASES),
  );
  process.stdout.write(`templates: ${JSON.stringify({ seed, ...counts })}\n`);
  expect(disagreement, "what they disagree on, made small").toBeNull();
  expect(counts.cases).toBe(CASES);
  expect(counts.telling).toBeGreaterThan(CASES / 4);
  expect(counts.refused).toBeGreaterThan(CASES / 10);
  expect(counts.crashed).toBeLessThan(CASES / 20);
});

test("what is easily taken to be otherwise", TIMEOUT, async () => {
  const oracle = await theOracle();
  for (const { why, asked, want } of KEPT) {
    const [theirs, own] = [await ask(oracle, asked), ours(asked)];
    expect(theirs.refused === undefined ? theirs.text : null, `kubectl: ${why}`).toBe(want);
    expect(own.text, `this program: ${why}`).toBe(want);
  }
});

test.each(MISTAKES)("the comparison finds it when %s", TIMEOUT, async (_, wrong) => {
  const { disagreement } = await compareTemplates(await theOracle(), fixed, wrong);
  expect(disagreement).not.toBeNull();
  const { asked, theirs } = disagreement!;
  expect(agree(theirs, ours(asked)), "without the mistake").toBe(true);
});
