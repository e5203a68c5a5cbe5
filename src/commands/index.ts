import type { Command } from "../cli/command.ts";
import { access } from "./access.ts";
import { cleanup } from "./cleanup.ts";
import { completion } from "./completion.ts";
import { evidenceBundle } from "./evidence-bundle.ts";
import { explain } from "./explain.ts";
import { exposure } from "./exposure.ts";
import { hold } from "./hold.ts";
import { replay } from "./replay.ts";
import { snapshot } from "./snapshot.ts";
import { stale } from "./stale.ts";
import { triage } from "./triage.ts";
import { version } from "./version.ts";

/** Every verb, in the order of `--help`; the first runs when none is given. */
export const commands = [
  triage,
  exposure,
  stale,
  access,
  replay,
  hold,
  cleanup,
  evidenceBundle,
  snapshot,
  completion,
  explain,
  version,
] as const satisfies readonly Command[];
