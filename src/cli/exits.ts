import type { Command } from "./command.ts";

/** One exit status and what it says, as help and documentation show it. */
export interface Exit {
  status: 0 | 1 | 2 | 3 | 130;
  meaning: string;
}

/** What the exit status of a command can be; the general words first, then what it means to this command alone. */
export function exitsOf({ flags, needs, exits = {} }: Command): Exit[] {
  const usual: Record<Exit["status"], string | null> = {
    0: flags.includes("fail-on") ? "done; findings alone never change the status" : "done",
    1: flags.includes("fail-on") ? "something was found at or above --fail-on" : null,
    2: flags.includes("context")
      ? "the command line, the connection or the cluster is at fault"
      : "the command line is at fault",
    3: needs.length === 0 ? null : "the evidence was incomplete: part of the answer is a lower bound",
    130: "interrupted by Ctrl-C; 128 and its number for another signal",
  };
  return ([0, 1, 2, 3, 130] as const).flatMap((status) => {
    const parts = [usual[status], exits[status]].filter((part) => part !== null && part !== undefined);
    return parts.length === 0 ? [] : [{ status, meaning: parts.join("; ") }];
  });
}
