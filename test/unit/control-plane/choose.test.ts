import { expect, test } from "vitest";
import { chooseProvider, openCluster } from "../../control-plane/choose.ts";

const choose = (value?: string) => chooseProvider({ CRONAUDIT_TEST_CLUSTER: value });

test("the tests run on a control plane of their own unless something else is named", () => {
  expect(choose()).toEqual({ provider: "built" });
  expect(choose("")).toEqual({ provider: "built" });
  expect(choose("built")).toEqual({ provider: "built" });
});

test("an existing cluster must be named: the current context is never taken", () => {
  expect(choose("context:staging")).toEqual({ provider: "existing", context: "staging" });
  expect(choose("context:a:b")).toEqual({ provider: "existing", context: "a:b" });
  expect(() => choose("context")).toThrow("names no context");
  expect(() => choose("context:")).toThrow("names no context");
});

test("anything else is refused with what is allowed", () => {
  expect(() => choose("minikube")).toThrow("CRONAUDIT_TEST_CLUSTER=minikube is not one of built, context:NAME, kind");
});

test("a provider that does not exist yet says so instead of starting another", async () => {
  await expect(openCluster({ provider: "kind" }, {})).rejects.toThrow("kind cluster are not supported yet");
  const existing = openCluster({ provider: "existing", context: "staging" }, {});
  await expect(existing).rejects.toThrow("existing cluster (context staging) are not supported yet");
});
