import { UsageError } from "./errors.ts";

const unit: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Milliseconds of a --request-timeout: a bare number is seconds, otherwise Go's notation such as 1m30s; 0 is no limit
 * (client-go, tools/clientcmd ParseTimeout).
 */
export function parseTimeout(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text) * 1000;
  let total = 0;
  let rest = text;
  while (rest !== "") {
    const part = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)/.exec(rest);
    if (part === null) {
      throw new UsageError(
        `invalid timeout value "${text}". Timeout must be a single integer in seconds, ` +
          "or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)",
      );
    }
    total += Number(part[1]) * unit[part[2]!]!;
    rest = rest.slice(part[0].length);
  }
  return Math.round(total);
}
