import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { ensure, must, pathOf, waitFor } from "../../control-plane/act.ts";
import { rewrite } from "../../control-plane/time.ts";
import type { Stored } from "../../control-plane/story.ts";
import { accepts, isOpen, makePod, remove, secondsUntilRefused, tokensSeen } from "./stage.ts";
import type { Stage } from "./stage.ts";

const INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";
const LAST_USED = "kubernetes.io/legacy-token-last-used";

async function legacyToken({ plane, namespace }: Stage, name: string, account: string, finalizers: string[] = []) {
  await ensure(plane, { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name: account } });
  const annotations = { "kubernetes.io/service-account.name": account };
  const type = "kubernetes.io/service-account-token";
  await must(plane, "POST", pathOf("Secret", namespace), { metadata: { name, annotations, finalizers }, type });
  return waitFor(`the token of ${account} in ${name}`, async () => {
    const { data } = (await plane.request("GET", pathOf("Secret", namespace, name))).body as Stored;
    const token = Buffer.from(data?.token ?? "", "base64").toString("utf8");
    return token === "" ? null : token;
  });
}

/** What the tool says of the token in a Secret. */
async function secretSaid(stage: Stage, name: string) {
  const { items, at } = await tokensSeen(stage);
  const item = items.find(({ credential }) => credential.ref?.name === name);
  const carrier = item?.carriers.find((one) => one.class === "token-legacy");
  if (item === undefined || carrier === undefined) return null;
  return { open: isOpen({ ...item, closes: carrier.closes }, at), why: carrier.closesWhy, fix: item.fix };
}

/** A legacy token knows no pod and no expiry; Secret, account and one label end it, without leeway. */
export async function legacy(stage: Stage): Promise<void> {
  const { plane, namespace } = stage;
  const names = ["sleeps", "held", "cold", "orphan", "swapped"];
  const [sleeps, held, cold, orphan, swapped] = await Promise.all([
    legacyToken(stage, "sleeps", "old"),
    legacyToken(stage, "held", "old", ["example.com/keep"]),
    legacyToken(stage, "cold", "old"),
    legacyToken(stage, "orphan", "short-lived", ["example.com/keep"]),
    legacyToken(stage, "swapped", "another"),
  ]);
  const volumes = names.map((name) => ({ name, secret: { secretName: name } }));
  await makePod(stage, "mounts", "old", { done: true, spec: { volumes } });
  for (const [name, token] of Object.entries({ sleeps, held, orphan, swapped })) {
    expect(await secretSaid(stage, name), name).toMatchObject({ open: true });
    expect(await accepts(stage, token), name).toBe(true);
  }
  await remove(stage, "Pod", "mounts");
  expect(await accepts(stage, sleeps), "no pod ends it").toBe(true);
  await makePod(stage, "mounts", "old", { done: true, spec: { volumes } });
  expect((await secretSaid(stage, "sleeps"))!.why).toMatch(/; last used on \d{4}-\d\d-\d\d /);
  expect((await secretSaid(stage, "cold"))!.why, "never used").not.toMatch(/last used/);

  const label = (name: string, value: string | null) =>
    must(plane, "PATCH", pathOf("Secret", namespace, name), { metadata: { labels: { [INVALID_SINCE]: value } } });
  await Promise.all([label("sleeps", "2026-01-02"), label("cold", "2026-01-02")]);
  expect(await secretSaid(stage, "sleeps"), "marked invalid").toMatchObject({ open: false });
  const coldNow = accepts(stage, cold);
  expect(await coldNow, "cold and invalid").toBe(false);
  expect(await secondsUntilRefused(stage, sleeps), "hot and invalid").toBeLessThan(11);
  const { metadata } = await must(plane, "GET", pathOf("Secret", namespace, "cold"));
  expect(metadata.labels[LAST_USED], "a use that was refused is noted too").toMatch(/^\d{4}-/);
  await label("cold", null);
  expect(await secretSaid(stage, "cold"), "the label taken off").toMatchObject({ open: true });
  await waitFor("the token to live again", () => accepts(stage, cold), { seconds: 12 });

  await remove(stage, "Secret", "held");
  expect(await secretSaid(stage, "held"), "a Secret that a finalizer holds").toMatchObject({ open: false });
  expect(await secondsUntilRefused(stage, held), "no minute of leeway").toBeLessThan(11);

  await remove(stage, "ServiceAccount", "short-lived");
  expect(await secretSaid(stage, "orphan"), "its account is gone").toMatchObject({ open: false });
  expect(await secondsUntilRefused(stage, orphan)).toBeLessThan(11);

  // As if it had been recreated: the token controller, which would delete the Secret, has not looked at it again yet.
  const uid = randomUUID();
  await rewrite(plane, "ServiceAccount", namespace, "another", (one) => ({
    ...one,
    metadata: { ...one["metadata"], uid },
  }));
  expect(await secretSaid(stage, "swapped"), "its account has another uid").toMatchObject({ open: false });
  expect(await secondsUntilRefused(stage, swapped)).toBeLessThan(11);
  for (const name of ["held", "orphan"]) {
    await must(plane, "PATCH", pathOf("Secret", namespace, name), { metadata: { finalizers: null } });
  }
}
