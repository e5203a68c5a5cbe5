import { describe, expect, test } from "vitest";
import type { PolicyRule } from "../../../src/model/access.ts";
import type { SubjectRef } from "../../../src/model/report.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import type { Pod, PodTemplate } from "../../../src/model/workload.ts";
import { overPermissiveAccount } from "../../../src/scenarios/over-permissive-account.ts";
import { ago, controlledBy, cronJob, forbidden, job, pod, running, template, terminated } from "../batch/objects.ts";
import { account, reference, run, seen, TOKEN } from "../exposure/objects.ts";
import { everywhere, granted, namespaces, within } from "../rbac/grants.ts";
import { meta, rule, sa, user } from "../rbac/fixture.ts";
import { assessContext } from "../../../src/scenarios/context.ts";
import { factsOf, replayOf } from "./assess.ts";

const needs = { secretReferences: [reference("db"), reference("pull", { use: "pull", containers: [] })] };
const alice: SubjectRef = { kind: "User", namespace: null, name: "alice" };
const backupAccount = sa("backup", "database");

/** cronjob/backup, which runs as backup. */
function backup(more: Partial<PodTemplate> = {}) {
  const { job: its } = cronJob("x");
  return cronJob("backup", {
    job: { ...its, template: template({ serviceAccountName: "backup", ...needs, ...more }) },
  });
}

function evidence(
  grants: Parameters<typeof granted>[0],
  { objects = [backup()], ...more }: Partial<Snapshot> & { objects?: Parameters<typeof seen>[0] } = {},
): Snapshot {
  const { roles, rolebindings, clusterroles, clusterrolebindings } = granted(grants);
  return seen(objects, {
    ...{ roles, rolebindings, clusterroles, clusterrolebindings },
    serviceaccounts: [account("backup"), account("default")],
    ...more,
  });
}

function replay(
  grants: Parameters<typeof granted>[0],
  more: Parameters<typeof evidence>[1] = {},
  from: SubjectRef[] = [],
) {
  return replayOf(overPermissiveAccount, evidence(grants, more), "backup", from);
}

const reads = (...names: string[]): PolicyRule => rule("get,list", "secrets", names);

describe("succeeds where the account reads more than its workload names", () => {
  test.each([
    ["every Secret as database/backup", everywhere(backupAccount, reads())],
    ["every Secret of database as database/backup", within("database", backupAccount, reads())],
    [
      "1 Secret as database/backup that its template does not name",
      within("database", backupAccount, reads("db", "other")),
    ],
    ["1 Secret as database/backup that its template does not name", within("database", backupAccount, reads("pull"))],
    ["every Secret as database/backup", everywhere(sa("backup", "database"), rule("create", "pods"))],
  ])("%s", (because, grant) => {
    expect(replay([grant])).toMatchObject({ outcome: "succeeds", because, blockedBy: [], missing: [] });
  });

  test("counts Secrets where they were listed", () => {
    const secrets = ["db", "a", "b"].map((name) => ({
      kind: "Secret" as const,
      meta: meta("database", name),
      type: "Opaque",
    }));
    const { collected } = seen([]);
    const more = { secrets, collected: [...collected, "secrets" as const] };
    expect(replay([everywhere(backupAccount, reads())], more).because).toBe("3 Secrets as database/backup");
    expect(replay([within("database", backupAccount, reads("db", "gone"))], more)).toMatchObject({
      outcome: "blocked",
      blockedBy: [{ id: "least-privilege" }],
    });
  });

  test("tells the way, its first requests, and what would block it", () => {
    const found = replay([everywhere(backupAccount, reads())]);
    const { ways, needs: named } = factsOf(found, "over-permissive-account");
    expect(named).toEqual([{ namespace: "database", name: "db" }]);
    expect(ways.map(({ edge }) => edge)).toEqual(["secrets-get", "secrets-list"]);
    expect(found.path.map(({ act, allowed }) => [act, allowed])).toEqual([
      ["reads /var/run/secrets/kubernetes.io/serviceaccount/token", null],
      ["POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews", false],
      ["GET /api/v1/secrets", true],
    ]);
    expect(found.path[2]).toMatchObject({
      as: { kind: "ServiceAccount", namespace: "database", name: "backup" },
      yields: "every Secret by clusterrolebinding/grant-0 → clusterrole/grant-0",
    });
    expect(found.wouldBlock.map(({ id, how }) => [id, how])).toEqual([
      [
        "no-token",
        `kubectl patch cronjob/backup -n database --type=merge -p '{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"automountServiceAccountToken":false}}}}}}'`,
      ],
      [
        "least-privilege",
        "kubectl edit clusterrolebinding/grant-0  # take serviceaccount/backup (database), or the group that it is in, out of the subjects",
      ],
    ]);
  });

  test("says of a bound that it is one", () => {
    const more = { blindSpots: [forbidden("clusterrolebindings", null)] };
    expect(replay([within("database", backupAccount, reads())], more).because).toBe(
      "at least every Secret of database as database/backup",
    );
  });

  test("names the accounts that retained runs still use", () => {
    const [old, its] = run("backup-1", 60, backup(), [], { pod: { serviceAccountName: "old" } });
    expect(replay([everywhere(backupAccount, reads())], { objects: [backup(), old, its] }).because).toBe(
      "every Secret as database/backup; runs as old are retained",
    );
  });
});

