import { describe, expect, test } from "vitest";
import { classify } from "../../../src/credentials/classify.ts";

/** Made up for these tests; joined so that no scanner takes this file for a leak. */
const made = (...parts: string[]): string => parts.join("");

const CREDENTIALS: [string, string, string, string][] = [
  ["DB_PASSWORD", "hunter2", "password", "likely"],
  ["PGPASSWORD", "x9", "password", "likely"],
  ["MYSQL_PWD", "changeme", "password", "likely"],
  ["DB_PASS", "12345678", "password", "likely"],
  ["dbPassword", "x", "password", "likely"],
  ["spring.datasource.password", "pw", "password", "likely"],
  ["DB_PASSWORD_PROD", "hunter2", "password", "likely"],
  ["DB_PASSWORD_2", "hunter2", "password", "likely"],
  ["PASSWORD_POSTGRES", "hunter2", "password", "likely"],
  ["DB_PASSWORD", "your-password-here", "password", "possible"],
  ["API_TOKEN", "Lj2^5O%xi214", "token", "likely"],
  ["clientSecret", made("8f14e45f", "ceea167a5a36dedd4bea2543"), "secret-key", "likely"],
  ["DJANGO_SECRET_KEY", "foo-bar-baz-99", "secret-key", "likely"],
  ["STRIPE_KEY", "abcdef123456", "secret-key", "likely"],
  ["STRIPE_KEY", made("sk_li", "ve_4eC39HqLyjWDarjtT1"), "provider-token", "certain"],
  ["APP_SECRET", "my-app", "secret-key", "possible"],
  ["AWS_SECRET_ACCESS_KEY", made("wJalrXUtnFEMI/K7MD", "ENG/bPxRfiCYEXAMPLEKEY"), "cloud-key", "likely"],
  ["AWS_ACCESS_KEY_ID", made("AKIA", "Q3XMPL7B5KDWN2ZC"), "cloud-key", "possible"],
  ["DATABASE_URL", "postgres://app:s3cr3t@db/app", "connection-string", "certain"],
  ["REDIS_URL", "redis://:x@h:6379", "connection-string", "certain"],
  ["BROKER", "amqp://u:p@h", "connection-string", "certain"],
  ["MONGO", "mongodb+srv://u:p%40ss@c.example.net/x", "connection-string", "certain"],
  ["JDBC", "jdbc:postgresql://h/db?user=a&password=b1", "connection-string", "certain"],
  ["JDBC", "jdbc:mysql://u:p@h/db", "connection-string", "certain"],
  ["CONN", "Server=db;User Id=sa;Password=Pa$$w0rd;", "connection-string", "certain"],
  ["CONN", "host=db user=app password=s3cr3t dbname=app", "connection-string", "certain"],
  ["REMOTE", "https://user:pw@git.example.com/x.git", "basic-auth", "certain"],
  ["HEADER", "Authorization: Basic dXNlcjpwYXNz", "basic-auth", "certain"],
  ["HEADER", "Bearer abcdefghijklmnop123", "token", "likely"],
  ["ANY", made("ghp", "_", "a1B2".repeat(9)), "provider-token", "certain"],
  ["ANY", made("xox", "b-123456789012-abcdefABCDEF"), "provider-token", "certain"],
  ["ANY", made("glp", "at-abcdefghij1234567890"), "provider-token", "certain"],
  ["ANY", made("AI", "za", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI"), "cloud-key", "certain"],
  [
    "ANY",
    made("S", "G.", "aB3dE6gH9jK2mN5pQ8sT1v", ".", "1vW4yZ7bC0eF3hI6kL9nO2qR5tU8wX1zA4cD7fG0iJ3"),
    "provider-token",
    "certain",
  ],
  [
    "TLS",
    made("-----BEGIN RSA PRIVATE", " KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----"),
    "private-key",
    "certain",
  ],
  ["DB_PASSWORD", "$ecret77", "password", "possible"],
  ["DB_PASSWORD", "<hunter22>", "password", "possible"],
  ["DB_PASSWORD", "pa{{x}}ss9", "password", "possible"],
  ["DB_PASSWORD", "${DB_PASS:-hunter22}", "password", "possible"],
  ["DB_PASSWORD", "https://weird-password", "password", "possible"],
  ["DB_PASSWORD", "vault:hunter22", "password", "likely"],
  ["DATABASE_URL", "postgres://u:$ecret77@h/x", "connection-string", "possible"],
  ["DATABASE_URL", "postgres://u:example@h/x", "connection-string", "certain"],
  ["DSN", "user:pw@tcp(db:3306)/app", "connection-string", "certain"],
  ["DSN", "user:p:w/x@unix(/run/mysqld.sock)/app", "connection-string", "certain"],
  ["CONN", "jdbc:oracle:thin:scott/tiger@//db:1521/x", "connection-string", "certain"],
  ["SAS", made("sv=2022-11-02&ss=b&si", "g=abcdEFGH0123abcdEFGH0123abcdEFGH0123abcdEFG%3D"), "webhook-url", "likely"],
  ["SAS", made("si", "g=abcdEFGH0123abcdEFGH0123abcdEFGH0123abcdEFG%3D&se=2027"), "webhook-url", "likely"],
  ["PGPASS", "db.example.com:5432:*:app:hunter22", "password", "likely"],
  ["USERPASS", "a:hunter22", "basic-auth", "likely"],
  ["BASIC_AUTH", "user:pw", "basic-auth", "likely"],
  ["BASIC_AUTH", Buffer.from("user:pw").toString("base64"), "basic-auth", "likely"],
  ["REDIS_AUTH", "hunter22", "password", "likely"],
  ["PASS_KEY", "hunter22abc", "secret-key", "likely"],
  ["ANY", made("sq0", "atp-", "aB3dE6gH9jK2mN5pQ8sT1v"), "provider-token", "certain"],
  ["ANY", made("123456", ":AA", "b".repeat(33)), "provider-token", "certain"],
  [
    "KUBE",
    `users: [{user: {client-key-data: ${"LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0t".repeat(2)}}}]`,
    "private-key",
    "certain",
  ],
  ["HOOK", made("https://hooks.slack.com/", "services/T00000000/B00000000/XXXXabcd1234"), "webhook-url", "certain"],
];

const HARMLESS: [string, string][] = [
  ["MONKEY_COUNT", "3"],
  ["KEYBOARD_LAYOUT", "us"],
  ["SECRET_NAME", "db-credentials"],
  ["TOKEN_TTL_SECONDS", "3600"],
  ["TOKEN_EXPIRY", "15m"],
  ["SESSION_TOKEN", "15m"],
  ["PASSWORD_FILE", "/run/secrets/db"],
  ["DB_PASSWORD", "/run/secrets/db"],
  ["TOKEN_PATH", "/var/run/token"],
  ["DATABASE_URL", "postgres://db/app"],
  ["DATABASE_URL", "postgres://app@db/app"],
  ["SECRET_URL", "https://vault.example.com/v1/x"],
  ["TOKEN_ENABLED", "true"],
  ["DB_PASSWORD", "true"],
  ["DB_PASSWORD", ""],
  ["DB_PASSWORD", "$(PW)"],
  ["DB_PASSWORD", "${X}"],
  ["DB_PASSWORD", "{{ .Values.x }}"],
  ["DB_PASSWORD", "<none>"],
  ["DB_PASSWORD", "$DB_PASS"],
  ["DB_PASSWORD", "${DB_PASS:-}"],
  ["DB_PASSWORD", "${env:DB_PASS}"],
  ["DB_PASSWORD", "vault:secret/data/db#password"],
  ["DSN", "user:$(PW)@tcp(db:3306)/app"],
  ["CONN", "jdbc:oracle:thin:scott/${PW}@db"],
  ["PGPASS", "db.example.com:5432:*:app:$(PW)"],
  ["ADDRESSES", "fe80:0:0:0:0202:b3ff:fe1e:8329"],
  ["AT", "2026-11-22T05:41:09:11:12"],
  ["S3_KEY", "backups/2024/dump.sql"],
  ["S3_KEY", "Backups/2024/Orders-2024-11-22T05.41.sql"],
  ["REDIS_AUTH", "true"],
  ["SMTP_AUTH", "cram-md5"],
  ["DB_PASSWORD", "********"],
  ["DATABASE_URL", "postgres://u:$(DB_PASSWORD)@h/x"],
  ["DATABASE_URL", "postgres://u:${DB_PASSWORD}@h/x"],
  ["IMAGE", `registry.example.com/a/b@sha256:${"a1".repeat(32)}`],
  ["API_TOKEN", `sha256:${"a1".repeat(32)}`],
  ["PUBLIC_KEY", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ"],
  ["SIGNING_KEY", "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkq\n-----END PUBLIC KEY-----"],
  ["CLIENT_SECRET", "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkq\n-----END CERTIFICATE-----"],
  ["PWD", "/app"],
  ["PWD", "app"],
  ["COMPASS", "north"],
  ["BYPASS", "x"],
  ["MAX_TOKENS", "4096"],
  ["CACHE_KEY", "user-profile"],
  ["checksum/secret", "8f14e45fceea167a5a36dedd4bea25438f14e45fceea167a5a36dedd4bea2543"],
  ["vault.hashicorp.com/agent-inject-secret-foo", "secret/data/foo"],
  ["PASSWORD_MIN_LENGTH", "12"],
  ["CSRF_TOKEN_HEADER", "X-CSRF-Token"],
];

describe("classify", () => {
  test.each(CREDENTIALS)("%s is recognised (%#)", (name, value, kind, confidence) => {
    expect(classify(name, value)).toMatchObject({ kind, confidence });
  });

  test.each(HARMLESS)("%s with a harmless value is not (%#)", (name, value) => {
    expect(classify(name, value)).toBeNull();
  });

  test("the reason never repeats the value", () => {
    for (const [name, value] of CREDENTIALS) {
      const because = classify(name, value)?.because ?? "";
      if (value.length > 2) expect(because).not.toContain(value);
    }
  });

  test("a ServiceAccount's token is told from other JSON Web Tokens by its claims", () => {
    const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url");
    const token = (sub: string): string => `${part({ alg: "RS256" })}.${part({ sub })}.${"s".repeat(43)}`;
    expect(classify("X", token("system:serviceaccount:database:backup"))?.kind).toBe("serviceaccount-token");
    expect(classify("X", token("alice"))?.kind).toBe("jwt");
  });
});
