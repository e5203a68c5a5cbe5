import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { exposureReport } from "../../../src/exposure/report.ts";
import { SEVERITIES } from "../../../src/exposure/severity.ts";
import type { Carrier, ExposureItem } from "../../../src/model/report.ts";
import type { SecretMeta, Snapshot } from "../../../src/model/snapshot.ts";
import type { Literal, SecretKey } from "../../../src/model/workload.ts";
import { ago, controlledBy, cronJob, DAY, everything, HOUR, pod, template, terminated } from "../batch/objects.ts";
import { carrying, literal, reference, report, run } from "./objects.ts";
import { comparedAs, snapshots } from "./random-snapshot.ts";

vi.setConfig({ testTimeout: 120_000 });

const key = (more: Partial<SecretKey> = {}): SecretKey => ({
  namespace: "database",
  name: "db-credentials",
  key: "password",
  fills: "key",
  ...more,
});
const equal = (secrets: SecretKey[] = [key()], more = 0, rest: Partial<Literal> = {}): Literal =>
  literal("f", { because: "equals Secret database/db-credentials key password", equals: { secrets, more }, ...rest });

/** A finished pod that names the Secret and holds nothing. */
const naming = (
  name: string,
  keys: string[] | null = ["password"],
  secret = "db-credentials",
  namespace = "database",
) =>
  pod(name, {
    phase: "Succeeded",
    template: template({ nodeName: "n1", secretReferences: [reference(secret, { keys })] }),
    startTime: ago(2 * DAY),
    containers: [terminated("main", ago(2 * DAY - HOUR))],
    meta: { namespace, creationTimestamp: ago(2 * DAY) },
  });
const COMPARED = { compared: { secrets: 1, values: 1, left: [] } };
type Credential = ExposureItem["credential"];
const one = (items: readonly ExposureItem[]): ExposureItem => {
  expect(items).toHaveLength(1);
  return items[0]!;
};
const classesOf = ({ carriers }: ExposureItem): string[] =>
  [...new Set(carriers.map((carrier) => carrier.class))].sort();

describe("a literal that equals a Secret, and a reference to it", () => {
  const backup = carrying("backup", [equal()]);

  test("are one credential: named by the literal, with the Secret beside it", () => {
    const item = one(report([naming("reader"), backup], COMPARED).items);
    expect(item.credential).toEqual({
      name: "DB_PASSWORD",
      kind: "password",
      confidence: "certain",
      because: "equals Secret database/db-credentials key password",
      fingerprint: "f",
      ref: { namespace: "database", name: "db-credentials", key: "password" },
      serviceAccount: null,
      equals: [key()],
      equalsMore: 0,
    });
    expect(item.workload).toMatchObject({ kind: "CronJob", name: "backup" });
    expect(classesOf(item)).toEqual(["literal-env", "node-grant", "secret-env"]);
  });

  test("have the literal's id, wherever the reference stands and however old it is", () => {
    const alone = one(report([backup], COMPARED).items);
    expect(one(report([naming("reader"), backup], COMPARED).items).id).toBe(alone.id);
  });

  test("are as severe as the worse of the two, and a finished pod that only names the Secret holds no copy", () => {
    const severity = (...objects: Parameters<typeof report>[0]): string =>
      one(report(objects, COMPARED).items).severity;
    const alone = severity(backup);
    expect(alone).not.toBe("critical");
    expect(severity(backup, naming("reader"))).toBe(alone);
    expect(severity(...run("once", DAY, null, [equal()]), naming("reader"))).toBe(
      severity(...run("once", DAY, null, [equal()])),
    );
  });

  test("say that it is to be taken from the Secret that is there, and rotated in it", () => {
    const { fix, carriers } = one(report([backup, naming("reader")], COMPARED).items);
    const instead = "use secretKeyRef to db-credentials key password instead, or mount it from there";
    expect(fix).toContain(`kubectl edit cronjob/backup -n database  # take DB_PASSWORD out of `);
    expect(fix).toContain(instead);
    expect(fix).toMatch(/then rotate DB_PASSWORD in Secret database\/db-credentials too$/);
    expect(carriers[0]!.endsBy).toContain(instead);
  });

  test("in another namespace, a Secret cannot be named: it needs one of its own", () => {
    const far = key({ namespace: "vault" });
    const { fix } = one(report([carrying("backup", [equal([far, key({ namespace: "x" })], 3)])], COMPARED).items);
    expect(fix).toContain("mount it from a Secret");
    expect(fix).toMatch(/then rotate DB_PASSWORD in Secret vault\/db-credentials, x\/db-credentials and others too$/);
  });

  test.each([
    ["another key", naming("reader", ["username"])],
    ["another Secret", naming("reader", ["password"], "other")],
    ["a Secret of its name elsewhere", naming("reader", ["password"], "db-credentials", "elsewhere")],
    ["the whole Secret, which has another credential", naming("reader", null)],
  ])("stay two for %s", (_, other) => {
    expect(report([backup, other], COMPARED).items).toHaveLength(2);
  });

  test("are one for the whole Secret that holds nothing else, and two for a part of a key's value", () => {
    const filling = (fills: SecretKey["fills"]) => carrying("backup", [equal([key({ fills })])]);
    expect(report([filling("secret"), naming("reader", null)], COMPARED).items).toHaveLength(1);
    expect(report([filling("part"), naming("reader")], COMPARED).items).toHaveLength(2);
  });

  test("join references to several Secrets with the same value", () => {
    const both = carrying("backup", [equal([key(), key({ name: "copy" })])]);
    const item = one(report([naming("a"), naming("b", ["password"], "copy"), both], COMPARED).items);
    expect(item.credential.ref).toMatchObject({ name: "copy" });
    expect(item.credential.equals?.map(({ name }) => name)).toEqual(["db-credentials", "copy"]);
  });

  test("the Secret's rotation is told for the pods that name it", () => {
    const secret: SecretMeta = {
      kind: "Secret",
      type: "Opaque",
      meta: { ...cronJob("db-credentials").meta, namespace: "database", creationTimestamp: ago(DAY) },
    };
    const more = { ...COMPARED, secrets: [secret] };
    expect(one(report([backup, naming("reader")], more).items).rotatedBy).toBe(ago(DAY));
    expect(one(report([backup], more).items).rotatedBy).toBeNull();
  });

  test("who sees the reference alone sees how bad that is", () => {
    const items = report([backup, naming("reader")], COMPARED).items;
    expect(items[0]!.readers.items.map(({ subject }) => subject.name)).toContain("system:node:n1");
  });
});

