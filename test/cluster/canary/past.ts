import { find, must, pathOf, waitFor } from "../../control-plane/act.ts";
import { podAnnotations } from "../../control-plane/pod-annotations.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";

/** A Job and its pod that are deleted at once, and a CronJob that held something else before: all can be read back. */
export async function leavePast(plane: ControlPlane, namespace: string, secret: () => string): Promise<void> {
  const template = () => ({
    metadata: {
      annotations: {
        "example.com/api-token": secret(),
        [podAnnotations.terminationMessage]: `failed with password=${secret()}`,
        [podAnnotations.runFor]: "0s",
      },
    },
    spec: {
      restartPolicy: "Never",
      nodeName: plane.node,
      containers: [
        {
          name: "main",
          image: "registry.example.com/job:1",
          args: [`--api-key=${secret()}`, secret()],
          env: [
            { name: "DB_PASSWORD", value: secret() },
            { name: "NOTE", value: secret() },
          ],
        },
      ],
    },
  });
  await must(plane, "POST", pathOf("Job", namespace), {
    metadata: { name: "gone", annotations: { "example.com/token": secret() } },
    spec: { template: template() },
  });
  const annotated = () => ({ name: "changed", annotations: { "example.com/password": secret() } });
  const spec = () => ({ schedule: "0 0 1 1 *", suspend: true, jobTemplate: { spec: { template: template() } } });
  await must(plane, "POST", pathOf("CronJob", namespace), { metadata: annotated(), spec: spec() });
  await must(plane, "PATCH", pathOf("CronJob", namespace, "changed"), { metadata: annotated(), spec: spec() });
  await finished(plane, namespace, "gone");
  await must(plane, "DELETE", `${pathOf("Job", namespace, "gone")}?propagationPolicy=Foreground`);
  await waitFor("job gone to be gone", async () => (await find(plane, "Job", namespace, "gone")) === null);
}

/** Waits until the Job is complete. */
export async function finished(plane: ControlPlane, namespace: string, job: string): Promise<void> {
  await waitFor(`job ${job} to finish`, async () =>
    Boolean((await must(plane, "GET", pathOf("Job", namespace, job)))["status"].completionTime),
  );
}
