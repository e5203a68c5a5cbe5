import { lintSource } from "@secretlint/core";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";

/** One named value. */
export interface Named {
  name: string;
  value: string;
}

/** A comment in a value would switch the other rules off: whoever writes the value must not have that say. */
const FILTER = "@secretlint/secretlint-rule-filter-comments";
const scanners = rules.filter(({ meta }) => meta.id !== FILTER).map((rule) => ({ id: rule.meta.id, rule }));

/** The rules that take part, `@secretlint/secretlint-rule-github`. */
export const SECRETLINT_RULES: readonly string[] = scanners.map(({ id }) => id);

/** What secretlint's recommended rules find in each `NAME=value`, as `rule/message`; one call for all, because a call is slow. */
export async function secretlintAlone(values: readonly Named[]): Promise<string[][]> {
  const lines = values.map(({ name, value }) => `${name}=${value}`);
  const ends: number[] = [];
  for (const line of lines) ends.push((ends.at(-1) ?? -1) + 1 + line.length);
  const { messages } = await lintSource({
    source: { content: lines.join("\n"), filePath: "values.env", ext: ".env", contentType: "text" },
    options: { config: { rules: scanners }, noPhysicFilePath: true },
  });
  const found: string[][] = values.map(() => []);
  for (const { range, ruleId, messageId } of messages) {
    const line = firstAtLeast(ends, range[0]);
    found[line]?.push(`${ruleId.replace("@secretlint/secretlint-rule-", "")}/${messageId}`);
  }
  return found;
}

function firstAtLeast(ascending: readonly number[], wanted: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
