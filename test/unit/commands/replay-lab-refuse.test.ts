import { expect, test } from "vitest";
import { refusePlainHttp } from "../../../src/commands/replay-lab-connect.ts";
import { refuseUnseen } from "../../../src/commands/replay-lab-plan.ts";

test("over plain http no lab is made: whoever acted would act as the operator", () => {
  expect(() => refusePlainHttp({ server: "https://127.0.0.1:6443" })).not.toThrow();
  expect(() => refusePlainHttp({ server: "http://127.0.0.1:8001" })).toThrow("http://127.0.0.1:8001 is plain http");
});

test("a group version that does not answer keeps a lab from being made: its namespaces would stay", async () => {
  const api = (unseen: string[]) => ({ discover: () => Promise.resolve({ resources: [], unseen }) });
  await expect(refuseUnseen(api([]))).resolves.toBeUndefined();
  await expect(refuseUnseen(api(["metrics.k8s.io/v1beta1", "x.test/v1"]))).rejects.toMatchObject({
    name: "CommandError",
    message: expect.stringContaining("metrics.k8s.io/v1beta1, x.test/v1") as string,
  });
});
