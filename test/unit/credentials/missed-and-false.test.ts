import { describe, expect, test } from "vitest";
import { findInCommand } from "../../../src/credentials/command.ts";
import type { Found } from "../../../src/credentials/rule.ts";
import { findInValue } from "../../../src/credentials/values.ts";

const PASSWORD = "Zx81hunterQQ";
const RANDOM = "x9Kq2mZ4vB7nL1pR8tW3yC6d";
const HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

const sure = (found: Found[]): string[] =>
  found.flatMap(({ verdict, text }) => (verdict.confidence === "possible" ? [] : text));
const inScript = (script: string): string[] => sure(findInCommand(["sh", "-c", script], []));
const inValue = (name: string, value: string): string[] => sure(findInValue(name, value));

describe("what a program computes is no credential", () => {
  test.each([
    "import os; c(host='db', password=os.environ['DB_PASSWORD'])",
    "import os; c(host='db', password=os.environ.get('DB_PASSWORD'))",
    "import vault; c(host='db', password=get_secret('db'))",
    "import app; c(host='db', password=settings.DB_PASSWORD)",
    "import os; c( password=os.getenv('X') )",
  ])("%s", (code) => {
    expect(sure(findInCommand(["python", "-c", code], []))).toEqual([]);
    expect(inScript(`python3 -c "${code}"`)).toEqual([]);
  });

  test("but a text is, and a password with a bracket in it", () => {
    expect(sure(findInCommand(["python", "-c", `import x; x.c(host='db', password='${PASSWORD}')`], []))).toEqual([
      PASSWORD,
    ]);
    expect(inScript("PGPASSWORD='ab(c1x' psql")).toEqual(["ab(c1x"]);
  });
});

test.each([
  ["REPORT_KEY", "monthly-invoices-2024"],
  ["METRIC_KEY", "http_requests_total_5m"],
  ["INDEX_KEY", "logs-prod-2024.01.01"],
  ["ETCD_INITIAL_CLUSTER_TOKEN", "etcd-cluster-k8s"],
  ["ETCD_INITIAL_CLUSTER_TOKEN", "etcd-cluster-1"],
  ["MAX_PASS", "3"],
  ["ROUTING_KEY", "orders.created"],
  ["WEBHOOK_URL", "https://example.com/hooks/deploy-report-2024"],
  ["SENTRY_DSN", `https://${HEX}@o1.ingest.example.com/42`],
])("%s=%s is no credential that is sure", (name, value) => {
  expect(inValue(name, value)).toEqual([]);
});

test("what a selector selects is no credential", () => {
  expect(inScript("kubectl delete pod -l token=expired")).toEqual([]);
  expect(inScript("kubectl get pod --selector=token=a1b2c3d4e5f6g7h8i9j0")).toEqual([]);
});

describe("the key of a token before a host", () => {
  test("is public for Sentry, and no longer hides what is not", () => {
    expect(findInValue("SENTRY_DSN", `https://${HEX}@o1.ingest.example.com/42`)[0]?.verdict.confidence).toBe(
      "possible",
    );
    expect(inValue("GIT_URL", `https://${HEX}@git.example.com/team/app.git`)).toEqual([HEX]);
    expect(inValue("SENTRY_DSN", `https://${HEX}:${PASSWORD}@sentry.example.com/42`)).toEqual([PASSWORD]);
  });
});

describe("logins of Oracle's tools", () => {
  test.each([
    `expdp system/${PASSWORD}@PDB directory=dump`,
    `impdp userid=system/${PASSWORD}@PDB full=y`,
    `sqlplus -s scott/${PASSWORD}@ORCL @x.sql`,
    `sqlplus scott/${PASSWORD}`,
    `rman target sys/${PASSWORD}@db`,
    `rman target / catalog rco/${PASSWORD}@cat`,
    `exp scott/${PASSWORD}@orcl file=x.dmp`,
  ])("%s", (script) => {
    expect(inScript(script)).toEqual([PASSWORD]);
  });

  test.each([
    "sqlplus / as sysdba",
    "sqlplus -s /nolog @x.sql",
    "sqlplus scripts/install.sql",
    'sqlplus "$USER/$PW@$DB"',
    "rman target / cmdfile a/b.rcv",
    "imp data/set",
  ])("none: %s", (script) => {
    expect(inScript(script)).toEqual([]);
  });
});

