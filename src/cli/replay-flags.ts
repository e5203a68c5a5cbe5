import type { Flag } from "./flags.ts";

/** The flags that replay alone has: none so far. What those that it shares mean there is said under the same heading. */
export const replay = {} as const satisfies Record<string, Flag>;
