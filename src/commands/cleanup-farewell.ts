import type { Context } from "../cli/command.ts";
import { CommandError, Interrupted } from "../cli/errors.ts";
import { asCalled } from "../cli/invocation.ts";
import type { Run } from "../cleanup/carry-out.ts";
import { changeKey } from "../cleanup/changes/index.ts";
import type { Journal } from "../cleanup/journal.ts";
import type { CleanupChange } from "../model/cleanup.ts";
import { count, safe } from "../output/text.ts";
import { objectWithNamespace, someOf } from "../output/views/names.ts";

const SHOWN = 5;

/** What to throw for a run that ended early; its journal says so, where it can. `path`: the journal's, null without one. */
export async function endedEarly(
  error: unknown,
  journal: Journal | null,
  { run, journal: path }: { run: Run; journal: string | null },
  { io, program }: Pick<Context, "io" | "program">,
): Promise<unknown> {
  const because = io.signal.aborted ? "interrupted" : error instanceof Error ? error.message : String(error);
  await journal?.write({ step: "stopped", because }).catch(() => undefined);
  const lines = farewell(run, journal === null ? null : path);
  if (io.signal.aborted) {
    for (const line of lines) io.stderr.write(`${safe(asCalled(line, program))}\n`);
    return new Interrupted();
  }
  const name = error instanceof Error ? error.name : "";
  // What was deleted or changed before is never left untold.
  if (name === "ApiError" && run.done.size + run.changed.size > 0) return new CommandError(because, lines.join("\n"));
  if (name === "Stopped") return new CommandError(`the cleanup stopped: ${because}`, lines.join("\n"));
  if (name !== "BundleFileError") return error;
  const step = path === null ? "" : ` the journal ${path}`;
  return new CommandError(
    `cannot write${step}: ${because}`,
    ["Check the directory, its rights and the space left, or choose another place with --evidence.", ...lines].join(
      "\n",
    ),
  );
}

/** What went through of a run that ended early, what is left of it, and how to go on; a line each. */
export function farewell(run: Run, journal: string | null): string[] {
  const { chosen, done } = run;
  const [made, unknown, left] = [changesBy(run, "done"), changesBy(run, "unknown"), changesBy(run, null)];
  const secrets = made.filter(isDeletion).length;
  const asked = [...done.values()].filter(({ by }) => by === "us").length + secrets;
  const went =
    asked === 0
      ? "Nothing was deleted, as far as answers came"
      : `${count(asked, "deletion")} went through${secrets === 0 ? "" : `, ${count(secrets, "Secret")} of tokens among them`}`;
  return [
    `${went}; ${leftText(chosen.length - done.size, left.length)}.`,
    ...(made.length === 0 ? [] : [`Made: ${titles(made)}.`]),
    ...(unknown.length === 0 ? [] : [`Made or not, which is not known: ${titles(unknown)}.`]),
    ...(left.length === 0 ? [] : [`Not made, as far as answers came: ${titles(left)}.`]),
    ...(journal === null ? [] : [`Go on with: kubectl cronaudit cleanup --resume ${journal}`]),
  ];
}

/** Changes that came to this outcome; null: that were to be made, and have none yet. */
function changesBy({ changes, changed }: Run, outcome: "done" | "unknown" | null): CleanupChange[] {
  return changes.filter((change) => {
    const known = changed.get(changeKey({ way: change.way, uid: change.object.uid }))?.outcome ?? null;
    return known === outcome && change.decision === "change";
  });
}

function isDeletion({ way }: CleanupChange): boolean {
  return way === "delete-token";
}

function leftText(objects: number, changes: number): string {
  const parts = [
    ...(objects === 0 && changes > 0 ? [] : [count(objects, "object")]),
    ...(changes === 0 ? [] : [count(changes, "change")]),
  ];
  return `${parts.join(" and ")} ${objects + changes === 1 ? "is" : "are"} left`;
}

/** `suspend cronjob/nightly (database)`, as --also names it. */
function titles(changes: readonly CleanupChange[]): string {
  return someOf(
    changes.map(({ way, object }) => `${way} ${objectWithNamespace(object)}`),
    SHOWN,
  );
}
