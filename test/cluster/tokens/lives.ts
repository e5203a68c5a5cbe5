import { expect } from "vitest";
import { pathOf } from "../../control-plane/act.ts";
import {
  accepts,
  ask,
  claimsOf,
  finish,
  holdsOffline,
  makePod,
  mint,
  remove,
  said,
  secondsUntilRefused,
  until,
} from "./stage.ts";
import type { Stage } from "./stage.ts";

const DAY = 86_400;
/** The API server's own audience, as a pod may name it: no API says that it is. */
const OWN = "https://kubernetes.default.svc.cluster.local";

/** Running, completed, deleted, recreated: the pod's phase changes nothing, its uid everything. */
export async function deletedAndRecreated(stage: Stage): Promise<void> {
  const tokens = [
    { expirationSeconds: 600 },
    { audience: "vault", expirationSeconds: 600 },
    { audience: "other", expirationSeconds: 3607 },
    { audience: OWN, expirationSeconds: 3607 },
  ];
  const pod = await makePod(stage, "nightly", "nightly", { tokens });
  const [hot, cold, brief, vault, own] = await Promise.all([
    mint(stage, "nightly", { pod }),
    mint(stage, "nightly", { pod }),
    mint(stage, "nightly", { pod, seconds: 600 }),
    mint(stage, "nightly", { pod, seconds: 600, audience: "vault" }),
    mint(stage, "nightly", { pod, audience: OWN }),
  ]);
  const lifetime = (token: string) => claimsOf(token)["exp"] - claimsOf(token)["iat"];
  expect([hot, brief, vault, own].map(lifetime), "3607 s become a year for the API server's audience alone").toEqual([
    365 * DAY,
    600,
    600,
    365 * DAY,
  ]);
  expect(claimsOf(hot)["kubernetes.io"].pod.name).toBe("nightly");

  const running = await said(stage, pod);
  expect(running, "while it runs").toMatchObject({ open: true, item: { closes: null, token: { expiresBy: null } } });
  expect(await accepts(stage, hot)).toBe(true);

  const completed = await finish(stage, "nightly");
  const late = await Promise.all([mint(stage, "nightly", { pod }), mint(stage, "nightly", { pod, audience: OWN })]);
  const after = await said(stage, completed);
  expect(after, "when it has completed").toMatchObject({ open: true });
  const latest = Date.parse(after!.item.token!.expiresBy!) / 1000;
  expect(latest, "no token that was taken while it ran lives longer").toBeGreaterThanOrEqual(claimsOf(hot)["exp"]);
  expect(Date.parse(after!.item.closes!) / 1000).toBe(latest + 60);
  expect(await accepts(stage, hot), "after completion").toBe(true);
  expect(await accepts(stage, late[0]), "one that was asked for after completion").toBe(true);
  const named = await said(stage, completed, OWN);
  expect(Date.parse(named!.item.token!.expiresBy!) / 1000, "named, it may be a year too").toBeGreaterThanOrEqual(
    claimsOf(own)["exp"],
  );
  expect(await said(stage, completed, "vault")).toMatchObject({ open: true, item: { token: { audience: "vault" } } });
  expect(await accepts(stage, vault, "vault"), "reviewed for vault").toBe(true);
  expect(await accepts(stage, vault), "the API server's is another audience").toBe(false);
  expect(await accepts(stage, hot, "vault"), "and the other way round").toBe(false);
  expect((await stage.plane.request("GET", pathOf("Secret", stage.namespace), undefined, { token: hot })).status).toBe(
    403,
  );

  await remove(stage, "Pod", "nightly");
  expect(await said(stage, completed), "nothing is said of a pod that is gone").toBeNull();
  expect(await accepts(stage, cold), "cold, after deletion").toBe(false);
  expect(await accepts(stage, brief), "cold and brief").toBe(false);
  expect(await secondsUntilRefused(stage, hot), "hot, after deletion").toBeLessThan(11);
  await secondsUntilRefused(stage, vault, "vault");
  expect(await holdsOffline(stage, vault), "whoever judges it alone takes it until its exp").toBe(true);

  const again = await makePod(stage, "nightly", "nightly");
  const fresh = await mint(stage, "nightly", { pod: again });
  expect(await accepts(stage, fresh), "of the pod that took the name").toBe(true);
  expect(await accepts(stage, hot), "of the one before").toBe(false);
  expect(await said(stage, again)).toMatchObject({ open: true });
  expect((await ask(stage, "nightly", { pod })).status, "no token is given for the pod that is gone").toBe(409);
}

/** A finalizer holds the object: the token ends a minute after the deletionTimestamp all the same. */
export async function heldByFinalizer(stage: Stage): Promise<void> {
  const tokens = [{ audience: "vault", expirationSeconds: 600 }];
  const pod = await makePod(stage, "held", "held", { done: true, finalizer: "example.com/keep", tokens });
  const vault = await mint(stage, "held", { pod, seconds: 600, audience: "vault" });
  const [early, before, justBefore, cold] = await Promise.all([1, 2, 3, 4].map(() => mint(stage, "held", { pod })));
  const { metadata } = await remove(stage, "Pod", "held");
  const since: string = metadata.deletionTimestamp;
  const held = await said(stage, pod);
  expect(held).toMatchObject({
    open: true,
    item: { closes: new Date(Date.parse(since) + 60_000).toISOString().replace(".000", "") },
  });
  expect(held!.item.fix).toMatch(/^nothing to do: it ends at /);
  expect(held!.item.token!.mintedByNode).toBe(stage.plane.node);
  expect(await accepts(stage, early!), "just deleted").toBe(true);
  await until(since, 50);
  expect(await said(stage, pod)).toMatchObject({ open: true });
  expect(await accepts(stage, before!), "after 50 s").toBe(true);
  await until(since, 59);
  expect(await accepts(stage, justBefore!), "after 59 s").toBe(true);
  await until(since, 61);
  const over = await said(stage, pod);
  expect(over).toMatchObject({ open: false, item: { severity: "info", token: { mintedByNode: null } } });
  expect(await accepts(stage, cold!), "cold, after 61 s").toBe(false);
  expect(await said(stage, pod, "vault"), "another audience").toMatchObject({ open: true });
  expect(await holdsOffline(stage, vault), "judged alone").toBe(true);
  expect(await accepts(stage, vault, "vault"), "judged by the API server").toBe(false);
  const late = await mint(stage, "held", { pod });
  expect(await accepts(stage, late), "one that is asked for now is stillborn").toBe(false);
  expect(await secondsUntilRefused(stage, justBefore!), "hot, after 61 s").toBeLessThan(11);
  await stage.plane.request(
    "PATCH",
    pathOf("Pod", stage.namespace, "held"),
    { metadata: { finalizers: null } },
    {
      contentType: "application/merge-patch+json",
    },
  );
}
