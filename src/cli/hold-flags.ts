import type { Flag } from "./flags.ts";

/** The flags of a hold. */
export const hold = {
  release: {
    type: "boolean",
    help: "put back exactly what was there before the hold; says first what the controllers will then delete",
  },
  list: { type: "boolean", help: "list what is held, and whether somebody changed it since" },
} as const satisfies Record<string, Flag>;
