import { describe, expect, test } from "vitest";
import type { Pod } from "../../../src/model/workload.ts";
import { ago, DAY, forbidden, HOUR, pod, running, template } from "../batch/objects.ts";
import { account, report, run, TOKEN } from "./objects.ts";

function finishedPod(more: { token?: Partial<typeof TOKEN>; meta?: Partial<Pod["meta"]> } = {}): Pod {
  const [, made] = run("r", HOUR, null, [], { pod: { tokens: [{ ...TOKEN, ...more.token }], nodeName: "node-3" } });
  return { ...made, meta: { ...made.meta, ownerReferences: [], ...more.meta } };
}

const only = (...args: Parameters<typeof report>) => report(...args).items[0]!;

describe("a bound token ends at the earliest of", () => {
  test("its exp: a year after the last refresh for the token that admission asks for", () => {
    expect(only([finishedPod()])).toMatchObject({ closes: ago(HOUR - 365 * DAY), severity: "medium" });
    expect(only([finishedPod()]).carriers[0]).toMatchObject({ closesBecause: "token-expiry", closesIsBound: true });
  });

  test("its exp: what was asked for otherwise, and then it is over", () => {
    expect(only([finishedPod({ token: { expirationSeconds: 600 } })])).toMatchObject({
      closes: ago(HOUR - 600),
      severity: "info",
    });
  });

  test("its pod: the TTL of the Job", () => {
    const [job, its] = run("r", HOUR, null, [], { spec: { ttlSecondsAfterFinished: DAY }, pod: { tokens: [TOKEN] } });
    expect(only([job, its]).carriers[0]).toMatchObject({ closesBecause: "ttl", closes: ago(HOUR - DAY) });
  });

  test("60 s after the deletionTimestamp, while a finalizer holds the pod", () => {
    const meta = { deletionTimestamp: ago(90), finalizers: ["example.com/keep"] };
    expect(only([finishedPod({ meta })])).toMatchObject({ closes: ago(30), severity: "info" });
    expect(only([finishedPod({ meta })]).carriers[0]!.closesBecause).toBe("deletion-in-progress");
  });

  test("its ServiceAccount: deleted, or recreated since", () => {
    expect(only([finishedPod()], { serviceaccounts: [] }).carriers[0]).toMatchObject({
      closes: ago(0),
      closesBecause: "owner-deletion",
      closesIsBound: true,
    });
    const recreated = account("default");
    recreated.meta.creationTimestamp = ago(600);
    expect(only([finishedPod()], { serviceaccounts: [recreated] }).closes).toBe(ago(600));
  });

  test("an account that was not seen ends nothing", () => {
    const blind = { serviceaccounts: [], blindSpots: [forbidden("serviceaccounts", null)] };
    expect(only([finishedPod()], blind).carriers[0]!.closesBecause).toBe("token-expiry");
  });
});

describe("tokens", () => {
  test("for another audience end by exp alone: the API server does not judge them", () => {
    const meta = { deletionTimestamp: ago(3000), finalizers: ["example.com/keep"] };
    const token = { audience: "vault", expirationSeconds: 7200 };
    expect(only([finishedPod({ token, meta })])).toMatchObject({ closes: ago(HOUR - 7200) });
  });

  test("of a running pod are in use, without an end that is known", () => {
    const busy = pod("busy", {
      phase: "Running",
      containers: [running("main")],
      template: template({ tokens: [TOKEN] }),
    });
    expect(only([busy])).toMatchObject({
      closes: null,
      severity: "low",
      atRestHours: { soFar: expect.any(Number) as number },
    });
  });

  test("of a pod that never started do not exist", () => {
    const waiting = pod("waiting", { phase: "Pending", startTime: null, template: template({ tokens: [TOKEN] }) });
    expect(report([waiting]).items).toEqual([]);
  });

  test("are read by the pod's node, through the Node authorizer", () => {
    expect(only([finishedPod()]).readers).toMatchObject({
      count: 1,
      items: [{ subject: { kind: "User", namespace: null, name: "system:node:node-3" }, through: ["node-authorizer"] }],
    });
  });
});

describe("automount decides where admission has not spoken: pod over ServiceAccount over true", () => {
  const manifest = (own: boolean | null, accounts: boolean | null) => {
    const bare = pod("p", { template: template({ automountServiceAccountToken: own }), meta: { resourceVersion: "" } });
    const one = { ...account("default"), automountServiceAccountToken: accounts };
    return report([bare], { serviceaccounts: [one] }).items.length;
  };

  test.each([
    [null, null, 1],
    [null, false, 0],
    [null, true, 1],
    [false, true, 0],
    [true, false, 1],
  ])("pod %s, account %s: %i tokens", (own, accounts, tokens) => {
    expect(manifest(own, accounts)).toBe(tokens);
  });

  test("an admitted pod without the volume has no token, whatever the account says now", () => {
    expect(report([pod("p", { template: template({ automountServiceAccountToken: true }) })]).items).toEqual([]);
  });
});
