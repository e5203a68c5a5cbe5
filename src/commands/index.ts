import type { Command } from "../cli/command.ts";
import { access } from "./access.ts";
import { exposure } from "./exposure.ts";
import { snapshot } from "./snapshot.ts";
import { stale } from "./stale.ts";
import { triage } from "./triage.ts";
import { version } from "./version.ts";

/** Every verb, in the order of `--help`; the first runs when none is given. */
export const commands = [triage, exposure, stale, access, snapshot, version] as const satisfies readonly Command[];
