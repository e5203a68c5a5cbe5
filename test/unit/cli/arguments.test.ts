import { expect, test } from "vitest";
import { parseArguments } from "../../../src/cli/arguments.ts";

const named = (line: string): string[] =>
  parseArguments(line === "" ? [] : line.split(" ")).map((one) =>
    one.what === "object" ? `${one.type.kind} ${one.name ?? "*"}` : `${one.what} ${one.name}`,
  );

test.each([
  ["", []],
  ["cronjob/x", ["CronJob x"]],
  ["cronjobs/x cj/y", ["CronJob x", "CronJob y"]],
  ["CJ/x", ["CronJob x"]],
  ["cronjobs.batch/x", ["CronJob x"]],
  ["cronjobs.v1.batch/x", ["CronJob x"]],
  ["job/x jobs.batch/y", ["Job x", "Job y"]],
  ["po x", ["Pod x"]],
  ["pods x y", ["Pod x", "Pod y"]],
  ["pods", ["Pod *"]],
  ["po,job", ["Pod *", "Job *"]],
  ["po,job x", ["Pod x", "Job x"]],
  ["pods.v1/x", ["Pod x"]],
  ["sa/x", ["ServiceAccount x"]],
  ["sa:x", ["ServiceAccount x"]],
  ["serviceaccount/x", ["ServiceAccount x"]],
  ["user:alice@example.com", ["user alice@example.com"]],
  ["user:CN=a/OU=b", ["user CN=a/OU=b"]],
  ["User:Alice", ["user Alice"]],
  ["group:system:serviceaccounts:database", ["group system:serviceaccounts:database"]],
  ["user:system:serviceaccount:a:b sa/c", ["user system:serviceaccount:a:b", "ServiceAccount c"]],
])("kubectl's ways to name things: %s", (line, expected) => {
  expect(named(line)).toEqual(expected);
});

test.each([
  ["foo/x", `the server doesn't have a resource type "foo"`],
  ["deployment/x", "deployments cannot be named here"],
  ["deploy x", "deployments cannot be named here"],
  ["Secret/x", "secrets cannot be named here"],
  ["ingresses.networking.k8s.io/x", "ingresses cannot be named here"],
  ["po,cm", "configmaps cannot be named here"],
  ["foo x", `the server doesn't have a resource type "foo"`],
  ["backup", `the server doesn't have a resource type "backup"`],
  ["jobs.apps/x", `the server doesn't have a resource type "jobs.apps"`],
  ["pods.batch/x", `the server doesn't have a resource type "pods.batch"`],
  ["pod pod/x", "there is no need to specify a resource type as a separate argument"],
  ["pod/x/y", "arguments in resource/name form may not have more than one slash"],
  ["pod/", "arguments in resource/name form must have a single resource and name"],
  ["/x", `the server doesn't have a resource type ""`],
  ["user:", "arguments in resource/name form must have a single resource and name"],
  ["pod/..", `invalid resource name "..": [may not be '.', '..' or contain '%']`],
  ["pod/a%2fb", `invalid resource name "a%2fb": [may not be '.', '..' or contain '%']`],
])("kubectl's words for what cannot be: %s", (line, message) => {
  expect(() => named(line)).toThrow(message);
});

test("a type that clusters have is told what can be named instead", () => {
  expect(() => named("secret/x")).toThrow(
    expect.objectContaining({
      hints: ["What can be named: cronjobs (cj), jobs, pods (po), serviceaccounts (sa)."],
    }),
  );
});

test("a lone name is asked for its type", () => {
  expect(() => named("backup")).toThrow(
    expect.objectContaining({ hints: ['If "backup" is a name, say of what: cronjob/backup, sa/backup, user:backup.'] }),
  );
});