describe("is blocked", () => {
  test("by RBAC where the account reads no Secret", () => {
    expect(replay([])).toMatchObject({ outcome: "blocked", blockedBy: [{ id: "rbac" }], wouldBlock: [] });
  });

  test("by least privilege where it reads what its workload names", () => {
    const found = replay([within("database", backupAccount, rule("get", "secrets", ["db"]))]);
    expect(found).toMatchObject({ outcome: "blocked", because: "only db", blockedBy: [{ id: "least-privilege" }] });
    expect(found.path.at(-1)).toMatchObject({ act: "GET /api/v1/namespaces/database/secrets", allowed: false });
  });

  test("where its pods get no token, whatever the account may do", () => {
    const objects = [backup({ automountServiceAccountToken: false })];
    const found = replay([everywhere(backupAccount, reads())], { objects });
    expect(found).toMatchObject({ outcome: "blocked", blockedBy: [{ id: "no-token" }] });
    expect(found.blockedBy[0]?.what).toContain("was not listed");
  });

  test("where the ServiceAccount declines the token", () => {
    const serviceaccounts = [{ ...account("backup"), automountServiceAccountToken: false }];
    expect(replay([everywhere(backupAccount, reads())], { serviceaccounts })).toMatchObject({ outcome: "blocked" });
  });
});

describe("a token is there", () => {
  const declining = backup({ automountServiceAccountToken: false });
  const grants = [everywhere(backupAccount, reads())];
  const its = job("backup-1", { meta: { ownerReferences: controlledBy(declining) } });
  const podOf = (more: Partial<PodTemplate>, ended: boolean) =>
    pod("backup-1-x", {
      meta: { ownerReferences: controlledBy(its) },
      phase: ended ? "Succeeded" : "Running",
      template: template({ serviceAccountName: "backup", tokens: [TOKEN], ...more }),
      containers: [ended ? terminated("main", null) : running("main")],
    });

  const expired: Pod = {
    ...podOf({ tokens: [{ ...TOKEN, expirationSeconds: 600 }] }, true),
    containers: [terminated("main", ago(601))],
  };

  test.each([
    ["where the template projects one", [backup({ automountServiceAccountToken: false, tokens: [TOKEN] })], "succeeds"],
    ["in a run under way", [declining, its, podOf({}, false)], "succeeds"],
    [
      "that admission gives although the template declines it",
      [declining, its, podOf({ automountServiceAccountToken: false }, true)],
      "succeeds",
    ],
    [
      "perhaps with whoever took it from a run before the template declined it",
      [declining, its, podOf({}, true)],
      "inconclusive",
    ],
    ["but not where that one has expired", [declining, its, expired], "blocked"],
    [
      "but not where it is for another audience",
      [backup({ automountServiceAccountToken: false, tokens: [{ ...TOKEN, audience: "vault" }] })],
      "blocked",
    ],
  ] as const)("%s", (_, objects, outcome) => {
    expect(replay(grants, { objects: [...objects] }).outcome).toBe(outcome);
  });

  test("in a legacy Secret that it mounts", () => {
    const secrets = [
      {
        kind: "Secret" as const,
        meta: meta("database", "db", { annotations: { "kubernetes.io/service-account.name": "backup" } }),
        type: "kubernetes.io/service-account-token",
      },
    ];
    expect(replay(grants, { objects: [declining], secrets }).outcome).toBe("succeeds");
  });
});

