import { expect } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import { allow, ensure, must, pathOf, waitFor } from "../../control-plane/act.ts";
import type { Stored } from "../../control-plane/story.ts";
import { accepts, ask, finish, makePod, mint, remove, said, secondsUntilRefused, tokensSeen, until } from "./stage.ts";
import type { Stage } from "./stage.ts";

const account = (stage: Stage, name: string, finalizers: string[] = []) =>
  ensure(stage.plane, {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { namespace: stage.namespace, name, finalizers },
  });

/** A ServiceAccount that is deleted ends the tokens of its finished pods; one of the same name does not bring them back. */
export async function accountDeleted(stage: Stage): Promise<void> {
  const pod = await makePod(stage, "left", "leaver", { done: true });
  const [hot, cold, later] = await Promise.all([1, 2, 3].map(() => mint(stage, "leaver", { pod })));
  expect(await accepts(stage, hot!)).toBe(true);
  expect(await said(stage, pod)).toMatchObject({ open: true });
  await remove(stage, "ServiceAccount", "leaver");
  const gone = await said(stage, pod);
  expect(gone).toMatchObject({ open: false, item: { token: { mintedByNode: null } } });
  expect(gone!.item.fix).toBe("nothing to do: it has ended at this API server");
  expect(await accepts(stage, cold!), "cold").toBe(false);
  expect((await ask(stage, "leaver", { pod })).status, "no account, no token").toBe(404);
  expect(await secondsUntilRefused(stage, hot!), "hot").toBeLessThan(11);

  await account(stage, "leaver");
  const back = await said(stage, pod);
  expect(back).toMatchObject({ open: false, item: { token: { mintedByNode: stage.plane.node } } });
  expect(await accepts(stage, later!), "of the account before").toBe(false);
  expect(await accepts(stage, await mint(stage, "leaver", { pod })), "asked for now, of the new account").toBe(true);
}

/** Recreated while the pod runs, it ends what was taken before; but the kubelet asks for another. */
export async function accountRecreatedUnderway(stage: Stage): Promise<void> {
  const pod = await makePod(stage, "underway", "changed");
  const before = await mint(stage, "changed", { pod });
  await remove(stage, "ServiceAccount", "changed");
  await account(stage, "changed");
  expect(await accepts(stage, before), "taken before").toBe(false);
  const renewed = await mint(stage, "changed", { pod });
  expect(await said(stage, pod)).toMatchObject({ open: true, item: { closes: null } });
  expect(await accepts(stage, renewed), "renewed").toBe(true);
  // Times of the API are whole seconds.
  await sleep(1100);
  const completed = await finish(stage, "underway");
  expect(await said(stage, completed), "recreated before it had completed").toMatchObject({ open: true });
  expect(await accepts(stage, renewed), "renewed, and completed").toBe(true);
}

/** A finalizer holds the account: bound tokens get a minute, a legacy token none. */
export async function accountHeld(stage: Stage): Promise<void> {
  await account(stage, "keeper", ["example.com/keep"]);
  const pod = await makePod(stage, "kept", "keeper", { done: true });
  const [early, late, cold] = await Promise.all([1, 2, 3].map(() => mint(stage, "keeper", { pod })));
  const { metadata } = await remove(stage, "ServiceAccount", "keeper");
  const since: string = metadata.deletionTimestamp;
  expect(await said(stage, pod)).toMatchObject({ open: true });
  expect(await accepts(stage, early!), "just deleted").toBe(true);
  await until(since, 58);
  expect(await accepts(stage, late!), "after 58 s").toBe(true);
  await until(since, 61);
  expect(await said(stage, pod)).toMatchObject({ open: false });
  expect(await accepts(stage, cold!), "cold, after 61 s").toBe(false);
  expect(await secondsUntilRefused(stage, late!), "hot, after 61 s").toBeLessThan(11);
  await must(stage.plane, "PATCH", pathOf("ServiceAccount", stage.namespace, "keeper"), {
    metadata: { finalizers: null },
  });
}