test("whether Secrets were compared is told apart from nothing found", () => {
  const equals = (given: Partial<Snapshot>) => {
    const { items } = report([carrying("backup", [literal("f")]), naming("reader")], given);
    return items.map(({ credential }) => credential.equals);
  };
  expect(equals({})).toEqual([null, null]);
  expect(equals(COMPARED)).toEqual([[], null]);
});

test("a legacy token that stands as text is one with its Secret, and keeps its account", () => {
  const secret: SecretMeta = {
    kind: "Secret",
    type: "kubernetes.io/service-account-token",
    meta: {
      ...cronJob("runner-token").meta,
      namespace: "database",
      annotations: { "kubernetes.io/service-account.name": "runner" },
    },
  };
  const text = equal([key({ name: "runner-token", key: "token", fills: "secret" })], 0, { kind: "jwt" });
  const item = one(
    report([carrying("backup", [text]), naming("reader", null, "runner-token")], { ...COMPARED, secrets: [secret] })
      .items,
  );
  expect(item.credential).toMatchObject({ kind: "jwt", serviceAccount: { namespace: "database", name: "runner" } });
  expect(classesOf(item)).toContain("token-legacy");
});

test("comparing takes no carrier away, makes nothing less severe and no more credentials than before", () => {
  const every = everything({ all: true });
  const place = ({ class: id, object, path }: Carrier): string => JSON.stringify([id, object, path]);
  const worst = (items: readonly ExposureItem[]): number =>
    Math.min(...items.map(({ severity }) => SEVERITIES.indexOf(severity)));
  const isPart = ({ fingerprint, ref }: Credential, of: Credential): boolean =>
    fingerprint === null
      ? (of.equals ?? []).some(
          (secret) =>
            ref?.namespace === secret.namespace &&
            ref.name === secret.name &&
            (ref.key === null ? secret.fills === "secret" : ref.key === secret.key && secret.fills !== "part"),
        )
      : fingerprint === of.fingerprint;
  fc.assert(
    fc.property(snapshots, (snapshot) => {
      const [before, after] = [comparedAs(snapshot, false), comparedAs(snapshot, true)].map(
        (given) => exposureReport(given, every).items,
      );
      const places = (items: readonly ExposureItem[]): string[] =>
        items.flatMap(({ carriers }) => carriers.map(place)).sort();
      expect(places(after!)).toEqual(places(before!));
      expect(after!.length).toBeLessThanOrEqual(before!.length);
      for (const item of after!) {
        const parts = before!.filter(({ credential }) => isPart(credential, item.credential));
        expect(SEVERITIES.indexOf(item.severity)).toBeLessThanOrEqual(parts.length === 0 ? Infinity : worst(parts));
      }
    }),
    { numRuns: 150 },
  );
});

test("a copy in a run counts as that run's, not as its CronJob's template", () => {
  const own = cronJob("backup", {
    job: { ...cronJob("x").job, template: template({ secretReferences: [reference("db-credentials")] }) },
  });
  const [job, ended] = run("backup-1", DAY, own, [equal()]);
  const item = one(
    report([own, { ...job, meta: { ...job.meta, ownerReferences: controlledBy(own) } }, ended], COMPARED).items,
  );
  expect(item.removedFromTemplate).toBe(true);
});