describe("is inconclusive", () => {
  test.each(["roles", "rolebindings", "clusterroles", "clusterrolebindings"] as const)(
    "where %s were not seen and nothing was found",
    (kind) => {
      const found = replay([], { blindSpots: [forbidden(kind, null)] });
      expect(found).toMatchObject({ outcome: "inconclusive", missing: [`${kind} could not be listed: Forbidden`] });
    },
  );

  test("where the server asks other authorizers", () => {
    expect(replay([], { otherAuthorizers: true }).outcome).toBe("inconclusive");
  });

  test("where other namespaces were not looked at", () => {
    const { metadata } = seen([]);
    const narrow = { metadata: { ...metadata, scope: { namespaces: ["database"] } } };
    expect(replay([], narrow).missing).toEqual(["roles and rolebindings of other namespaces were not looked at"]);
  });

  test("where only chance helps, and says what it takes", () => {
    const found = replay([everywhere(backupAccount, rule("create", "pods/exec"))], {
      blindSpots: [forbidden("pods", null)],
    });
    expect(found.outcome).toBe("inconclusive");
    expect(found.missing).toContainEqual(expect.stringContaining("whether chance helps: pods-exec"));
  });

  test("where the ServiceAccount was not seen, which may decline the token", () => {
    const found = replay([everywhere(backupAccount, reads())], {
      serviceaccounts: [],
      blindSpots: [forbidden("serviceaccounts", null)],
    });
    expect(found).toMatchObject({
      outcome: "inconclusive",
      because: "every Secret as database/backup, if its pods get a token",
      missing: ["serviceaccounts could not be listed: Forbidden"],
    });
  });

  test("where runs that may hold a token were not seen", () => {
    const found = replay([everywhere(backupAccount, reads())], {
      objects: [backup({ automountServiceAccountToken: false })],
      blindSpots: [forbidden("pods", null)],
    });
    expect(found).toMatchObject({ outcome: "inconclusive", missing: ["pods could not be listed: Forbidden"] });
  });
});

describe("does not apply", () => {
  test("to a Job or pod that has finished and is nobody's", () => {
    const [lone] = run("backup", 60, null, []);
    expect(replay([], { objects: [lone] }).outcome).toBe("not-applicable");
  });

  test("unless what may run it again was not seen", () => {
    const [, owned] = run("gone", 60, null, [], { pod: { serviceAccountName: "backup" } });
    const objects = [{ ...owned, meta: { ...owned.meta, name: "backup" } }];
    const grants = [everywhere(backupAccount, reads())];
    expect(replay(grants, { objects }).outcome).toBe("not-applicable");
    expect(replay(grants, { objects, blindSpots: [forbidden("jobs", null)] })).toMatchObject({
      outcome: "inconclusive",
      missing: ["what started it: jobs could not be listed: Forbidden"],
    });
  });

  test("where the ServiceAccount does not exist", () => {
    expect(replay([everywhere(backupAccount, reads())], { serviceaccounts: [] })).toMatchObject({
      outcome: "not-applicable",
      path: [],
    });
  });
});

describe("a finished Job", () => {
  const grants = [everywhere(backupAccount, reads())];
  const [done, its] = run("backup", 60, null, [], { pod: { serviceAccountName: "backup", tokens: [TOKEN] } });

  test("leaves a token to whoever took it, until its pod is deleted", () => {
    const found = replay(grants, { objects: [done, its] });
    expect(found).toMatchObject({
      outcome: "inconclusive",
      because: "it has finished, and a token taken while it ran still works until pod/backup-x is deleted",
    });
    expect(found.wouldBlock.map(({ id, how }) => [id, how])[0]).toEqual([
      "pod-deletion",
      "kubectl cronaudit cleanup job/backup -n database",
    ]);
    expect(found.path[0]?.act).toContain("while it ran");
  });

  test("leaves nothing where its account reads nothing, or its pods are gone", () => {
    expect(replay([], { objects: [done, its] })).toMatchObject({ outcome: "blocked", blockedBy: [{ id: "rbac" }] });
    expect(replay(grants, { objects: [done] }).outcome).toBe("not-applicable");
    expect(replay(grants, { objects: [done], blindSpots: [forbidden("pods", null)] })).toMatchObject({
      outcome: "inconclusive",
      missing: ["pods could not be listed: Forbidden"],
    });
  });
});

