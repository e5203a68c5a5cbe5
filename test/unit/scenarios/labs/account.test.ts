import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../../../src/model/api.ts";
import { judgeAsked, type Asked, type AskedAnswer } from "../../../../src/scenarios/labs/account-judgement.ts";
import { overPermissiveAccount } from "../../../../src/scenarios/labs/over-permissive-account.ts";
import { place, stageOf, type There, twinOf } from "./stage.ts";

const asks: Asked[] = ["own", "list", "list-other", "neighbour", "neighbour-other"];
const twin = { name: "2-hardened" };

const answers = fc.tuple(
  ...asks.map((asked) =>
    fc.record({
      asked: fc.constant(asked),
      status: fc.constantFrom(200, 403, 403, 403, 401, 404, 500, null),
      reason: fc.constantFrom("Forbidden", "Forbidden", "Forbidden", "Unauthorized", null),
      named: fc.constantFrom(true, true, true, false),
      hasCanary: fc.boolean().map((has) => has),
    }),
  ),
);

test("it is blocked only by a refusal of everything but the own Secret, and falls only to a canary", () => {
  fc.assert(
    fc.property(fc.subarray(asks, { minLength: 0 }), answers, fc.boolean(), (sent, all, canaries) => {
      const got = all
        .filter(({ asked }) => sent.includes(asked))
        .map((one): AskedAnswer => ({ ...one, hasCanary: canaries && one.hasCanary }));
      const { outcome, blockedBy } = judgeAsked(twin, { token: true, answers: got });
      const isRefused = (asked: Asked): boolean =>
        got.some((one) => one.asked === asked && one.status === 403 && one.reason === "Forbidden" && one.named);
      const ownIsRead = got.some(({ asked, status }) => asked === "own" && status === 200);
      expect(outcome === "succeeded").toBe(got.some(({ hasCanary }) => hasCanary));
      if (outcome === "blocked") expect([ownIsRead, asks.slice(1).every(isRefused)]).toEqual([true, true]);
      expect(blockedBy).toBe(outcome === "blocked" ? "least-privilege" : null);
    }),
  );
});

const said = (lines: unknown[], exitCode = 0): There => ({
  "/apis/batch/v1/namespaces/lab/cronjobs/t": { metadata: { name: "t", uid: "c", namespace: "lab" }, spec: {} },
  "/api/v1/namespaces/lab/pods": {
    items: [
      {
        metadata: { name: "t-run-x", uid: "p" },
        status: {
          phase: "Succeeded",
          containerStatuses: [
            { state: { terminated: { exitCode, message: lines.map((line) => JSON.stringify(line)).join("\n") } } },
          ],
        },
      },
    ],
  },
});
const inContainer = { ...place, placement: "container" } as const;
const refused = { exit: 1, reason: "Forbidden", named: true, count: 0, fingerprints: [] };
const read = { exit: 0, reason: "", count: 1, fingerprints: [] as string[] };
const own = { asked: "own", ...read };
const others = asks.slice(1).map((asked) => ({ asked, ...refused }));

test("a process in a container tells of its own requests", async () => {
  const one = twinOf(["resource-names"]);
  const attack = (lines: unknown[], exitCode?: number) => {
    const stage = stageOf(said(lines, exitCode), () => ({}), inContainer);
    return overPermissiveAccount.attack(stage, one).then((judged) => ({ ...judged, steps: stage.steps }));
  };
  const blocked = await attack([own, ...others]);
  expect([blocked.outcome, blocked.steps.map(({ by, status }) => `${by} ${String(status)}`)]).toEqual([
    "blocked",
    ["container 200", ...others.map(() => "container 403")],
  ]);
  const gateway = { ...others[3], named: false };
  expect(await attack([own, ...others.slice(0, 3), gateway])).toMatchObject({ outcome: "inconclusive" });
  const got = { ...others[3], ...read, fingerprints: [one.canary.fingerprint] };
  expect(await attack([own, ...others.slice(0, 3), got])).toMatchObject({ outcome: "succeeded" });
  const anothers = { ...got, fingerprints: [twinOf().canary.fingerprint] };
  expect(await attack([own, ...others.slice(0, 3), anothers])).toMatchObject({ outcome: "inconclusive" });
  expect(await attack([own, ...others.slice(0, 3)])).toMatchObject({ outcome: "inconclusive" });
  expect(await attack([], 127)).toMatchObject({ because: expect.stringContaining("exit code 127") as string });
  const broken = await attack([{ ...own, exit: 127 }, ...others]);
  expect(broken.because).toBe("its own Secret could not be read: no answer (exit code 127)");
  expect(await attack([{ token: false }])).toMatchObject({ outcome: "blocked", blockedBy: "no-token" });
});

test("by the driver a 403 counts only where it names the account", async () => {
  const user = "system:serviceaccount:lab:t";
  const projected = { sources: [{ serviceAccountToken: {} }] };
  const objects = said([]);
  const path = "/api/v1/namespaces/lab/pods";
  const pods = { items: [{ ...(objects[path]!["items"] as Json[])[0], spec: { volumes: [{ projected }] } }] };
  const attack = (message: string, reason: string | null) => {
    const says = ({ path: asked }: { path: string }) =>
      asked.endsWith("/t-own") ? {} : { status: 403, reason, message };
    return overPermissiveAccount.attack(stageOf({ ...objects, [path]: pods }, says), twinOf(["get-only"]));
  };
  const server = `secrets is forbidden: User "${user}" cannot list resource "secrets"`;
  expect(await attack(server, "Forbidden")).toMatchObject({ outcome: "blocked", blockedBy: "least-privilege" });
  for (const [message, reason] of [
    [server.replace(user, `${user}-other`), "Forbidden"],
    ["the server does not allow this", "Forbidden"],
    [server, null],
  ] as const) {
    expect(await attack(message, reason)).toMatchObject({ outcome: "inconclusive", blockedBy: null });
  }
});

test("the names in the Role are the own Secret alone, and the account is bound in both namespaces by default", () => {
  const roles = (hardenings: string[]) =>
    overPermissiveAccount
      .objects(place, twinOf(hardenings))
      .filter(({ kind }) => kind === "Role")
      .map(({ metadata, rules }) => [metadata, rules]);
  const rule = { apiGroups: [""], resources: ["secrets"] };
  expect(roles([])).toEqual([
    [{ namespace: "lab-other", name: "t" }, [{ ...rule, verbs: ["get", "list"] }]],
    [{ namespace: "lab", name: "t" }, [{ ...rule, verbs: ["get", "list"] }]],
  ]);
  expect(roles(overPermissiveAccount.hardenings.map(({ id }) => id))).toEqual([
    [{ namespace: "lab", name: "t" }, [{ ...rule, verbs: ["get"], resourceNames: ["t-own"] }]],
  ]);
});
