import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { completedPod } from "../../src/scenarios/labs/completed-pod.ts";
import { useCluster } from "../control-plane/test.ts";
import { expectForms, fell, form } from "./labs/expectations.ts";
import { groundFor, USER_AGENT } from "./labs/perform.ts";

const run = promisify(execFile);

interface AuditEvent {
  auditID: string;
  userAgent: string;
  user: { username: string };
  responseStatus: { code: number };
}

/** What the server's audit log has of the lab's actors in a namespace, by Audit-ID. */
async function loggedBy(file: string, namespace: string): Promise<Map<string, AuditEvent>> {
  const { stdout } = await run("grep", ["-F", `:${namespace}:1-`, file], { maxBuffer: 64 << 20 });
  const lines = stdout.trim().split("\n");
  const events = lines.map((line) => JSON.parse(line) as AuditEvent);
  return new Map(events.map((event) => [event.auditID, event]));
}

const blocked = ["blocked", "no-value-in-object"] as const;

/** A mutation is the hardened form without one of its fields. The TTL flips nothing while the value is in no object. */
const expected = [
  form(
    "1-default",
    [],
    fell,
    /^value in spec\.containers\[0\]\.env\[0\]\.value of the finished pod, by pods get and list$/,
  ),
  form(
    "1-hardened",
    ["value-in-file", "ttl"],
    blocked,
    /^value not in the finished pod, which was read; after the TTL it is gone \(404 NotFound\)$/,
  ),
  form("1-without-value-in-file", ["ttl"], fell, /^value in spec\.containers/),
  form("1-without-ttl", ["value-in-file"], blocked, /^value not in the finished pod, which was read$/),
  form("1-hardened-secret-key-ref", ["value-by-reference"], blocked, /^value not in the finished pod, which was read$/),
];

describe("on a node that only plays", () => {
  const cluster = useCluster({ needs: ["audit-log"] });

  test("the table has every hardening taken away, and the variants as they are predicted", () => {
    const all = completedPod.hardenings.map(({ id }) => id);
    const hardened = expected.find(({ name }) => name === "1-hardened")!;
    expect([hardened.hardenings, hardened.by]).toEqual([all, completedPod.predicted]);
    for (const id of all) expect(expected.map(({ name }) => name)).toContain(`1-without-${id}`);
    expect(completedPod.variants).toMatchObject([{ hardenings: ["value-by-reference"], predicted: "blocked" }]);
  });

  test("a finished pod shows a literal, and no reference", async () => {
    const on = { placement: "driver", image: "registry.test/backup:1", node: cluster.plane.node! } as const;
    const twins = await expectForms(groundFor(cluster, "completed-pod", completedPod, on), expected);
    const { namespace } = cluster;
    const { steps } = twins.get("1-hardened")!;
    const pods = `GET /api/v1/namespaces/${namespace}/pods`;
    expect(steps.map(({ act, status, reason, as }) => [act.replace(/-run-\w+$/, "-run"), status, reason, as])).toEqual([
      [pods, 200, null, `system:serviceaccount:${namespace}:1-hardened-reader`],
      [`${pods}/1-hardened-run`, 200, null, `system:serviceaccount:${namespace}:1-hardened-reader`],
      [`${pods}/1-hardened-run`, 404, "NotFound", `system:serviceaccount:${namespace}:1-hardened-reader`],
    ]);
    expect(new Set(steps.map(({ auditId }) => auditId)).size).toBe(3);
    for (const { auditId } of steps) expect(auditId).toMatch(/^cronaudit-r0badcafe-\d+-1-hardened$/);
    const logged = await loggedBy(cluster.plane.auditLog!, namespace);
    for (const twin of twins.values()) {
      for (const { auditId, status, as } of twin.steps) {
        const event = logged.get(auditId!);
        expect([event?.user.username, event?.responseStatus.code, event?.userAgent]).toEqual([as, status, USER_AGENT]);
      }
    }
  });
});

describe("on a real node", () => {
  const cluster = useCluster({ needs: ["real-node"] });

  test("the process had its password in each form, and only a literal is in the pod", async () => {
    const on = { placement: "container", image: cluster.node.images.kubectl, node: cluster.node.name } as const;
    await expectForms(groundFor(cluster, "completed-pod", completedPod, on), expected);
  });
});
