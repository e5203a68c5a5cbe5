import { must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { ACCEPTED } from "./attack.ts";
import { harmless } from "./kubelet.ts";
import { fresh, type Stage } from "./stage.ts";

/** The label by which Pod Security admission judges the pods of a namespace. */
export const ENFORCE = "pod-security.kubernetes.io/enforce";

/** Sets the level of the stage's namespace. */
export async function enforce(stage: Stage, level: "baseline" | "restricted" | null): Promise<void> {
  const labels = { [ENFORCE]: level };
  await must(stage.plane, "PATCH", pathOf("Namespace", null, stage.namespace), { metadata: { labels } });
}

/** A pod that sees the files of its node, as a manifest. */
export function intruder(stage: Stage): Stored {
  const volumes = [{ name: "node", hostPath: { path: "/var/lib/kubelet" } }];
  return { metadata: { name: fresh("intruder") }, spec: harmless(stage, { volumes }) };
}

/** Creates such a pod as the attacker. Throws Forbidden where RBAC or Pod Security refuses it. */
export async function intrude(stage: Stage): Promise<string> {
  await stage.send("POST", pathOf("Pod", stage.namespace), intruder(stage));
  return ACCEPTED;
}

/**
 * Waits until Pod Security, and not RBAC, refuses the pod, or lets it in: asked as cluster-admin, because admission sees a
 * label a moment after it was written.
 */
export async function podSecurity(stage: Stage, verdict: "refuses" | "admits"): Promise<void> {
  const path = `${pathOf("Pod", stage.namespace)}?dryRun=All`;
  await waitFor(`Pod Security to see the label: it ${verdict} a pod with a hostPath`, async (note) => {
    const { status } = await stage.plane.request("POST", path, intruder(stage));
    note(String(status));
    return status === (verdict === "refuses" ? 403 : 201);
  });
}