describe("what would keep its token", () => {
  const grants = [everywhere(backupAccount, reads())];
  const fix = (objects: Parameters<typeof seen>[0], more: Partial<Snapshot> = {}) =>
    replay(grants, { objects, ...more }).wouldBlock.find(({ id }) => id === "no-token")?.how;

  test("is the automount, also while a run is under way or its account was not seen", () => {
    const [its] = run("backup-1", 60, backup(), []);
    const now = pod("backup-1-x", {
      meta: { ownerReferences: controlledBy(its) },
      phase: "Running",
      template: template({ serviceAccountName: "backup", tokens: [TOKEN] }),
      containers: [running("main")],
    });
    expect(fix([backup(), { ...its, conditions: [] }, now])).toContain("automountServiceAccountToken");
    expect(fix([backup()], { serviceaccounts: [], blindSpots: [forbidden("serviceaccounts", null)] })).toContain(
      "automountServiceAccountToken",
    );
  });

  test("is the volume where the template mounts it", () => {
    expect(fix([backup({ tokens: [TOKEN] })])).toContain("take the serviceAccountToken volume out");
  });
});

test("a Secret that the account reads by its name may be its work", () => {
  const found = replay([within("database", backupAccount, rule("get,update", "secrets", ["db", "orders-api"]))]);
  expect(found.wouldBlock.at(-1)?.how).toContain("unless its work is to read orders-api by the API");
});

test("what is suspended gives its token only once somebody resumes it", () => {
  const grants = [everywhere(backupAccount, reads())];
  expect(replay(grants, { objects: [{ ...backup(), suspend: true }] }).because).toBe(
    "every Secret as database/backup; it is suspended: only once somebody resumes it",
  );
});

test("a token that was not seen is one perhaps", () => {
  const more = { serviceaccounts: [], blindSpots: [forbidden("serviceaccounts", null)] };
  expect(replay([everywhere(backupAccount, reads())], more).path[0]?.yields).toMatch(/^perhaps a token/);
});

