import { createSign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { makeOld, makePodOld, secondsAgo, secondsAfter } from "../../control-plane/time.ts";
import { accepts, claimsOf, makePod, mint, said, secondsUntilRefused, until } from "./stage.ts";
import type { Stage } from "./stage.ts";

/** The same token as the API server would have made it at another time, signed with its key. */
function reissued({ plane }: Stage, token: string, exp: number): string {
  const [head] = token.split(".");
  const iat = exp - 600;
  const claims = Buffer.from(JSON.stringify({ ...claimsOf(token), iat, nbf: iat, exp })).toString("base64url");
  const signed = createSign("RSA-SHA256").update(`${head!}.${claims}`);
  return `${head!}.${claims}.${signed.sign(readFileSync(join(plane.directory, "sa.key")), "base64url")}`;
}

/** A token that the kubelet took at the pod's very end, ten minutes ago: it is read with a minute of leeway. */
export async function expired(stage: Stage): Promise<void> {
  const spec = { automountServiceAccountToken: false };
  const tokens = [{ expirationSeconds: 600 }, { audience: "vault", expirationSeconds: 600 }];
  const made = await makePod(stage, "past", "past", { done: true, tokens, spec });
  const finished = secondsAgo(595);
  await makeOld(stage.plane, "ServiceAccount", stage.namespace, "past", secondsAgo(800));
  await makePodOld(stage.plane, stage.namespace, "past", { created: secondsAgo(700), finished });
  const whole = Math.floor(finished.getTime() / 1000);
  const exp = whole + 600;
  const own = await mint(stage, "past", { pod: made, seconds: 600 });
  const vault = await mint(stage, "past", { pod: made, seconds: 600, audience: "vault" });
  const at = new Date(exp * 1000).toISOString();
  const [soon, then, hot] = [0, 1, 2].map((less) => reissued(stage, own, exp - less));
  const cold = reissued(stage, own, exp - 3);
  const reviewed = reissued(stage, vault, exp);

  const first = await said(stage, made);
  expect(first).toMatchObject({ open: true, item: { token: { expiresBy: at.replace(".000", "") } } });
  expect(first!.item.closes).toBe(secondsAfter(new Date(at), 60).toISOString().replace(".000", ""));
  expect(await accepts(stage, soon!), "before its exp").toBe(true);
  await until(at, 5);
  expect(await said(stage, made), "after its exp").toMatchObject({ open: true });
  expect(await accepts(stage, then!), "after its exp").toBe(true);
  await until(at, 56);
  expect(await accepts(stage, hot!), "56 s after its exp").toBe(true);
  expect(await accepts(stage, reviewed, "vault"), "the same of another audience, reviewed").toBe(true);
  await until(at, 61);
  expect(await said(stage, made)).toMatchObject({ open: false, item: { severity: "info" } });
  expect(await said(stage, made, "vault")).toMatchObject({ open: false });
  expect(await accepts(stage, cold), "cold, 61 s after its exp").toBe(false);
  expect(await secondsUntilRefused(stage, hot!), "hot").toBeLessThan(11);
}
