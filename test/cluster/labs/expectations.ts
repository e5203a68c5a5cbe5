import { expect } from "vitest";
import type { LabTwin } from "../../../src/model/lab.ts";
import { perform, type Form, type Ground } from "./perform.ts";

/** One form, what is to come of it, by which control, and what is said of it. */
export interface Expected extends Form {
  outcome: LabTwin["outcome"];
  by: LabTwin["blockedBy"];
  because: RegExp;
}

/** A form of an expectation table: no hardenings is the default form. */
export function form(
  name: string,
  hardenings: readonly string[],
  [outcome, by]: readonly [Expected["outcome"], Expected["by"]],
  because: RegExp,
): Expected {
  return { name, form: hardenings.length === 0 ? "default" : "hardened", hardenings, outcome, by, because };
}

export const fell = ["succeeded", null] as const;

/** Carries out all forms side by side; what comes of each is as the table says, and no canary is in it. */
export async function expectForms(ground: Ground, forms: readonly Expected[]): Promise<Map<string, LabTwin>> {
  const minted: string[] = [];
  const { canaries } = ground;
  const mint = (): ReturnType<typeof canaries.mint> => {
    const canary = canaries.mint();
    minted.push(canary.value);
    return canary;
  };
  const watched = { ...ground, canaries: { ...canaries, mint } };
  const twins = await Promise.all(forms.map((one) => perform(watched, one)));
  const told = twins.map(({ outcome, blockedBy }, index) => `${forms[index]!.name}: ${outcome} ${String(blockedBy)}`);
  const because = twins.map((twin) => twin.because).join("\n");
  expect(told, because).toEqual(forms.map(({ name, outcome, by }) => `${name}: ${outcome} ${String(by)}`));
  for (const [index, one] of forms.entries()) expect(twins[index]!.because).toMatch(one.because);
  const text = JSON.stringify([twins, ground.said]);
  expect(minted.filter((value) => text.includes(value) || text.includes(btoa(value))).length).toBe(0);
  return new Map(twins.map((twin, index) => [forms[index]!.name, twin]));
}

/** `GET …/pods 200: …`: the steps of a twin without names that differ from run to run. */
export function stepsOf({ steps }: LabTwin): string[] {
  return steps.map(({ by, act, status, reason }) =>
    [by, act, status, reason].filter((part) => part !== null).join(" "),
  );
}
