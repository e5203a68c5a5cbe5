import type { Topic } from "../../model/topic.ts";
import { ACCESS_CHECKS } from "./access.ts";
import type { Check } from "./check.ts";
import { RUN_CHECKS } from "./runs.ts";
import { WORD_CHECKS } from "./words.ts";

const checks: readonly Check[] = [...ACCESS_CHECKS, ...RUN_CHECKS, ...WORD_CHECKS];

/** One topic for each thing that triage and stale find besides credentials, and for the words that reports use. */
export function checkTopics(): Topic[] {
  return checks.map(({ id, title, summary, why, fix, needs, source, more = [], related }) => ({
    id,
    kind: "check",
    title,
    summary,
    why: [...why],
    fix: [...fix],
    needs: [...needs],
    source,
    more: [...more],
    related: [...related],
  }));
}

/** An exposure, which the triage has a line for (exposure/identity.ts). */
const EXPOSURE = /^[0-9a-f]{16}$/;

/** The id of the check that a line of the triage, or a value in a report, is of: `account/database/backup` gives `account-reach`; null for others. */
export function checkOfLine(line: string): string | null {
  if (EXPOSURE.test(line)) return "exposed-credential";
  const isLine = (one: string): boolean => (one.endsWith("/") ? line.startsWith(one) : line === one);
  return checks.find(({ id, lines = [] }) => id === line || lines.some(isLine))?.id ?? null;
}
