import { find, must, pathOf, waitFor } from "../act.ts";
import { podAnnotations } from "../pod-annotations.ts";
import { stamp } from "../story.ts";
import { makePodOld, makeRunOld, minutesAfter, minutesAgo, podsInPhase, rewrite } from "../time.ts";
import { type Character, apply, job } from "./character.ts";

/** An export that ended long ago beside a proxy that nobody told to stop. */
export const hung: Character = {
  name: "warehouse-export",
  why: "A hung Job: its main container ended after nine minutes, the database proxy beside it has been running for six hours, and there is no activeDeadlineSeconds.",
  days: 90,
  objects: () => [],
  async play(scene) {
    const { plane, namespace } = scene;
    const name = "warehouse-export";
    const valueFrom = { secretKeyRef: { name: "backup-db-credentials", key: "password" } };
    const containers = [
      { name: "export", image: "registry.example.com/export:5.1", env: [{ name: "PGPASSWORD", valueFrom }] },
      { name: "cloud-sql-proxy", image: "registry.example.com/sql-proxy:2.11", args: ["--port=5432"] },
    ];
    await apply(scene, [job(namespace, name, { containers }, { annotations: { [podAnnotations.runFor]: "forever" } })]);
    const [pod] = await podsInPhase(plane, namespace, name, "Running");

    // The node only ends a pod as a whole; one container of a running pod ends by its status, as the kubelet would write it.
    const created = minutesAgo(6 * 60 + 12);
    const ended = stamp(minutesAfter(created, 9));
    const podName: string = pod!["metadata"].name;
    const containerStatuses = structuredClone(pod!["status"].containerStatuses);
    const startedAt: string = containerStatuses[0].state.running.startedAt;
    const terminated = { exitCode: 0, reason: "Completed", startedAt, finishedAt: startedAt };
    Object.assign(containerStatuses[0], { ready: false, started: false, state: { terminated } });
    const conditions = pod!["status"].conditions.map((condition: { type: string }) =>
      /^(Ready|ContainersReady)$/.test(condition.type)
        ? { ...condition, status: "False", reason: "ContainersNotReady" }
        : condition,
    );
    const status = `${pathOf("Pod", namespace, podName, "status")}?fieldManager=kwok`;
    await must(plane, "PATCH", status, { status: { containerStatuses, conditions } });
    await waitFor(`job ${namespace}/${name} to count no ready pod`, async (note) => {
      const counts = (await find(plane, "Job", namespace, name))?.["status"];
      note(`active ${String(counts?.active)}, ready ${String(counts?.ready)}`);
      return counts?.active === 1 && counts.ready === 0;
    });

    await makeRunOld(plane, namespace, name, { created });
    await makePodOld(plane, namespace, podName, { created });
    await rewrite(plane, "Pod", namespace, podName, (aged) => {
      aged["status"].containerStatuses[0].state.terminated.finishedAt = ended;
      for (const condition of aged["status"].conditions) {
        if (condition.status === "False") condition.lastTransitionTime = ended;
      }
      return aged;
    });
  },
};
