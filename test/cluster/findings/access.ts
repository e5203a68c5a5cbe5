import { expect, test } from "vitest";
import type { AccessItem, AccessReport, Reach, Way } from "../../../src/model/report.ts";
import type { OnStage, Stage } from "./stage.ts";

const NS = "database";
const EVERYTHING: Reach = { cluster: true, namespaces: [], secrets: [] };
const NOTHING: Reach = { cluster: false, namespaces: [], secrets: [] };
const ALL_HERE: Reach = { cluster: false, namespaces: [NS], secrets: [] };
const only = (name: string): Reach => ({ cluster: false, namespaces: [], secrets: [{ namespace: NS, name }] });

/** `RoleBinding x` in the namespace, `ClusterRoleBinding x` in none. */
function link(title: string): { kind: string; namespace: string | null; name: string } {
  const [kind = "", name = ""] = title.split(" ");
  return { kind, namespace: kind.startsWith("Cluster") ? null : NS, name };
}

/** The ways that one rule of one role opens through one binding. */
function ways(
  { facts }: Stage,
  through: { verbs: string[]; scope: Reach; binding: string; role: string; rule?: number; note?: string },
): Partial<Way>[] {
  const grants = [through.binding, through.role].map((title) => title.split(" ") as [string, string]);
  return through.verbs.map((verb) => ({
    edge: `secrets-${verb}`,
    edges: [`secrets-${verb}`],
    leadsTo: [],
    effect: "read",
    scope: through.scope,
    chain: [link(through.binding), { ...link(through.role), rule: through.rule ?? 0 }],
    provedSince: facts.granted(...grants),
    verified: null,
    note: verb === "get" ? null : (through.note ?? null),
  }));
}

interface Wanted {
  usedBy: string[];
  reach: Reach;
  ways: Partial<Way>[];
  /** Edges of the ways that take luck; where it is not given, what every account of the namespace may read of specs. */
  maybe?: string[];
}

/** The whole answer about one subject that acts as nobody else: `direct` is `reach`. */
function expectSubject(item: AccessItem, { usedBy, reach, ways: wanted, maybe = ["specs-read"] }: Wanted): void {
  expect(item.usedBy.map(({ kind, name }) => `${kind} ${name}`)).toEqual(usedBy);
  expect(item).toMatchObject({ reach, direct: reach });
  const certain = item.ways.filter(({ effect }) => effect !== "maybe");
  expect(certain.toSorted((a, b) => a.edge.localeCompare(b.edge))).toEqual(wanted);
  const edges = item.ways.filter(({ effect }) => effect === "maybe").map(({ edge }) => edge);
  expect([...new Set(edges)].sort()).toEqual(maybe);
}

