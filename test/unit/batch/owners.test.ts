import { describe, expect, it } from "vitest";
import { indexOwners } from "../../../src/batch/owners.ts";
import { ago, controlledBy, cronJob, forbidden, job, NOW, pod, snapshot } from "./objects.ts";

const backup = cronJob("backup");
const run = job("backup-1", { meta: { ownerReferences: controlledBy(backup) } });
const runPod = pod("backup-1-x", { meta: { ownerReferences: controlledBy(run) } });

describe("the owner chain", () => {
  it("follows controller references from the pod to its Job to its CronJob, and back", () => {
    const owners = indexOwners(snapshot([backup, run, runPod]));
    expect(owners.jobOf(runPod)).toBe(run);
    expect(owners.cronJobOf(run)).toBe(backup);
    for (const object of [backup, run, runPod]) expect(owners.rootOf(object)).toBe(backup);
    expect(owners.podsOf(run)).toEqual([runPod]);
    expect(owners.jobsOf(backup)).toEqual([run]);
  });

  it("ends at an object that nothing controls", () => {
    const [bare, manual] = [pod("bare"), job("manual")];
    const owners = indexOwners(snapshot([bare, manual]));
    expect(owners.rootOf(bare)).toBe(bare);
    expect(owners.rootOf(manual)).toBe(manual);
    expect(owners.ownership(manual)).toEqual({ state: "none", owner: null });
  });

  it("goes by the uid: an owner recreated under its name is another object", () => {
    const old = job("backup-1", { meta: { ownerReferences: controlledBy(backup, { uid: "uid-of-the-first" }) } });
    const owners = indexOwners(snapshot([backup, old]));
    expect(owners.cronJobOf(old)).toBeNull();
    expect(owners.ownership(old)).toMatchObject({
      state: "gone",
      because: "its cronjob/backup was replaced by another of that name",
    });
  });

  it("never crosses namespaces: such an owner is absent to the garbage collector", () => {
    const elsewhere = pod("p", { meta: { namespace: "payments", ownerReferences: controlledBy(run) } });
    const owners = indexOwners(snapshot([run, elsewhere]));
    expect(owners.jobOf(elsewhere)).toBeNull();
    expect(owners.ownership(elsewhere).state).toBe("gone");
  });

  it("counts an owner that does not control as owner, not as controller (old `kubectl create job --from`)", () => {
    const manual = job("manual", { meta: { ownerReferences: controlledBy(backup, { controller: false }) } });
    const owners = indexOwners(snapshot([backup, manual]));
    expect(owners.cronJobOf(manual)).toBeNull();
    expect(owners.rootOf(manual)).toBe(manual);
    expect(owners.ownership(manual)).toMatchObject({ state: "present", object: backup, controller: false });
  });

  it("takes no kind of another API group for a Job", () => {
    const ownerReferences = controlledBy(run, { apiVersion: "batch.volcano.sh/v1alpha1", uid: "uid-volcano" });
    const given = pod("p", { meta: { ownerReferences } });
    const owners = indexOwners(snapshot([run, given]));
    expect(owners.jobOf(given)).toBeNull();
    expect(owners.ownership(given)).toMatchObject({ state: "foreign", owner: { kind: "Job", uid: "uid-volcano" } });
  });

  it("ends where references go round in a circle", () => {
    const a = job("a", { meta: { ownerReferences: [] } });
    const b = job("b", { meta: { ownerReferences: controlledBy(a) } });
    a.meta.ownerReferences = controlledBy(b);
    const owners = indexOwners(snapshot([a, b]));
    expect(owners.rootOf(a)).toBe(a);
    expect(owners.rootOf(b)).toBe(b);
    expect(owners.ownership(a)).toMatchObject({ state: "present", object: b });
  });
});

