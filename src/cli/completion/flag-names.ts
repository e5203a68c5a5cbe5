import type { FlagName } from "../flags.ts";
import { flagOf } from "../flags.ts";
import type { Candidate } from "./candidate.ts";
import type { Line } from "./line.ts";

/** Flags that the line may still take; those of one letter only where `-` alone was typed. */
export function flagNames({ command, given, isHelp, cursor }: Line): Candidate[] {
  const mayRepeat = (name: FlagName): boolean => flagOf(name).type === "list";
  const open = (isHelp ? (["help"] as const) : command.flags).filter((name) => !given.has(name) || mayRepeat(name));
  return open.flatMap((name) => {
    const { short, help } = flagOf(name);
    const description = command.means?.[name] ?? help;
    const isLetter = name === short;
    const long = isLetter ? [] : [{ word: `--${name}`, description }];
    const letter = short === undefined || cursor.text.startsWith("--") ? [] : [{ word: `-${short}`, description }];
    return [...long, ...letter];
  });
}