/** Which Secrets each account reads, through which binding and which rule of which role, since when, and what grants nothing. */
export function access(onStage: OnStage): void {
  const account = async (name: string, namespace = NS): Promise<AccessItem> => {
    const { items } = await onStage().report<AccessReport>("access");
    const found = items.filter(({ subject }) => subject.name === name && subject.namespace === namespace);
    expect(found.map(({ subject }) => subject)).toEqual([{ kind: "ServiceAccount", namespace, name }]);
    return found[0]!;
  };
  const asked = async (word: string): Promise<AccessItem> => {
    const { items } = await onStage().report<AccessReport>("access", word, "-n", NS);
    expect(items).toHaveLength(1);
    return items[0]!;
  };
  const both = ["get", "list"];

  test("the backup's account reads every Secret of the cluster", async () => {
    const item = await account("backup");
    const through = { binding: "ClusterRoleBinding backup-reader", role: "ClusterRole secret-reader" };
    expectSubject(item, {
      usedBy: ["CronJob backup", "Job backup-manual"],
      reach: EVERYTHING,
      ways: ways(onStage(), { verbs: both, scope: EVERYTHING, ...through }),
    });
    expect(item.ineffective).toEqual([]);
  });

  test("the report's account reads every Secret of the namespace: a binding grants it to the User of its name", async () => {
    const through = { binding: "RoleBinding report-secrets", role: "Role read-secrets" };
    const wanted = {
      usedBy: ["CronJob report"],
      reach: ALL_HERE,
      ways: ways(onStage(), { verbs: both, scope: ALL_HERE, ...through }),
    };
    expectSubject(await account("report"), wanted);
    const user = await asked(`user:system:serviceaccount:${NS}:report`);
    expect(user.subject).toEqual({ kind: "ServiceAccount", namespace: NS, name: "report" });
    expectSubject(user, wanted);
  });

  test("the hardened twin's account reads the one Secret that its Role names", async () => {
    const through = { binding: "RoleBinding backup-cronjob-binding", role: "Role backup-cronjob-role" };
    const scope = only("backup-db-credentials");
    expectSubject(await account("backup-cronjob-sa"), {
      usedBy: ["CronJob database-backup"],
      reach: scope,
      ways: ways(onStage(), { verbs: ["get"], scope, ...through }),
    });
  });

  test("the rotation's account reads the one Secret that it changes", async () => {
    const scope = only("orders-api");
    expectSubject(await account("rotate"), {
      usedBy: ["CronJob rotate-credentials"],
      reach: scope,
      // The answer to a patch is the object as well.
      ways: ways(onStage(), { verbs: ["get", "patch"], scope, binding: "RoleBinding rotate", role: "Role rotate" }),
      maybe: ["secrets-update", "specs-read"],
    });
  });

  test("a Role with a name: get as it is, list and watch by field selector; a role that does not exist is latent", async () => {
    const item = await account("etl");
    const scope = only("report-credentials");
    const through = { binding: "RoleBinding etl-watch", role: "Role watch-credentials" };
    const note = "only with fieldSelector metadata.name";
    expectSubject(item, {
      usedBy: ["Job integrity-check"],
      reach: scope,
      ways: ways(onStage(), { verbs: ["get", "list", "watch"], scope, ...through, note }),
    });
    expect(item.ineffective).toEqual([
      {
        state: "latent",
        chain: [link("RoleBinding etl-legacy"), link("Role legacy-etl")],
        why: expect.stringMatching(/Role legacy-etl does not exist.*creates it/) as string,
      },
    ]);
  });

  test("in the tree, the note about field selectors is not about get", async () => {
    const { stdout } = await onStage().shown("access", "sa/etl", "-n", NS);
    const lines = stdout.split("\n");
    const noted = lines.findIndex((line) => line.includes("fieldSelector"));
    expect(noted).toBeGreaterThan(0);
    // Either the note names its verbs, or it stands below those alone.
    const branch = /\blist\b/.test(lines[noted]!) ? lines[noted]! : lines[noted - 1]!;
    expect(branch).not.toContain("secrets-get");
    expect(lines[noted]).toMatch(/; secrets-list, secrets-watch only with fieldSelector metadata\.name$/);
    expect(stdout).toMatch(/latent: RoleBinding database\/etl-legacy → Role database\/legacy-etl: .*does not exist/);
  });

  test("default accounts run much and read no Secret", async () => {
    expectSubject(await account("default"), {
      usedBy: [
        ...["archive", "pg-dump-before-upgrade", "reindex", "warehouse-export"].map((job) => `Job ${job}`),
        ...onStage()
          .facts.podsOf("schema-migrate")
          .map(({ metadata }) => `Pod ${String(metadata.name)}`)
          .sort(),
      ],
      reach: NOTHING,
      ways: [],
    });
    const newsletter = { usedBy: ["CronJob newsletter"], reach: NOTHING, ways: [], maybe: [] };
    expectSubject(await account("default", "team"), newsletter);
  });

  test("these are all that batch work runs as, the widest first", async () => {
    const { items, summary, complete } = await onStage().report<AccessReport>("access");
    expect(items.map(({ subject }) => `${String(subject.namespace)}/${subject.name}`)).toEqual([
      "database/backup",
      "database/report",
      // Its Secret may be turned into another account's token, if it holds one.
      "database/rotate",
      "database/backup-cronjob-sa",
      "database/etl",
      "database/default",
      "team/default",
    ]);
    expect(summary).toMatchObject({ subjects: 7, readEverySecret: 1, readWholeNamespaces: 1 });
    expect(complete).toBe(true);
  });

  test("asked for: a ClusterRole that a RoleBinding confines to its namespace", async () => {
    const through = { binding: "RoleBinding audit-secrets", role: "ClusterRole secret-reader" };
    expectSubject(await asked("sa/audit"), {
      usedBy: [],
      reach: ALL_HERE,
      ways: ways(onStage(), { verbs: both, scope: ALL_HERE, ...through }),
    });
  });

  test("asked for: groups that read pods, literals and all, but no Secret", async () => {
    for (const name of ["oncall", `system:serviceaccounts:${NS}`]) {
      const item = await asked(`group:${name}`);
      expect(item.subject).toEqual({ kind: "Group", namespace: null, name });
      const maybe = name === "oncall" ? ["pods-log", "specs-read"] : ["specs-read"];
      expectSubject(item, { usedBy: [], reach: NOTHING, ways: [], maybe });
    }
  });

  test("asked for: an account without a right to any Secret runs a pod, and so reads whatever another account reads", async () => {
    const item = await asked("sa/deployer");
    expect(item).toMatchObject({ direct: NOTHING, reach: EVERYTHING });
    const [pod, further] = item.ways.filter(({ effect }) => effect !== "maybe");
    expect(pod).toMatchObject({
      edges: ["pods-create"],
      effect: "act-as",
      scope: ALL_HERE,
      leadsTo: [{ kind: "ServiceAccount", namespace: NS, name: null }],
      chain: [link("RoleBinding deployer-pods"), { ...link("Role run-pods"), rule: 0 }],
    });
    expect(further).toMatchObject({ edges: ["pods-create", "secrets-get"], scope: EVERYTHING });
    expect(further!.chain.slice(2)).toEqual([
      { kind: "ServiceAccount", namespace: NS, name: "backup" },
      link("ClusterRoleBinding backup-reader"),
      { ...link("ClusterRole secret-reader"), rule: 0 },
    ]);
    expect(further!.provedSince).toBe(
      [
        pod!.provedSince!,
        onStage().facts.granted(["ClusterRoleBinding", "backup-reader"], ["ClusterRole", "secret-reader"]),
      ]
        .sort()
        .at(-1),
    );
  });

  test("asked for: everybody who reaches one Secret of another namespace", async () => {
    const { items, summary } = await onStage().report<AccessReport>("access", "--secret", "payments/gateway");
    expect(summary.secret).toEqual({ namespace: "payments", name: "gateway" });
    expect(summary.folded).toBeGreaterThan(5);
    const by = new Map(items.map(({ subject, ways: own }) => [subject.name, own.map(({ edges }) => edges.join(" "))]));
    expect(by.get("backup")).toEqual(["secrets-get", "secrets-list"]);
    expect(by.get("promoter")).toEqual(["secrets-get"]);
    expect(by.get("deployer")).toContain("pods-create secrets-get");
    for (const name of ["report", "etl", "audit"]) expect(by.has(name), name).toBe(false);
  });
}