describe("from a position", () => {
  const wide = everywhere(backupAccount, reads());
  const own = (verbs: string, resources: string, names: string[] = []) =>
    within("database", user("alice"), rule(verbs, resources, names));

  test("is blocked by RBAC where no role leads to the account", () => {
    const found = replay([wide, own("get,list", "pods")], {}, [alice]);
    expect(found).toMatchObject({
      outcome: "blocked",
      because: "no role leads user alice to serviceaccount/backup (database)",
      blockedBy: [{ id: "rbac" }],
    });
    expect(found.path.map(({ allowed }) => allowed)).toEqual([false, false, false]);
  });

  test.each([
    ["its token", own("create", "serviceaccounts/token", ["backup"]), "serviceaccounts-token"],
    ["a pod of its own", own("create", "pods"), "pods-create"],
  ])("succeeds by %s", (_, grant, edge) => {
    const found = replay([wide, grant], {}, [alice]);
    expect(found).toMatchObject({
      outcome: "succeeds",
      because: "every Secret as database/backup, which user alice comes to",
    });
    expect(factsOf(found, "over-permissive-account").ways[0]?.edge).toBe(edge);
    expect(found.path[0]).toMatchObject({ actor: "user alice", as: alice, allowed: true });
  });

  test("succeeds by a chain over somebody who reads nothing himself", () => {
    const grants = [
      wide,
      everywhere(user("alice"), rule("impersonate", "users", ["bob"])),
      within("database", user("bob"), rule("create", "serviceaccounts/token", ["backup"])),
    ];
    const found = replay(grants, {}, [alice]);
    expect(factsOf(found, "over-permissive-account").ways[0]?.edges).toEqual([
      "users-impersonate",
      "serviceaccounts-token",
    ]);
    expect(found.outcome).toBe("succeeds");
  });

  describe("over another workload's run", () => {
    const other = cronJob("other", { meta: { namespace: "other" } });
    const grants = [
      wide,
      within("other", user("alice"), rule("create", "pods/exec")),
      within("database", sa("default", "other"), rule("create", "serviceaccounts/token", ["backup"])),
    ];
    const accounts = [account("backup"), account("default"), account("default", "other")];
    const at = (objects: Parameters<typeof seen>[0], keeps: (name: string) => boolean = () => true) => {
      const snapshot = evidence(grants, { objects, serviceaccounts: accounts });
      const context = assessContext(snapshot, [alice], ({ ref: { name } }) => keeps(name));
      return overPermissiveAccount.assess(context).find(({ workload }) => workload.name === "backup")!;
    };

    test("waits for that, whatever is selected", () => {
      const because = "every Secret as database/backup, which user alice comes to once a run is under way";
      expect(at([backup(), other])).toMatchObject({ outcome: "succeeds", because });
      expect(at([backup(), other], (name) => name === "backup")).toMatchObject({ outcome: "succeeds", because });
    });

    test("takes somebody who resumes it where it is suspended", () => {
      const found = at([backup(), { ...other, suspend: true }]);
      expect(found).toMatchObject({ outcome: "inconclusive", missing: [expect.stringContaining("resumes")] });
    });

    test("does not wait for what has finished", () => {
      const [done] = run("other", 60, null, []);
      const elsewhere = { ...done, meta: { ...done.meta, namespace: "other" } };
      expect(at([backup(), elsewhere])).toMatchObject({ outcome: "blocked", blockedBy: [{ id: "rbac" }] });
    });

    test("is not blocked where such a run was not seen", () => {
      const snapshot = evidence(grants, { blindSpots: [forbidden("pods", "other")], serviceaccounts: accounts });
      expect(replayOf(overPermissiveAccount, snapshot, "backup", [alice]).outcome).toBe("inconclusive");
    });
  });

  test("waits for a run although another pod of the namespace runs", () => {
    const web = pod("web", { phase: "Running", containers: [running("main")] });
    expect(replay([wide, own("create", "pods/exec")], { objects: [backup(), web] }, [alice]).because).toBe(
      "every Secret as database/backup, which user alice comes to once a run is under way",
    );
  });

  test("waits for a run where none is under way to enter", () => {
    expect(replay([wide, own("create", "pods/exec")], {}, [alice])).toMatchObject({
      outcome: "succeeds",
      because: "every Secret as database/backup, which user alice comes to once a run is under way",
    });
  });

  test("needs the token only where it comes by a container", () => {
    const objects = [backup({ automountServiceAccountToken: false })];
    expect(replay([wide, own("create", "pods/exec")], { objects }, [alice]).outcome).toBe("blocked");
    expect(replay([wide, own("create", "serviceaccounts/token")], { objects }, [alice]).outcome).toBe("succeeds");
  });

  test("is inconclusive where grants may be missing", () => {
    const more = { blindSpots: [forbidden("rolebindings", null)] };
    expect(replay([wide], more, [alice])).toMatchObject({
      outcome: "inconclusive",
      missing: ["rolebindings could not be listed: Forbidden"],
    });
  });

  test("that is the account itself has come there", () => {
    const position: SubjectRef = { kind: "ServiceAccount", namespace: "database", name: "backup" };
    expect(replay([wide], {}, [position])).toMatchObject({
      outcome: "succeeds",
      because: "every Secret as database/backup",
    });
  });
});

describe("in the table", () => {
  test("tells the widest account and counts the others", () => {
    const other = { ...backup(), ...cronJob("report") };
    const objects = [backup(), other];
    const grants = [everywhere(backupAccount, reads()), within("database", sa("default", "database"), reads())];
    const snapshot = evidence(grants, { objects, namespaces: namespaces("database") });
    const found = ["report", "backup"].map((name) => replayOf(overPermissiveAccount, snapshot, name));
    expect(overPermissiveAccount.summarise(found)).toBe("every Secret as database/backup, and 1 more account");
    expect(overPermissiveAccount.summarise([])).toBe("no workload");
  });
});
