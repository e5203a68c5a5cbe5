import type { Severity } from "../model/report.ts";

const codes: Record<Severity, string> = { critical: "1;31", high: "31", medium: "33", low: "36", info: "2" };

/**
 * Whether to colour: `always` and `never` decide; otherwise only a terminal that can, and not under NO_COLOR
 * (no-color.org: set and not empty).
 */
export function wantsColor(
  when: "auto" | "always" | "never",
  isTTY: boolean,
  env: Record<string, string | undefined>,
): boolean {
  if (when !== "auto") return when === "always";
  return isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}

/** The severity's word, in its colour if wanted. */
export function paint(text: string, severity: Severity, color: boolean): string {
  return color ? `\u001b[${codes[severity]}m${text}\u001b[0m` : text;
}
