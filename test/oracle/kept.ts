import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { OracleCase } from "../control-plane/oracle.ts";
import type { Disagreement } from "./compare.ts";

/** A case that is asked in every run, because the two disagreed on it once or because it is easily judged wrong. */
export interface KeptCase extends OracleCase {
  why: string;
  /** The digits that are right, one a request. */
  want: string;
}

/** The cases of kept-cases.yaml. */
export function keptCases(): KeptCase[] {
  return parse(readFileSync(join(import.meta.dirname, "kept-cases.yaml"), "utf8")) as KeptCase[];
}

/** A disagreement in words, with the case as kept-cases.yaml takes it: JSON is YAML. */
export function describeDisagreement({ seed, minimal, ours, theirs }: Disagreement): string {
  const kept: KeptCase = { why: "", ...minimal, want: theirs };
  return [
    `Kubernetes says ${words(theirs)}, this program says ${words(ours)}. The smallest case:`,
    JSON.stringify(kept, null, 2),
    `The whole case again: npm run differential -- --cases 40 --seed ${String(seed)}`,
    "Mend the model, and keep the case in test/oracle/kept-cases.yaml.",
  ].join("\n");
}

function words(digit: string): string {
  return ["no", "yes by RBAC", "yes by the Node authorizer", "yes by RBAC and by the Node authorizer"][Number(digit)]!;
}
