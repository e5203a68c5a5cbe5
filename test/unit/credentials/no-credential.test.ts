import { describe, expect, test } from "vitest";
import { findInCommand } from "../../../src/credentials/command.ts";
import { findInValue } from "../../../src/credentials/values.ts";

const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/** Values that no name makes a credential of, though their names here would. */
const VALUES: [string, string[]][] = [
  ["a reference", ["$(DB_PASSWORD)", "${DB_PASSWORD}", "$DB_PASSWORD", "%DB_PASSWORD%", "{{ .Values.password }}"]],
  ["a reference of another program", ["vault:secret/data/db#password", "op://vault/item/password", "ref+vault://x/y"]],
  [
    "a template",
    ["{{password}}", "<<password>>", "[[ .Password ]]", "__DB_PASSWORD__", "@@DB_PASSWORD@@", "#{db.password}#"],
  ],
  ["a marker", ["<none>", "<nil>", "<redacted>", "[REDACTED]", "********", "xxxxxxxx"]],
  ["a path", ["/run/secrets/db", "/etc/tls/tls.key", "./config/db.yaml", "~/.pgpass", "/vault/secrets/config"]],
  ["a file", ["password.txt", "tls.key", "config.json", "ca-bundle.crt", "id_rsa.pub", "keystore.p12"]],
  ["a boolean", ["true", "false", "True", "yes", "off", "enabled"]],
  ["nothing", ["", " ", "null", "None", "nil", "undefined"]],
  ["a duration", ["30s", "15m", "1h30m", "3600s", "24h", "7d", "PT15M", "P7D"]],
  ["a digest", [`sha256:${HASH}`, `r.example.com/a/b@sha256:${HASH}`]],
  ["an ARN", ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-x", "arn:aws:iam::123456789012:role/x"]],
  [
    "a resource of a cloud",
    ["projects/p/secrets/db/versions/latest", "projects/p/locations/eu/keyRings/a/cryptoKeys/b"],
  ],
];

/** Values that a name makes a credential of only when it says password. */
const NOT_OF_A_TOKEN: [string, string[]][] = [
  ["an address", ["https://login.example.com/oauth/token", "http://vault:8200", "redis://redis:6379/0"]],
  ["a host", ["vault.example.com", "db-0.db.prod.svc.cluster.local", "10.0.0.12:8200", "tokens.example.com:443"]],
  ["an e-mail address", ["ops@example.com", "backup+prod@example.co.uk"]],
  ["a version", ["1.2.3", "v1.27.4", "v2", "2024.1.0-rc.1"]],
  ["a date", ["2024-01-31", "2024-01-31T12:00:00Z", "2024-01-31 12:00:00"]],
  ["a schedule", ["*/5 * * * *", "0 3 * * 1-5", "@daily"]],
  ["a locale", ["en_US.UTF-8", "de-DE", "C.UTF-8"]],
  ["a colour", ["#ff8800", "rgb(1, 2, 3)"]],
  ["a number", ["3", "3600", "0.75", "-1"]],
  ["a time zone", ["Europe/Berlin", "UTC"]],
  ["a media type", ["application/json", "text/plain; charset=utf-8"]],
  ["a public key", ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGq7Zt1Lx0Vb3Nw9Rk5Hd2Jf8Gs6Pm4Ya1 a@b"]],
  ["a sentence", ["the token of the app", "Bearer"]],
];

const NAMES = ["DB_PASSWORD", "API_TOKEN", "CLIENT_SECRET", "dbPassword"];
const TOKENS = ["API_TOKEN", "ACCESS_TOKEN", "CLIENT_SECRET", "SECRET_KEY"];

const isSure = (name: string, value: string): boolean =>
  findInValue(name, value).some(({ verdict }) => verdict.confidence !== "possible");

describe("not a credential", () => {
  const cases = (kinds: [string, string[]][], names: string[]): [string, string, string][] =>
    kinds.flatMap(([what, values]) =>
      values.flatMap((value) => names.map((name): [string, string, string] => [what, name, value])),
    );

  test.each([...cases(VALUES, NAMES), ...cases(NOT_OF_A_TOKEN, TOKENS)])("%s: %s=%j", (_what, name, value) => {
    expect(isSure(name, value)).toBe(false);
    const option = `--${name.toLowerCase().replaceAll("_", "-")}`;
    const found = [...findInCommand(["app", option, value], []), ...findInCommand(["app", `${option}=${value}`], [])];
    expect(found.filter(({ verdict }) => verdict.confidence !== "possible")).toEqual([]);
  });

  /** What works as a password is one, whatever a person thinks of it. */
  test.each([
    "changeme",
    "CHANGE_ME",
    "password",
    "admin",
    "secret",
    "12345678",
    "1234",
    "test",
    "postgres",
    "a/b",
    "x",
  ])("%s under the name of a password is one", (value) => {
    expect(isSure("DB_PASSWORD", value)).toBe(true);
  });
});