test("the password in a dsn of Percona's tools", () => {
  expect(inScript(`pt-archiver --source h=db,u=a,p=${PASSWORD},D=x --purge`)).toEqual([PASSWORD]);
  expect(inScript(`pt-online-schema-change h=db,D=x,t=y,p=${PASSWORD} --execute`)).toEqual([PASSWORD]);
  expect(inScript("pt-archiver --source h=db,u=a,D=x --dest h=db2,p=$PW")).toEqual([]);
});

describe("names", () => {
  test.each([
    ["REDISCLI_AUTH", PASSWORD],
    ["PAGERDUTY_ROUTING_KEY", HEX],
    ["PASSWORD_HASH", `$2a$10$${"a1B2c3".repeat(9).slice(0, 53)}`],
    ["GF_HASH", `$argon2id$v=19$m=65536,t=3,p=4$${"a1B2".repeat(4)}$${"c3D4".repeat(8)}`],
    ["MATTERMOST_WEBHOOK", `https://chat.example.com/hooks/${"x9kq2mz4vb7nl1pr8tw3yc6d5f"}`],
    ["ROCKET", `https://rc.example.com/hooks/64f1a2b3c4d5e6f7a8b9c0d1/${RANDOM}${RANDOM}`],
    ["ALERT_HOOK_URL", `https://hook.example.com/${RANDOM}`],
    ["A", `https://ptb.discord.com/api/webhooks/123456789012345678/${RANDOM}${RANDOM}`],
    ["A", `https://hooks.slack-gov.com/services/T01234567/B01234567/${RANDOM}`],
  ])("%s", (name, value) => {
    expect(inValue(name, value)).toEqual([value]);
  });

  test("npm's _auth, of one registry or of all", () => {
    const login = Buffer.from(`app:${PASSWORD}`).toString("base64");
    expect(inValue(".npmrc", `registry=https://r/\n//r.example.com/:_auth=${login}\n`)).toEqual([PASSWORD]);
    expect(inValue(".npmrc", `_auth = "${login}"\n`)).toEqual([PASSWORD]);
  });
});

describe("templates", () => {
  test.each(["Your_password123", "example_Zx81hunterQQ", "Dummy!Zx81QQ", "placeholder-9fKq2mZ4", "Secret"])(
    "%s is a password",
    (value) => {
      expect(inValue("SA_PASSWORD", value)).toEqual([value]);
    },
  );

  test.each([
    "your-password-here",
    "your_password",
    "example-password",
    "replace-me",
    "dummy",
    "placeholder",
    "put-32-bytes-here",
  ])("%s is a template", (value) => {
    expect(findInValue("SA_PASSWORD", value)[0]?.verdict.confidence).toBe("possible");
  });

  test("take no more than linear time to tell", () => {
    const started = process.cpuUsage();
    for (let i = 0; i < 2000; i++) inValue("SA_PASSWORD", `dummy-${"a".repeat(70)}${String(i % 9)}`);
    expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
  });
});

describe("what base64 hides is the same credential under whatever name", () => {
  const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${"QUFB".repeat(30)}\n-----END OPENSSH PRIVATE KEY-----\n`;
  const encoded = Buffer.from(key).toString("base64");
  const [plain] = findInValue("ID_RSA", encoded);

  test.each(["SSH_KEY_B64", "DB_PASSWORD", "API_TOKEN"])("%s", (name) => {
    expect(findInValue(name, encoded)).toEqual([{ ...plain, name }]);
  });

  test("also on a line of a file, and over several lines", () => {
    const [first] = findInValue("app.yaml", `a: 1\nssh_key_b64: ${encoded}\n`);
    expect([first?.verdict, first?.text]).toEqual([plain?.verdict, plain?.text]);
    const wrapped = findInValue("SSH_KEY_B64", encoded.replace(/.{64}/g, "$&\n"));
    expect([wrapped[0]?.verdict, wrapped[0]?.text]).toEqual([plain?.verdict, plain?.text]);
  });

  test("and a token that hides nothing stays one", () => {
    expect(inValue("API_TOKEN", RANDOM)).toEqual([RANDOM]);
  });
});