describe("an owner that is not in the evidence", () => {
  it("is gone when its kind was listed completely", () => {
    const owners = indexOwners(snapshot([runPod]));
    expect(owners.ownership(runPod)).toMatchObject({ state: "gone", because: "its job/backup-1 is gone" });
  });

  it("is unseen when its kind was not looked at", () => {
    const owners = indexOwners(snapshot([runPod], { collected: ["pods"] }));
    expect(owners.ownership(runPod)).toMatchObject({ state: "unseen", because: "jobs were not looked at" });
  });

  it.each(["database", null])("is unseen when a blind spot (namespace %s) may hide it", (namespace) => {
    const owners = indexOwners(snapshot([runPod], { blindSpots: [forbidden("jobs", namespace)] }));
    expect(owners.ownership(runPod)).toMatchObject({ state: "unseen", because: "jobs could not be listed: Forbidden" });
  });

  it("is gone when the blind spots lie in other namespaces or other kinds", () => {
    const blindSpots = [forbidden("jobs", "payments"), forbidden("cronjobs", "database")];
    expect(indexOwners(snapshot([runPod], { blindSpots })).ownership(runPod).state).toBe("gone");
  });

  it("is unseen for an object made while the lists were read", () => {
    const fresh = pod("fresh", { meta: { creationTimestamp: NOW, ownerReferences: controlledBy(run) } });
    expect(indexOwners(snapshot([fresh])).ownership(fresh).state).toBe("unseen");
    const older = pod("older", { meta: { creationTimestamp: ago(1), ownerReferences: controlledBy(run) } });
    expect(indexOwners(snapshot([older])).ownership(older).state).toBe("gone");
  });

  it("is gone, too, for somebody who may list that namespace alone", () => {
    const stateWith = (except: string[]) =>
      indexOwners(snapshot([runPod], { blindSpots: [{ ...forbidden("jobs", null), except }] })).ownership(runPod).state;
    expect(stateWith(["database"])).toBe("gone");
    expect(stateWith(["payments"])).toBe("unseen");
    expect(stateWith([])).toBe("unseen");
  });

  it("is unseen in a file of objects, which somebody chose", () => {
    const owners = indexOwners(snapshot([runPod], { source: "dump" }));
    expect(owners.ownership(runPod)).toMatchObject({
      state: "unseen",
      because: "the evidence is a file that may lack some jobs",
    });
    const labels = { "batch.kubernetes.io/controller-uid": "u", "batch.kubernetes.io/job-name": "import-1" };
    const left = pod("import-1-x", { meta: { labels } });
    expect(indexOwners(snapshot([left], { source: "dump" })).ownership(left)).toMatchObject({
      state: "released",
      because: "job/import-1 no longer owns it",
    });
  });

  it("does not make the object an orphan while another owner may be there", () => {
    const references = [...controlledBy(run), ...controlledBy(backup, { controller: false })];
    const two = pod("p", { meta: { ownerReferences: references } });
    const owners = indexOwners(snapshot([two], { blindSpots: [forbidden("cronjobs", null)] }));
    expect(owners.ownership(two)).toMatchObject({ state: "unseen", owner: { kind: "CronJob" } });
  });

  it("is passed over for another that stays, when it is being deleted", () => {
    const leaving = job("leaving", { meta: { deletionTimestamp: ago(5), finalizers: ["foregroundDeletion"] } });
    const references = [...controlledBy(leaving), ...controlledBy(backup, { controller: false })];
    const two = pod("p", { meta: { ownerReferences: references } });
    expect(indexOwners(snapshot([leaving, backup, two])).ownership(two)).toMatchObject({ object: backup });
    expect(indexOwners(snapshot([leaving, two])).ownership(two)).toMatchObject({ object: leaving });
  });

  it("does not make the object an orphan while another owner is there", () => {
    const references = [...controlledBy(run), ...controlledBy(backup, { controller: false })];
    const two = pod("p", { meta: { ownerReferences: references } });
    expect(indexOwners(snapshot([backup, two])).ownership(two)).toMatchObject({ state: "present", object: backup });
  });
});

describe("an object that its owner's deletion left behind (propagation policy Orphan)", () => {
  const labels = { "batch.kubernetes.io/controller-uid": "uid-import-1", "batch.kubernetes.io/job-name": "import-1" };

  it("is a pod without owner reference that carries the Job's labels", () => {
    const left = pod("import-1-x", { meta: { labels } });
    expect(indexOwners(snapshot([left])).ownership(left)).toEqual({
      state: "released",
      owner: { kind: "Job", namespace: "database", name: "import-1", uid: "uid-import-1" },
      because: "its job/import-1 was deleted without its pods",
    });
  });

  it("is recognised by the older label keys too, and by no job-name alone", () => {
    const older = pod("p", { meta: { labels: { "controller-uid": "u", "job-name": "import-1" } } });
    const named = pod("q", { meta: { labels: { "job-name": "import-1" } } });
    const owners = indexOwners(snapshot([older, named]));
    expect(owners.ownership(older).state).toBe("released");
    expect(owners.ownership(named).state).toBe("none");
  });

  it("does not claim that the Job was deleted when Jobs were not seen", () => {
    const left = pod("import-1-x", { meta: { labels } });
    const owners = indexOwners(snapshot([left], { blindSpots: [forbidden("jobs", null)] }));
    expect(owners.ownership(left)).toMatchObject({ state: "released", because: "job/import-1 no longer owns it" });
  });

  it.each(["batch.kubernetes.io/cronjob-scheduled-timestamp", "cronjob.kubernetes.io/instantiate"])(
    "is a Job without owner reference that carries %s",
    (annotation) => {
      const left = job("backup-1", { meta: { annotations: { [annotation]: "x" } } });
      expect(indexOwners(snapshot([left])).ownership(left).state).toBe("released");
    },
  );
});
