import type { Options } from "../cli/flags.ts";
import { UsageError } from "../cli/errors.ts";
import type { Also, CleanupRules } from "../model/cleanup.ts";
import { readSeconds } from "./moment.ts";

/** The greatest number that the API takes for either (int32). */
const MOST = 2_147_483_647;

/** How objects go and what is changed besides, as the command line says. Throws UsageError for what cannot be. */
export function readWays(options: Options): Pick<CleanupRules, "by" | "cascade" | "also"> {
  const by = options["delete-by"] ?? "request";
  if (by === "ttl" && options.cascade !== null)
    throw new UsageError("--cascade has no say with --delete-by ttl", [
      "The TTL controller deletes in the foreground.",
    ]);
  const cascade = by === "ttl" ? "foreground" : (options.cascade ?? "background");
  return { by, cascade, also: readAlso(options.also) };
}

function readAlso(texts: readonly string[]): Also[] {
  const found = new Map<Also["way"], { text: string; also: Also }>();
  for (const text of texts) {
    const also = alsoOf(text);
    const known = found.get(also.way);
    if (known !== undefined && known.text !== text)
      throw new UsageError(`--also ${known.text} and --also ${text} cannot be used together`);
    found.set(also.way, { text, also });
  }
  return [...found.values()].map(({ also }) => also);
}

/** The parser has looked at its form. */
function alsoOf(text: string): Also {
  const [way, value = ""] = text.split("=") as [string, string?];
  switch (way) {
    case "ttl": {
      const seconds = readSeconds("--also ttl", value);
      if (seconds > MOST) throw new UsageError(`--also ttl takes at most ${String(MOST)} seconds`);
      return { way: "ttl", seconds };
    }
    case "history-limit":
      if (!/^\d{1,9}$/.test(value))
        throw new UsageError(`--also history-limit takes a whole number, 0 or more, and "${value}" is none`);
      return { way: "history-limit", limit: Number(value) };
    case "delete-token":
      return { way: "delete-token" };
    default:
      return { way: "suspend" };
  }
}
