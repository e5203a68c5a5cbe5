import type { Report } from "../../src/model/report.ts";

/** Names that try to be more than text. */
export const hostile = [
  `<img src=x onerror="document.title='taken'">`,
  `</script><script>document.title='taken'</script>`,
  `</style><style>body{display:none}</style>`,
  `" onmouseover="document.title='taken'" x="`,
  `' autofocus onfocus='document.title="taken"`,
  `javascript:document.title='taken'`,
  `]]><svg onload="document.title='taken'"/>`,
  `&lt;b&gt;&amp;&#60;i&#62;`,
  `<a href="https://example.com/">link</a><base href="https://example.com/">`,
  `user\u202etxt.exe\u2066\u200f`,
  `zero\u200bwidth\u00ad\u2060`,
  `\u001b[31mred\u0007\u009b0m\r\nnext line\u2028end`,
  `--><!-- ${"`${document.title='taken'}`"}`,
  `${"x".repeat(10_000)}`,
  `${"ä 长 ".repeat(2_000)}`,
] as const;

const kept = new Set([
  ...["apiVersion", "kind", "class", "severity", "opens", "closes", "opensNotBefore", "closesBecause", "takenAt"],
  ...["neededUntil", "provedSince", "removedBy", "rotatedBy", "expiresBy", "confidence", "decision"],
]);

/**
 * The report with every text that a cluster could have chosen replaced by hostile ones, in turn. What the program itself
 * chooses among (kinds, classes, severities, times) stays.
 */
export function made<R extends Report>(report: R): { report: R; used: Set<string> } {
  const used = new Set<string>();
  let next = 0;
  const change = (value: unknown, key: string): unknown => {
    if (typeof value === "string" && !kept.has(key)) {
      const text = hostile[next++ % hostile.length]!;
      used.add(text);
      return text;
    }
    if (Array.isArray(value)) return value.map((one) => change(one, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([own, inner]) => [own, change(inner, own)]));
  };
  return { report: change(report, "") as R, used };
}
