import type { Json } from "../../model/api.ts";
import { lastWordsOf } from "../lab/container-report.ts";
import type { Place, Twin } from "../lab/stage.ts";
import { FINGERPRINT } from "../lab/workload.ts";
import { endingOf, phaseOf } from "./acts.ts";
import { has, secret, suspendedCronJob } from "./objects.ts";
import { podSpec } from "./pod.ts";

/** What stands for the hour of the threat model, in seconds: long enough to read a finished pod once before. */
export const TTL_SECONDS = 10;

/** The variable that holds the credential, and the file that does so in the hardened form. */
export const VARIABLE = "DB_PASSWORD";
const FILE = "/etc/backup/value";

/**
 * The threat model's backup: its password is a literal of the CronJob, or with `value-in-file` a file from a Secret, with
 * `value-by-reference` a variable from it; `ttl` and `history-limits` delete its runs. In a container it ends by saying the
 * fingerprint of the password that it has.
 */
export function backup(place: Place, twin: Twin): Json[] {
  const name = `${twin.name}-value`;
  const isKept = has(twin, "value-in-file") || has(twin, "value-by-reference");
  const limit = has(twin, "history-limits") ? 0 : 100;
  return [
    ...(isKept ? [secret(place.namespace, name, twin.canary)] : []),
    suspendedCronJob(place, twin.name, runSpec(place, twin, name), {
      job: has(twin, "ttl") ? { ttlSecondsAfterFinished: TTL_SECONDS } : {},
      more: { successfulJobsHistoryLimit: limit, failedJobsHistoryLimit: limit },
    }),
  ];
}

function runSpec(place: Place, twin: Twin, secretName: string): Json {
  const isFile = has(twin, "value-in-file");
  const container = {
    name: "backup",
    imagePullPolicy: "IfNotPresent",
    command: place.placement === "driver" ? ["true"] : ["sh", "-c", script(isFile)],
    env: [
      ...(isFile ? [] : [variable(twin, secretName)]),
      ...(place.placement === "driver" ? [] : twin.canary.hashing),
    ],
    ...(isFile ? { volumeMounts: [{ name: "credentials", mountPath: "/etc/backup", readOnly: true }] } : {}),
  };
  if (!isFile) return podSpec(place, container);
  // Of a file with mode 0400 the kubelet makes one that fsGroup reads: the process is not root.
  const volumes = [{ name: "credentials", secret: { secretName, defaultMode: 0o400 } }];
  const { securityContext, ...spec } = podSpec(place, container, { volumes });
  const grouped = { ...(securityContext as Json), fsGroup: 65_534 };
  return { ...spec, securityContext: grouped, automountServiceAccountToken: false };
}

function variable(twin: Twin, secretName: string): Json {
  const name = VARIABLE;
  if (!has(twin, "value-by-reference")) return { name, value: twin.canary.value };
  return { name, valueFrom: { secretKeyRef: { name: secretName, key: "value" } } };
}

function script(isFile: boolean): string {
  const value = isFile ? `$(cat ${FILE})` : `$${VARIABLE}`;
  return `${FINGERPRINT}\nfingerprint "${value}" >/dev/termination-log`;
}

/**
 * Whether the run had its password, as its own last words say; of what is only played by the driver nothing is known but that
 * its pod succeeded. A hardened form that does not work, or never started, would prove nothing.
 */
export function wordsOf(
  { placement }: Place,
  { canary }: Twin,
  pod: Json,
): { had: boolean | null } | { missing: string } {
  if (placement === "driver") {
    return phaseOf(pod) === "Succeeded" ? { had: null } : { missing: `the run did not succeed: ${endingOf(pod)}` };
  }
  const words = lastWordsOf(pod);
  if (words?.message === canary.fingerprint) return { had: true };
  const code = String(words?.exitCode ?? "unknown");
  return { missing: `the run did not tell the fingerprint of its password: exit code ${code}` };
}
