import type { Json } from "../../model/api.ts";
import type { Place, Twin } from "../lab/stage.ts";
import { pathOf } from "./acts.ts";
import { grant, has, secret, serviceAccount, type Rule } from "./objects.ts";
import { podSpec } from "./pod.ts";
import { ROTATE } from "./rotation-script.ts";

/** How long a run lasts that waits for the next: over the next slot, and as long again as the controller may take. */
const RUN_SECONDS = 150;

/** Over before the next slot, and long enough for a run to begin. */
export const DEADLINE_SECONDS = 45;

/** The key of the Secret that holds the value. */
export const KEY = "value";

/** The Secret that both runs rotate, and its path. */
export function secretOf({ namespace }: Place, { name }: Twin): { name: string; path: string } {
  const secretName = `${name}-password`;
  return { name: secretName, path: pathOf("secrets", namespace, secretName) };
}

/**
 * A CronJob that runs each minute, the Secret that it rotates, and an account that may read and patch that Secret alone. Runs
 * that act by themselves also share a ConfigMap, in which each says how far it is.
 */
export function rotationObjects(place: Place, twin: Twin): Json[] {
  const { namespace, placement } = place;
  const { name } = twin;
  const own = placement === "container";
  const secretName = secretOf(place, twin).name;
  const barrier = `${name}-barrier`;
  const rules = [rule("secrets", secretName), ...(own ? [rule("configmaps", barrier)] : [])];
  return [
    serviceAccount(namespace, name),
    secret(namespace, secretName, twin.canary),
    ...grant(namespace, name, { namespace, name }, rules),
    ...(own ? [{ apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name: barrier } }] : []),
    cronJob(place, twin, own ? ownProcess(twin, secretName, barrier) : { command: ["sleep", String(RUN_SECONDS)] }),
  ];
}

function rule(resource: string, name: string): Rule {
  return { apiGroups: [""], resources: [resource], resourceNames: [name], verbs: ["get", "patch"] };
}

function cronJob(place: Place, twin: Twin, process: Json): Json {
  const { namespace, placement } = place;
  const container = { name: "rotate", imagePullPolicy: "IfNotPresent", ...process };
  const spec = podSpec(place, container, {
    serviceAccountName: twin.name,
    automountServiceAccountToken: placement === "container",
  });
  const deadline = has(twin, "active-deadline") ? { activeDeadlineSeconds: DEADLINE_SECONDS } : {};
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { namespace, name: twin.name },
    spec: {
      schedule: "* * * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: policyOf(twin),
      jobTemplate: { spec: { backoffLimit: 0, ...deadline, template: { spec } } },
    },
  };
}

function policyOf(twin: Twin): "Allow" | "Forbid" | "Replace" {
  if (has(twin, "concurrency-policy")) return "Forbid";
  return has(twin, "replace") ? "Replace" : "Allow";
}

function ownProcess(twin: Twin, secretName: string, barrier: string): Json {
  const locked = has(twin, "optimistic-lock") ? "yes" : "";
  const fixed = { SECRET: secretName, BARRIER: barrier, LOCKED: locked };
  return {
    command: ["sh", "-c", ROTATE],
    env: [
      ...Object.entries(fixed).map(([name, value]) => ({ name, value })),
      { name: "RUN", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      ...twin.canary.hashing,
    ],
  };
}

/** As a Secret's data holds a text. */
export function inBase64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
