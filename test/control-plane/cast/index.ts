import { ensure, find, list, must, pathOf, waitFor, type Actor } from "../act.ts";
import type { ControlPlane } from "../provider.ts";
import { daysAgo, makeOld } from "../time.ts";
import { access, OTHER_NAMESPACE } from "./access.ts";
import { backup } from "./backup.ts";
import { apply, type Character, type Scene } from "./character.ts";
import { expiring } from "./expiring.ts";
import { failed } from "./failed.ts";
import { hardened } from "./hardened.ts";
import { hung } from "./hung.ts";
import { manual, manualBackup } from "./manual.ts";
import { orphans } from "./orphans.ts";
import { report } from "./report.ts";
import { rotation } from "./rotation.ts";
import { stuck } from "./stuck.ts";
import { developer, team } from "./team.ts";
import { Canaries } from "./values.ts";

/** Everybody in the `database` namespace. */
export const characters: readonly Character[] = [
  access,
  backup,
  hardened,
  report,
  rotation,
  hung,
  failed,
  manual,
  orphans,
  stuck,
  expiring,
];

export const NAMESPACE = "database";
export const TEAM_NAMESPACE = "team";

/** A loaded cast. */
export interface Cast {
  namespace: string;
  /** Every secret value that this load put into the cluster. Never write them anywhere. */
  canaries: string[];
}

/** A loaded developer's view: the developer may list pods in `namespace` and do nothing else. */
export interface DeveloperView extends Cast {
  developer: Actor;
  /** Acts as the developer; its context names `namespace`. */
  kubeconfig: string;
}

/**
 * Puts the cast into the `database` namespace (one Secret also into `payments`), with the real controllers at work and
 * everything aged relative to now. A cast that is already there is replaced. Needs edit-etcd; takes about half a minute.
 */
export async function loadCast(plane: ControlPlane, log: (line: string) => void = () => undefined): Promise<Cast> {
  const scene = await stage(plane, NAMESPACE, [...characters], log);
  await manualBackup(scene);
  await clearEvents(scene);
  return { namespace: NAMESPACE, canaries: scene.canaries.all };
}

/** Puts the `team` namespace and its developer in place; what is already there is replaced. Needs edit-etcd. */
export async function loadDeveloperView(
  plane: ControlPlane,
  log: (line: string) => void = () => undefined,
): Promise<DeveloperView> {
  const scene = await stage(plane, TEAM_NAMESPACE, [team], log);
  await clearEvents(scene);
  const actor = await developer(plane, TEAM_NAMESPACE);
  scene.canaries.keep(actor.token);
  const kubeconfig = await actor.kubeconfig(TEAM_NAMESPACE);
  return { namespace: TEAM_NAMESPACE, canaries: scene.canaries.all, developer: actor, kubeconfig };
}

/** Takes everything out of the cluster again that loadCast and loadDeveloperView put there. */
export async function clearCast(plane: ControlPlane): Promise<void> {
  await Promise.all([NAMESPACE, OTHER_NAMESPACE, TEAM_NAMESPACE].map((name) => removeNamespace(plane, name)));
  for (const kind of ["ClusterRoleBinding", "ClusterRole"]) {
    const name = kind === "ClusterRole" ? "secret-reader" : "backup-reader";
    await plane.request("DELETE", pathOf(kind, null, name));
  }
}

async function stage(
  plane: ControlPlane,
  namespace: string,
  company: Character[],
  log: (line: string) => void,
): Promise<Scene> {
  const scene: Scene = { plane, namespace, canaries: new Canaries() };
  const began = Date.now();
  const say = (text: string) => {
    log(`${((Date.now() - began) / 1000).toFixed(1)} s  ${text}`);
  };
  await removeNamespace(plane, namespace);
  await ensure(plane, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  // Pods are refused until the namespace has its default ServiceAccount.
  await waitFor("the default ServiceAccount", () => find(plane, "ServiceAccount", namespace, "default"));

  const applied = company.map((character) => ({ character, objects: character.objects(scene) }));
  await apply(
    scene,
    applied.flatMap(({ objects }) => objects),
  );
  say(`${namespace}: accounts, Secrets and RBAC are there`);
  await Promise.all(
    company.map(async (character) => {
      await character.play?.(scene);
      say(`${namespace}: ${character.name}`);
    }),
  );

  for (const { character, objects } of applied) {
    const created = daysAgo(character.days);
    for (const { kind, metadata } of objects as { kind: string; metadata: { namespace?: string; name: string } }[]) {
      await makeOld(plane, kind, metadata.namespace ?? null, metadata.name, created);
    }
  }
  await makeOld(plane, "Namespace", null, namespace, daysAgo(400));
  await makeOld(plane, "ServiceAccount", namespace, "default", daysAgo(400));
  say(`${namespace}: everything is as old as it should be`);
  return scene;
}

/** Real events say when the runs really happened, and would contradict their age; a cluster drops them after an hour. */
async function clearEvents({ plane, namespace }: Scene): Promise<void> {
  await must(plane, "DELETE", pathOf("Event", namespace));
}

async function removeNamespace(plane: ControlPlane, name: string): Promise<void> {
  if (!(await find(plane, "Namespace", null, name))) return;
  for (const job of await list(plane, "Job", name)) {
    if (!job["metadata"].finalizers) continue;
    await must(plane, "PATCH", pathOf("Job", name, job["metadata"].name), { metadata: { finalizers: null } });
  }
  await must(plane, "DELETE", pathOf("Namespace", null, name));
  await waitFor(`namespace ${name} to be gone`, async () => !(await find(plane, "Namespace", null, name)), {
    seconds: 60,
  });
}
