import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createMask } from "../../../src/evidence/mask.ts";
import { SecretValues } from "../../../src/evidence/secret-values.ts";
import type { Json } from "../../../src/model/api.ts";

const encode = (text: string): string => Buffer.from(text).toString("base64");
const value = (): string => `${randomBytes(6).toString("hex")}-Kq7!x`;

function secret(name: string, data: Record<string, string>, more: { type?: string; namespace?: string } = {}): Json {
  const { namespace = "database", type = "Opaque" } = more;
  const encoded = Object.fromEntries(Object.entries(data).map(([key, text]) => [key, encode(text)]));
  return { metadata: { name, namespace, uid: `uid-${namespace}-${name}` }, type, data: encoded };
}

const mask = await createMask(null);

function learned(...secrets: Json[]): SecretValues {
  const values = new SecretValues(mask);
  for (const one of secrets) values.learn(one);
  return values;
}

describe("a text that equals a Secret's value", () => {
  const password = value();

  test("names the Secret and says so in words", () => {
    const values = learned(secret("db-credentials", { username: "orders", password }));
    expect(values.match(password)).toMatchObject({
      kind: "password",
      telling: true,
      because: "equals Secret database/db-credentials key password",
      equals: {
        secrets: [{ namespace: "database", name: "db-credentials", key: "password", fills: "secret" }],
        more: 0,
      },
    });
    expect(values.match(value())).toBeNull();
  });

  test.each([
    ["with white space around it", (text: string) => `  ${text}\n`],
    ["in base64", encode],
    ["in base64 with a newline, as echo writes it", (text: string) => encode(`${text}\n`)],
    ["in base64 for URLs, without padding", (text: string) => Buffer.from(text).toString("base64url")],
  ])("is the same %s", (_, wrap) => {
    const plain = learned(secret("a", { password }));
    expect(plain.match(wrap(password))?.fingerprint).toBe(plain.match(password)!.fingerprint);
    const wrapped = learned(secret("a", { password: `${password}\n` }));
    expect(wrapped.match(wrap(password))?.fingerprint).toBe(plain.match(password)!.fingerprint);
  });

  test("is the password in a URI, and the URI is that password", () => {
    const uri = `postgres://orders:${password.replace("!", "")}@db.example.com/orders`;
    const values = learned(secret("db", { url: uri }));
    const inside = values.match(password.replace("!", ""))!;
    expect(inside.because).toBe("equals a credential in Secret database/db key url");
    expect(inside.equals.secrets[0]).toMatchObject({ key: "url", fills: "secret" });
    expect(values.match(uri)?.fingerprint).toBe(inside.fingerprint);
  });

  test("is each of several logins in one value, which is none of them alone", () => {
    const other = value();
    const login = (text: string): object => ({ auth: encode(`robot:${text}`) });
    const auths = { "a.example.com": login(password), "b.example.com": login(other) };
    const type = "kubernetes.io/dockerconfigjson";
    const values = learned(secret("pull", { ".dockerconfigjson": JSON.stringify({ auths }) }, { type }));
    for (const text of [password, other])
      expect(values.match(text)?.equals.secrets[0]).toMatchObject({ fills: "part" });
    expect(values.match(password)!.fingerprint).not.toBe(values.match(other)!.fingerprint);
  });

  test("fills its key, where the Secret has another credential or something that may be one", () => {
    const filled = (more: Record<string, string>): string => {
      const values = learned(secret("db", { password, ...more }));
      return values.match(password)!.equals.secrets[0]!.fills;
    };
    expect(filled({ token: value() })).toBe("key");
    expect(filled({ keystore: "\u0000\u0001binary" })).toBe("key");
    expect(filled({ copy: password, host: "db.example.com" })).toBe("secret");
  });

  test("names ten of many Secrets by namespace and name, whatever their order, and counts the others", () => {
    const numbers = Array.from({ length: 12 }, (_, i) => i);
    const all = numbers.map((i) =>
      secret("shared", { password }, { namespace: `team-${String.fromCharCode(97 + i)}` }),
    );
    const [one, other] = [learned(...all), learned(...all.toReversed())].map((it) => it.match(password)!);
    expect(other!.equals).toEqual(one!.equals);
    expect(one!.equals.secrets.map(({ namespace }) => namespace)).toEqual(
      numbers.slice(0, 10).map((i) => `team-${String.fromCharCode(97 + i)}`),
    );
    expect(one!.equals.more).toBe(2);
    expect(one!.because).toBe("equals Secret team-a/shared key password and 11 more");
  });

  test("is a token of a ServiceAccount", () => {
    const part = (of: object): string => Buffer.from(JSON.stringify(of)).toString("base64url");
    const signature = randomBytes(64).toString("base64url");
    const token = `${part({ alg: "RS256" })}.${part({ sub: "system:serviceaccount:database:runner" })}.${signature}`;
    const data = {
      token,
      namespace: "database",
      "ca.crt": "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----",
    };
    const values = learned(secret("runner-token", data, { type: "kubernetes.io/service-account-token" }));
    expect(values.match(token)).toMatchObject({ telling: true, equals: { secrets: [{ key: "token" }] } });
    expect(values.match("database")).toBeNull();
    expect(values.match(data["ca.crt"])).toBeNull();
    expect(values.result()).toMatchObject({ secrets: 1, values: 1, left: [{ values: 2 }] });
  });
});

