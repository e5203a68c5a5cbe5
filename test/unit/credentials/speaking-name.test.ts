import { expect, test } from "vitest";
import { speakingName } from "../../../src/credentials/speaking-name.ts";
import { findInValue } from "../../../src/credentials/values.ts";

test.each([
  ["--password", "--password"],
  ["--dbname", "--dbname"],
  ["--secret", "--secret"],
  ["PGPASSWORD", "PGPASSWORD"],
  ["AWS_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY"],
  ["-Dspring.datasource.password", "-Dspring.datasource.password"],
  ["-storageAccountKey", "-storageAccountKey"],
  ["clientSecret", "clientSecret"],
  ["--acme-api-token", "--…-api-token"],
  ["ACME_CORP_DB_PASSWORD", "…_DB_PASSWORD"],
  ["xyzzyPassword", "…Password"],
  ["xyzzypassword", "…password"],
  ["PASSWORD_1234", "PASSWORD_…"],
  ["password1234", "…"],
  ["a[0].password", "…password"],
])("of %s is %s", (written, shown) => {
  expect(speakingName(written) ?? "…").toBe(shown);
});

test.each([
  "-pMyPassword",
  "-pPassword",
  "-PRootPassword1",
  "-uPassword",
  "-xyzzy-password",
  "--xyzzy",
  "hunter2",
  "",
  "-",
])("of %j is none", (written) => {
  expect(speakingName(written)).toBeNull();
});

test("keys of JSON in a value show as far as their words are known", () => {
  const names = (value: object): string[] => findInValue("CONFIG", JSON.stringify(value)).map(({ name }) => name);
  expect(names({ db: { password: "hunter2" } })).toEqual(["password"]);
  expect(names({ acmePassword: "hunter2" })).toEqual(["…Password"]);
  expect(names({ hunter2hunter2: "postgres://u:pw1@h/x" })).toEqual(["CONFIG"]);
});

test("a value is unwrapped from base64 where its own form says nothing", () => {
  const encoded = (text: string): string => Buffer.from(text).toString("base64");
  const kubeconfig = "kind: Config\nusers:\n- user:\n    password: hunter22\n";
  expect(findInValue("KUBE", encoded(kubeconfig)).map(({ name, text }) => [name, text])).toEqual([
    ["password", "hunter22"],
  ]);
  const docker = { auths: { "r.example.com": { auth: encoded("me:hunter22") } } };
  expect(findInValue("DOCKER_CONFIG", encoded(JSON.stringify(docker))).map(({ text }) => text)).toEqual(["hunter22"]);
  expect(findInValue("NOTE", encoded("the quick brown fox jumps"))).toEqual([]);
});

test("of a login the password alone counts, as in an address", () => {
  expect(findInValue("BASIC_AUTH", "user:hunter22")[0]?.text).toBe("hunter22");
  expect(findInValue("USERPASS", Buffer.from("a:hunter22").toString("base64"))[0]?.text).toBe("hunter22");
});