/** Accounts that may ask for tokens are named before the pod is deleted, and what they got outlives it. */
export async function mintedToStay(stage: Stage): Promise<void> {
  const { plane, namespace } = stage;
  const pod = await makePod(stage, "minter", "minter", { done: true });
  const other = await makePod(stage, "plain", "plain", { done: true });
  await account(stage, "deputy");
  const verbs = { namespace, verbs: ["create"], resources: ["serviceaccounts/token"] };
  const subject = (name: string) => ({ kind: "ServiceAccount" as const, namespace, name });
  await allow(plane, { ...verbs, name: "mint-own", subjects: [subject("minter")], resourceNames: ["minter"] });
  await allow(plane, { ...verbs, name: "mint-plain", subjects: [subject("deputy")], resourceNames: ["plain"] });

  const stolen = await mint(stage, "minter", { pod });
  const deputy = await mint(stage, "deputy", {});
  const kept = await waitFor("the account to be let mint", async () => {
    const { token } = await ask(stage, "minter", { seconds: 7200 }, stolen);
    return token === "" ? null : token;
  });
  const lent = await waitFor("the deputy to be let mint", async () => {
    const { token } = await ask(stage, "plain", { seconds: 7200 }, deputy);
    return token === "" ? null : token;
  });
  expect((await ask(stage, "plain", {}, stolen)).status, "and no more than the rule names").toBe(403);

  const { items } = await tokensSeen(stage, true);
  const of = (one: Stored) => items.find(({ carriers }) => carriers[0]!.object.uid === one["metadata"].uid)!;
  expect(of(pod).token).toMatchObject({ mintsOwn: true, mintedBy: [] });
  expect(of(other).token).toMatchObject({ mintsOwn: false, mintedBy: [subject("deputy")] });

  await remove(stage, "Pod", pod["metadata"].name);
  await remove(stage, "Pod", other["metadata"].name);
  expect(await secondsUntilRefused(stage, stolen), "the stolen one").toBeLessThan(11);
  expect(await accepts(stage, kept), "what was minted with it").toBe(true);
  expect(await accepts(stage, lent), "what another account minted").toBe(true);
}

/** The node of a finished pod mints for its account and reads its Secrets until the object is deleted. */
export async function mintedByNode(stage: Stage): Promise<void> {
  const { plane, namespace } = stage;
  const node = plane.users!.node;
  await must(plane, "POST", pathOf("Secret", namespace), {
    metadata: { name: "db" },
    stringData: { password: "canary-0" },
  });
  const env = [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }];
  const containers = [{ name: "main", image: "registry.example.com/job:1", env }];
  const pod = await makePod(stage, "done", "done", { done: true, spec: { containers } });
  const secret = async () =>
    (await plane.request("GET", pathOf("Secret", namespace, "db"), undefined, { token: node })).status;
  expect((await said(stage, pod))!.item.token!.mintedByNode).toBe(plane.node);
  const minted = await mint(stage, "done", { pod }, node);
  expect(await accepts(stage, minted)).toBe(true);
  expect(await secret()).toBe(200);
  expect((await ask(stage, "done", {}, node)).status, "not one that is bound to nothing").toBe(403);
  expect(
    (await ask(stage, "done", { pod, audience: "vault" }, node)).status,
    "nor for an audience that no volume names",
  ).toBe(403);
  await remove(stage, "Pod", "done");
  expect(await said(stage, pod)).toBeNull();
  await waitFor("the node to lose the account", async (note) => {
    const { status } = await ask(stage, "done", { pod }, node);
    note(String(status));
    return status === 403 || status === 404;
  });
  await waitFor("the node to lose the Secret", async () => (await secret()) === 403);
  expect(await secondsUntilRefused(stage, minted)).toBeLessThan(11);
}