describe("a Secret's value that votes falsely is not compared", () => {
  test.each([
    ["username", "postgres"],
    ["POSTGRES_USER", "orders-service-account"],
    ["user", "Xk29vLq81mZ"],
    ["host", "db-7f3k2.internal.example.com"],
    ["ca.crt", `-----BEGIN CERTIFICATE-----\n${randomBytes(60).toString("base64")}\n-----END CERTIFICATE-----`],
    ["tls.crt", `-----BEGIN CERTIFICATE-----\n${randomBytes(60).toString("base64")}\n-----END CERTIFICATE-----`],
    ["anything", `-----BEGIN PUBLIC KEY-----\n${randomBytes(60).toString("base64")}\n-----END PUBLIC KEY-----`],
    ["deploy", `ssh-ed25519 ${randomBytes(32).toString("base64")} robot@example.com`],
    ["public-key", randomBytes(32).toString("base64")],
    ["enabled", "true"],
    ["debug", "true"],
    ["value", "default"],
    ["value", "postgres"],
    ["value", "production"],
    ["value", "my-release-postgresql"],
    ["value", "orders-db-0.orders-db.database.svc.cluster.local"],
    ["value", "8443"],
    ["value", "5432,5433,5434"],
    ["value", "10.96.0.10:5432"],
    ["value", "2026-11-22T05:41:09Z"],
    ["value", "https://api.example.com/v1/orders"],
    ["value", "/var/run/secrets/token"],
    ["value", "v1.36.4-alpine3"],
    ["value", "somebody@example.com"],
    ["value", "eu-central-1"],
    ["value", "3f2b8a6c-1d4e-4f5a-9b8c-7d6e5f4a3b2c"],
    ["auth", "scram-sha-256"],
    ["sort-key", "created-at-2"],
    ["config.yaml", "log:\n  level: debug\n  format: json\n"],
    ["password", "$(DB_PASSWORD)"],
    ["password", "abc"],
  ])("%s", (key, text) => {
    const values = learned(secret("some", { [key]: text }));
    expect(values.match(text)).toBeNull();
    expect(values.result()).toMatchObject({ secrets: 1, values: 0 });
  });

  test("or needs a name or a form beside it: passwords that people choose stand elsewhere by chance", () => {
    for (const text of ["hunter2", "postgres", "changeme", "12345678"]) {
      const values = learned(secret("some", { password: text }));
      expect(values.match(text)?.telling, text).toBe(false);
    }
    expect(learned(secret("some", { password: "hunter2-again" })).match("hunter2-again")?.telling).toBe(true);
  });

  test.each([
    ["value", () => `Tr0ub4dor&3${value()}`],
    ["value", () => randomBytes(20).toString("hex")],
    [
      "notify-url",
      () => `https://hooks.slack.com/services/T${"0A1B2C3D"}/B${"4E5F6A7B"}/${randomBytes(12).toString("hex")}`,
    ],
    [
      "tls.key",
      () => `-----BEGIN PRIVATE KEY-----\n${randomBytes(60).toString("base64")}\n-----END PRIVATE KEY-----\n`,
    ],
  ])("while a credential under %s is, by its form", (key, make) => {
    const text = make();
    const values = learned(secret("some", { [key]: text }));
    expect(values.match(text)?.telling).toBe(true);
  });

  test("and what was not compared is counted by reason", () => {
    const values = learned(
      secret("a", { password: value(), username: "orders", pin: "123", keystore: "\u0000\u0001\ufffd" }),
      secret("b", { blob: "x".repeat(70_000) }),
      secret("c", { release: encode("H4sI") }, { type: "helm.sh/release.v1" }),
    );
    expect(values.result()).toEqual({
      secrets: 3,
      values: 1,
      left: [
        { reason: "larger than 64 KiB", values: 1 },
        { reason: "no credential by key, form or value", values: 1 },
        { reason: "no text", values: 1 },
        { reason: "releases of Helm", values: 1 },
        { reason: "shorter than 4 characters", values: 1 },
      ],
    });
  });
});

test("a list that begins again is forgotten where it began", () => {
  const [one, other] = [value(), value()];
  const values = learned(
    secret("a", { password: one }, { namespace: "x" }),
    secret("a", { password: other }, { namespace: "y" }),
  );
  values.forget("x");
  expect([values.match(one), values.match(other)?.equals.more]).toEqual([null, 0]);
  values.forget(null);
  expect(values.match(other)).toBeNull();
  expect(values.result()).toEqual({ secrets: 0, values: 0, left: [] });
});

test("hostile Secrets are read in passing", () => {
  const values = learned(
    {},
    { metadata: "x", data: 7 } as unknown as Json,
    { metadata: { name: "a\u001b[2J", namespace: "x" }, data: { password: encode(value()) } },
    secret("deep", { config: "[".repeat(50_000) }),
    secret("many", Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`password-${String(i)}`, value()]))),
  );
  expect(values.result()).toMatchObject({ secrets: 5, values: 2000 });
});
