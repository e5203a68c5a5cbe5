import { find, waitFor } from "../act.ts";
import { podAnnotations } from "../pod-annotations.ts";
import { daysAgo, minutesAfter } from "../time.ts";
import { type Character, apply, job, serviceAccount } from "./character.ts";
import { ageRuns } from "./history.ts";

/** A failed Job that mounts a token without expiry. */
export const failed: Character = {
  name: "integrity-check",
  why: "A failed Job without TTL: it has no completionTime, and its pod mounts a legacy ServiceAccount token, which never expires.",
  days: 200,
  objects: ({ namespace }) => [
    serviceAccount(namespace, "etl"),
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { namespace, name: "etl-token", annotations: { "kubernetes.io/service-account.name": "etl" } },
      type: "kubernetes.io/service-account-token",
    },
  ],
  async play(scene) {
    const { plane, namespace } = scene;
    const token = await waitFor("the token controller to fill secret etl-token", async () => {
      const data = (await find(plane, "Secret", namespace, "etl-token"))?.["data"];
      return typeof data?.token === "string" ? Buffer.from(data.token, "base64").toString() : null;
    });
    scene.canaries.keep(token);
    const podSpec = {
      serviceAccountName: "etl",
      automountServiceAccountToken: false,
      containers: [
        {
          name: "check",
          image: "registry.example.com/integrity:1.0",
          volumeMounts: [{ name: "token", mountPath: "/var/run/etl", readOnly: true }],
        },
      ],
      volumes: [{ name: "token", secret: { secretName: "etl-token" } }],
    };
    const annotations = {
      [podAnnotations.exitCode]: "1",
      [podAnnotations.terminationMessage]: "checksum mismatch in table orders",
    };
    await apply(scene, [job(namespace, "integrity-check", podSpec, { annotations, backoffLimit: 0 })]);
    const created = daysAgo(2);
    await ageRuns(scene, ["integrity-check"], () => ({ created, finished: minutesAfter(created, 4) }));
  },
};
