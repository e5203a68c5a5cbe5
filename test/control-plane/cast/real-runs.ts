import { must, pathOf } from "../act.ts";
import type { RealNode } from "../node/node.ts";
import type { ControlPlane } from "../provider.ts";
import type { Stored } from "../story.ts";
import { podsInPhase, runNow } from "../time.ts";
import { IMAGE } from "./backup.ts";
import { NAMESPACE } from "./index.ts";

/** How long each of the runs takes, so that there is time to look at it while it runs. */
export const RUN_SECONDS = 60;

/**
 * What the image of both backups runs: with the password in its environment it prints and reports its connection, with
 * files it does neither.
 */
const script = `#!/bin/sh
set -eu
credentials=/etc/backup/credentials
if [ -d $credentials ]; then
  [ -r $credentials/password ]
  echo "dumping from $(cat $credentials/host) as $(cat $credentials/username)"
  report="3 tables"
else
  url=postgresql://$DB_USER:$DB_PASSWORD@$DB_HOST/app
  echo "pg_dump --dbname=$url"
  report="$url: 3 tables"
fi
echo dump >/tmp/dump
sleep ${String(RUN_SECONDS)}
echo "$report" >/dev/termination-log
echo done
`;

/** Edits a CronJob's pod template as `kubectl edit` would, and starts a run of it; returns once that runs. */
async function moveAndRun(
  plane: ControlPlane,
  node: RealNode,
  name: string,
  image: string,
  more: Stored = {},
): Promise<void> {
  const path = pathOf("CronJob", NAMESPACE, name);
  const { spec } = (await must(plane, "GET", path))["spec"].jobTemplate.spec.template;
  const containers = (spec.containers as Stored[]).map((one) => ({ ...one, image, imagePullPolicy: "Never" }));
  const template = { spec: { nodeName: node.name, containers, ...more } };
  const patch = { spec: { jobTemplate: { spec: { template } } } };
  await must(plane, "PATCH", `${path}?fieldManager=kubectl-edit`, patch);
  const job = await runNow(plane, NAMESPACE, name);
  await podsInPhase(plane, NAMESPACE, job, "Running");
}

/**
 * Moves the cast's default and hardened backup to the real node and runs each once: real processes that hold, print and
 * report what their manifests make them. Their earlier runs stay as loadCast made them. Returns while they run.
 */
export async function runBackupsOn(node: RealNode, plane: ControlPlane): Promise<void> {
  const tag = `${IMAGE}:latest`;
  const { pinned } = await node.image(tag, { files: { "/usr/local/bin/backup.sh": script } });
  await moveAndRun(plane, node, "backup", tag);
  // Without a group of its own, a process that is not root may not read files that only their owner reads.
  const securityContext = { fsGroup: 65534 };
  await moveAndRun(plane, node, "database-backup", pinned, { securityContext });
}
