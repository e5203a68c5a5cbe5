import type { Flag } from "../flags.ts";

/** The flags by which kubectl is told, and told no longer, to complete the plugin's words. */
export const completion = {
  install: {
    type: "boolean",
    help: "write kubectl_complete-cronaudit beside the program, so that kubectl completes the plugin's words as well",
  },
  uninstall: { type: "boolean", help: "remove kubectl_complete-cronaudit again" },
} as const satisfies Record<string, Flag>;
