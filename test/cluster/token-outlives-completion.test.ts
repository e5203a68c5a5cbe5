import { expect, test } from "vitest";
import { actAs, allow, must, pathOf, waitFor } from "../control-plane/act.ts";
import { job } from "../control-plane/cast/character.ts";
import { podAnnotations } from "../control-plane/pod-annotations.ts";
import { finishJob, podsInPhase, podsOf } from "../control-plane/time.ts";
import { useCluster } from "../control-plane/test.ts";

const cluster = useCluster({ needs: ["fake-node"] });

test("a token bound to a pod works after the pod has completed, until the pod is deleted", async () => {
  const { plane, namespace } = cluster;
  await allow(plane, {
    name: "read-configmaps",
    namespace,
    subjects: [{ kind: "ServiceAccount", namespace, name: "nightly" }],
    verbs: ["list"],
    resources: ["configmaps"],
  });
  await actAs(plane, namespace, "nightly");
  const podSpec = {
    serviceAccountName: "nightly",
    containers: [{ name: "main", image: "registry.example.com/nightly:1" }],
  };
  const annotations = { [podAnnotations.runFor]: "forever" };
  await must(plane, "POST", pathOf("Job", namespace), job(namespace, "nightly", podSpec, { annotations }));
  const [running] = await podsInPhase(plane, namespace, "nightly", "Running");
  const pod: string = running!["metadata"].name;

  const thief = await actAs(plane, namespace, "nightly", { pod });
  const target = pathOf("ConfigMap", namespace);
  const status = async () => (await thief.request("GET", target)).status;
  await waitFor("the authorizer to see the binding", async (note) => {
    const seen = await status();
    note(String(seen));
    return seen === 200;
  });

  await finishJob(plane, namespace, "nightly");
  const [completed] = await podsOf(plane, namespace, "nightly");
  expect(completed!["status"].phase).toBe("Succeeded");
  expect(await status(), "after completion").toBe(200);
  expect((await thief.request("GET", pathOf("Secret", namespace))).status, "and no more than the account may").toBe(
    403,
  );

  const claims = JSON.parse(Buffer.from(thief.token.split(".")[1]!, "base64url").toString());
  expect(claims["kubernetes.io"].pod.name).toBe(pod);
  const days = (claims.exp - claims.iat) / 86_400;
  expect(days, "3607 seconds asked for, a year given (--service-account-extend-token-expiration)").toBeGreaterThan(364);

  await must(plane, "DELETE", pathOf("Pod", namespace, pod));
  // The API server remembers for up to ten seconds that the token was good.
  const ended = async (note: (seen: string) => void) => {
    const seen = await status();
    note(String(seen));
    return seen === 401;
  };
  await waitFor("the token to end with its pod", ended, { seconds: 15, everyMs: 250 });
});
