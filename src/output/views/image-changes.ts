import type { Time } from "../../model/object.ts";
import type { ImageChange, ImageDigest } from "../../model/stale-report.ts";
import { age } from "../age.ts";
import { count } from "../text.ts";
import type { ViewOptions } from "../view.ts";
import { objectName, objectWithNamespace } from "./names.ts";

const SHOWN = 5;

/** Image references that meant several images in the retained runs: each digest with the first run that had it. */
export function imageChangeLines(changes: readonly ImageChange[], now: Time, options: ViewOptions): string[] {
  const shown = options.wide ? changes : changes.slice(0, SHOWN);
  const lines = shown.flatMap((change) => [
    `IMAGE CHANGED   ${change.image} of ${objectWithNamespace(change.workload)}, container ${change.container}: ${said(change, now)}`,
    ...change.digests.map((digest) => `                ${lineOf(digest, change, now)}`),
  ]);
  return shown.length === changes.length
    ? lines
    : [...lines, `IMAGE CHANGED   and ${count(changes.length - shown.length, "more image")}`];
}

function said({ digests, changedAt, changes, nodes }: ImageChange, now: Time): string {
  const when = changedAt === null ? "" : `, first ${age(changedAt, now)} ago`;
  const back = changes < digests.length ? "" : `, changed ${count(changes, "time")}`;
  // What a cache or another architecture can explain is said, and left to judge.
  const where =
    nodes.length > 1 ? `; the runs were on ${count(nodes.length, "node")}, which may hold different images` : "";
  return `${count(digests.length, "digest")}${when}${back}${where}`;
}

function lineOf({ digest, firstRun, startedAt, runs }: ImageDigest, change: ImageChange, now: Time): string {
  const differs = firstRun.uid === change.firstToDiffer.uid ? ", the first that differs" : "";
  const when = startedAt === null ? "" : `, ${age(startedAt, now)} ago`;
  return `${digest}  ${count(runs, "run")}, from ${objectName(firstRun)}${when}${differs}`;
}
