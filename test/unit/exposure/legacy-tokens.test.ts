import { describe, expect, test } from "vitest";
import type { ObjectMeta } from "../../../src/model/object.ts";
import type { Carrier } from "../../../src/model/report.ts";
import type { SecretMeta, Snapshot } from "../../../src/model/snapshot.ts";
import { ago, DAY, forbidden, job, meta, template } from "../batch/objects.ts";
import { account, reference, report } from "./objects.ts";

const INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";
const named = job("j", {
  spec: { template: template({ secretReferences: [reference("old-token", { use: "volume", keys: null })] }) },
});

function secret(more: Partial<ObjectMeta> = {}): SecretMeta {
  const annotations = {
    "kubernetes.io/service-account.name": "default",
    "kubernetes.io/service-account.uid": "sa-database-default",
  };
  return {
    kind: "Secret",
    type: "kubernetes.io/service-account-token",
    meta: meta("old-token", { annotations, creationTimestamp: ago(30 * DAY), ...more }),
  };
}

function judged(one: SecretMeta, more: Partial<Snapshot> = {}): Carrier {
  const collected: Snapshot["collected"] = ["cronjobs", "jobs", "pods", "serviceaccounts", "secrets"];
  const carriers = report([named], { secrets: [one], collected, ...more }).items.flatMap((item) => item.carriers);
  return carriers.find(({ class: id }) => id === "token-legacy")!;
}

describe("a legacy token", () => {
  test("has no end while its Secret and its account are there; the day of its last use is said", () => {
    expect(judged(secret())).toMatchObject({ closes: null, closesBecause: "never" });
    expect(judged(secret()).closesWhy).not.toContain("last used");
    const labels = { "kubernetes.io/legacy-token-last-used": "2026-11-20" };
    expect(judged(secret({ labels })).closesWhy).toContain("last used on 2026-11-20");
  });

  test("ends at once when its Secret or account is being deleted, whatever holds it", () => {
    const deletionTimestamp = ago(5);
    expect(judged(secret({ deletionTimestamp }))).toMatchObject({ closes: ago(5), closesBecause: "secret-deletion" });
    const one = account("default");
    const going = { serviceaccounts: [{ ...one, meta: { ...one.meta, deletionTimestamp } }] };
    expect(judged(secret(), going)).toMatchObject({ closes: ago(5), closesBecause: "owner-deletion" });
  });

  test("ends with its account: gone, or another of the same name", () => {
    expect(judged(secret(), { serviceaccounts: [] })).toMatchObject({
      closes: ago(0),
      closesBecause: "owner-deletion",
    });
    const one = account("default");
    const another = { ...one, meta: { ...one.meta, uid: "another", creationTimestamp: ago(600) } };
    expect(judged(secret(), { serviceaccounts: [another] })).toMatchObject({
      closes: ago(600),
      closesBecause: "owner-deletion",
    });
  });

  test("does not end with an account that was not seen, nor where the Secret does not say which uid it meant", () => {
    const blind = { serviceaccounts: [], blindSpots: [forbidden("serviceaccounts", null)] };
    expect(judged(secret(), blind).closes).toBeNull();
    const annotations = { "kubernetes.io/service-account.name": "default" };
    const one = account("default");
    const another = { serviceaccounts: [{ ...one, meta: { ...one.meta, uid: "another" } }] };
    expect(judged(secret({ annotations }), another).closes).toBeNull();
  });

  test("is refused once its Secret is marked invalid, from the end of that day at the latest", () => {
    const labels = { [INVALID_SINCE]: ago(3 * DAY).slice(0, 10) };
    const carrier = judged(secret({ labels }));
    expect(carrier).toMatchObject({ closes: `${ago(2 * DAY).slice(0, 10)}T00:00:00Z`, closesIsBound: true });
    expect(carrier.closesWhy).toContain("whoever takes the label off revives it");
    const today = { [INVALID_SINCE]: ago(0).slice(0, 10) };
    expect(judged(secret({ labels: today })).closes, "no later than now").toBe(ago(0));
    expect(judged(secret({ labels: { [INVALID_SINCE]: "yes" } })).closes, "any value counts").toBe(ago(0));
  });
});
