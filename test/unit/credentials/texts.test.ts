import { describe, expect, test } from "vitest";
import { findInValue } from "../../../src/credentials/values.ts";

const PW = "Tr0ub4dor-x";
const KEY = "q7Zt1Lx0Vb3Nw9Rk5Hd2Jf8Gs6Pm4Ya1";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const base64url = (text: string): string => Buffer.from(text).toString("base64url");
const hex = (text: string): string => Buffer.from(text).toString("hex");
const nested = (text: string, times: number): string => (times === 0 ? text : nested(base64(text), times - 1));
const pem = (label: string): string =>
  [`-----BEGIN ${label}-----`, ...Array.from({ length: 4 }, () => `${KEY}${KEY}`), `-----END ${label}-----`].join("\n");
const url = `postgres://app:${PW}@db/x`;

/** What a form is called, a value of a variable with a name that says nothing, the kind, and the credential. */
const FORMS: [string, string, string, string][] = [
  ["PostgreSQL", url, "connection-string", PW],
  ["a bare slash in the password", `postgres://app:${PW}/a@db:5432/x`, "connection-string", `${PW}/a`],
  ["a bare hash in the password", `redis://:${PW}#1@h:6379/0`, "connection-string", `${PW}#1`],
  ["percent-encoding", "mysql://app:a%2Fb%40c9@db/x", "connection-string", "a/b@c9"],
  ["Redis", `redis://:${PW}@h:6379`, "connection-string", PW],
  ["Redis with TLS", `rediss://default:${PW}@h:6380/0`, "connection-string", PW],
  ["Redis of .NET", `h:6380,password=${PW},ssl=True`, "password", PW],
  ["AMQP", `amqps://app:${PW}@h/v`, "connection-string", PW],
  ["MongoDB", `mongodb+srv://app:${PW}@c.example.net/x?w=majority`, "connection-string", PW],
  ["MongoDB with several hosts", `mongodb://app:${PW}@h1:27017,h2:27017/x`, "connection-string", PW],
  ["SMTP", `smtps://apikey:${PW}@smtp.example.com:465`, "connection-string", PW],
  ["LDAP", `ldap://cn=a:${PW}@h`, "connection-string", PW],
  ["SQLAlchemy", `postgresql+psycopg2://app:${PW}@db/x`, "connection-string", PW],
  ["HTTP", `https://a:${PW}@h/x.git`, "basic-auth", PW],
  ["a token before the host", `https://${KEY}@git.example.com/x.git`, "basic-auth", KEY],
  ["JDBC of PostgreSQL", `jdbc:postgresql://h/d?user=a&password=${PW}`, "connection-string", PW],
  ["JDBC of SQL Server", `jdbc:sqlserver://h:1433;databaseName=x;user=sa;password=${PW};`, "connection-string", PW],
  ["JDBC of MySQL", `jdbc:mysql://h/d?user=a&password=${PW}&useSSL=false`, "connection-string", PW],
  ["JDBC of Oracle", `jdbc:oracle:thin:app/${PW}@h:1521:x`, "connection-string", PW],
  ["Oracle", `app/${PW}@//h:1521/x`, "connection-string", PW],
  ["ADO.NET", `Server=h;Database=x;User Id=sa;Password=${PW};Encrypt=True`, "connection-string", PW],
  ["ADO.NET, short", `Server=h;Uid=sa;Pwd=${PW}`, "connection-string", PW],
  ["ADO.NET, quoted", `Data Source=h;User ID=sa;Password="${PW};a"`, "connection-string", `${PW};a`],
  ["ODBC", `Driver={x};Server=h;UID=sa;PWD={${PW};a};`, "connection-string", `${PW};a`],
  ["libpq", `host=db user=app password=${PW} dbname=x`, "connection-string", PW],
  ["libpq, other signs", `host=db user=app password=${PW};&a dbname=x`, "connection-string", `${PW};&a`],
  ["libpq, quoted", `host=db user=app password='${PW} a' dbname=x`, "connection-string", `${PW} a`],
  ["Go's MySQL driver", `app:${PW}@tcp(db:3306)/x?parseTime=true`, "connection-string", PW],
  [
    "Azure Storage",
    `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${KEY}==;EndpointSuffix=x`,
    "connection-string",
    `${KEY}==`,
  ],
  [
    "Azure Service Bus",
    `Endpoint=sb://a.example.net/;SharedAccessKeyName=Root;SharedAccessKey=${KEY}=`,
    "connection-string",
    `${KEY}=`,
  ],
  ["Kafka's JAAS", `org.apache.kafka.x.PlainLoginModule required username="a" password="${PW}";`, "password", PW],
  ["a header", `Authorization: Basic ${base64(`a:${PW}`)}`, "basic-auth", PW],
  ["a header with a token", `Authorization: token ${KEY}`, "token", KEY],
  ["a header with a name", `X-Api-Key: ${KEY}`, "secret-key", KEY],
  ["netrc", `machine h login a password ${PW}`, "password", PW],
  ["netrc over lines", `machine h\n  login a\n  password ${PW}\n`, "password", PW],
  ["pgpass", `db:5432:*:app:${PW}`, "password", PW],
  ["pgpass, another port", `db.example.com:6543:*:app:${PW}`, "password", PW],
  ["redis.conf", `port 6379\nrequirepass ${PW}\nappendonly yes\n`, "password", PW],
  ["redis.conf, quoted", `masterauth "${PW}"`, "password", PW],
  ["sentinel.conf", `sentinel auth-pass mymaster ${PW}\n`, "password", PW],
  ["PHP", `define( "DB_PASSWORD", 'a"${PW}' );`, "password", `a"${PW}`],
  ["MongoDB's shell", `db.auth("app", '${PW}')`, "password", PW],
  ["sed", `s/^password=.*/password=${PW}/g`, "password", PW],
  ["htpasswd", `a:$apr1$abcdefgh$${KEY.slice(0, 22)}`, "password", `$apr1$abcdefgh$${KEY.slice(0, 22)}`],
  ["SQL", `CREATE ROLE app LOGIN PASSWORD '${PW}';`, "password", PW],
  ["SQL of MySQL", `GRANT ALL ON x.* TO 'a'@'%' IDENTIFIED BY '${PW}'`, "password", PW],
  ["SQL of SQL Server", `ALTER LOGIN sa WITH PASSWORD = N'${PW}'`, "password", PW],
  ["Maven", `<server><id>a</id><username>a</username><password>${PW}</password></server>`, "password", PW],
  [
    "Hadoop",
    `<property>\n  <name>javax.jdo.option.ConnectionPassword</name>\n  <value>${PW}</value>\n</property>`,
    "password",
    PW,
  ],
  [".NET", `<add key="DbPassword" value="${PW}"/>`, "password", PW],
  ["a PEM key", pem("RSA PRIVATE KEY"), "private-key", pem("RSA PRIVATE KEY")],
  [
    "a PEM key in one line",
    pem("PRIVATE KEY").replaceAll("\n", "\\n"),
    "private-key",
    pem("PRIVATE KEY").replaceAll("\n", "\\n"),
  ],
  ["a key of SSH", pem("OPENSSH PRIVATE KEY"), "ssh-key", pem("OPENSSH PRIVATE KEY")],
  ["an address in base64", base64(url), "connection-string", PW],
  ["an address in base64url", base64url(`${url}?>>`), "connection-string", PW],
  ["an address in hexadecimal", hex(url), "connection-string", PW],
  ["three times base64", nested(url, 3), "connection-string", PW],
  ["base64 in lines", base64(`${url} ${"and more ".repeat(9)}`).replace(/.{40}/g, "$&\n"), "connection-string", PW],
  ["a key in base64", base64(pem("PRIVATE KEY")), "private-key", pem("PRIVATE KEY")],
  ["JSON in a text of JSON", JSON.stringify({ a: JSON.stringify({ password: PW }) }), "password", PW],
  ["JSON with a name and a value", JSON.stringify([{ name: "DB_PASSWORD", value: PW }]), "password", PW],
  ["a Docker config file", JSON.stringify({ auths: { r: { auth: base64(`a:${PW}`) } } }), "basic-auth", PW],
  ["the same in base64", base64(JSON.stringify({ auths: { r: { auth: base64(`a:${PW}`) } } })), "basic-auth", PW],
  ["a kubeconfig in base64", base64(`kind: Config\nusers:\n- name: a\n  user:\n    token: ${KEY}\n`), "token", KEY],
  ["a script", `#!/bin/sh\nset -e\nmysqldump -p${PW} x\n`, "password", PW],
];

/** Lines of files, each with the name that they give the credential. */
const LINES: [string, string, string][] = [
  ["my.cnf", `[client]\nuser = root\npassword = ${PW}\n`, "password"],
  ["an aligned INI file", `[db]\nhost         = h\npassword     = "${PW}"\n`, "password"],
  ["properties", `a=b\nspring.datasource.password=${PW}\n`, "spring.datasource.password"],
  ["an env file", `# x\nexport DB_PASSWORD='${PW} a'\nA=b\n`, "DB_PASSWORD"],
  ["YAML", `db:\n  host: h\n  password: ${PW} # of the app\n`, "password"],
  ["YAML with letters alone", `db:\n  host: h\n  password: correcthorse\n`, "password"],
  ["YAML with pwd", `db:\n  host: h\n  pwd: ${PW}\n`, "pwd"],
  ["a list of variables", `env:\n- name: DB_PASSWORD\n  value: ${PW}\n`, "DB_PASSWORD"],
  ["TOML", `[db]\npassword = "${PW}"\n`, "password"],
  ["an address under its key", `db:\n  url: ${url}\n`, "url"],
  ["base64 under its key", `data:\n  config: ${base64(url)}\n`, "config"],
  [
    "credentials of AWS",
    `[default]\naws_access_key_id = A\naws_secret_access_key = ${KEY}AB\n`,
    "aws_secret_access_key",
  ],
  ["a Docker config in YAML", `auths:\n  r:\n    auth: ${base64(`a:${PW}`)}\n`, "auth"],
];

const NOTHING: [string, string][] = [
  ["a certificate", pem("CERTIFICATE")],
  ["a public key", pem("PUBLIC KEY")],
  ["a public key of SSH", `ssh-ed25519 ${KEY}${KEY} a@b`],
  ["a certificate in base64", base64(pem("CERTIFICATE"))],
  ["a port and a scope", "https://h:8080/npm/@scope/pkg"],
  ["a user without a password", "ssh://git@git.example.com/x.git"],
  ["a masked address", "postgres://app:xxxxx@db/x postgres://app:***@db/x"],
  ["a reference", "postgres://app:$(DB_PASSWORD)@db/x redis://:${PW}@h"],
  ["a template", "postgres://app:{{ .Values.password }}@db/x"],
  ["a schema", "properties:\n  password:\n    type: string\n  token: string\n  secret: object\n"],
  ["code", 'password = os.environ["DB_PASSWORD"]\ntoken = config.get("token")\nsecret: process.env.SECRET\n'],
  ["references in a file", "password: ${DB_PASSWORD}\ntoken: {{ .Values.token }}\nsecret: !vault |\n  x\n"],
  ["paths in a file", "password_file: /run/pw\ntokenFile = /var/run/token\nkey: /etc/tls.key\n"],
  ["a Secret's name in a file", "secretName: db-credentials\nexistingSecret: my-app\npasswordKey: password\n"],
  ["booleans and durations", "password: true\ntoken: 30s\ntokenTTL: 3600\nsecret: false\n"],
  ["an empty password", 'password: ""\ntoken: ~\nsecret:\n'],
  ["a Secret's name in JSON", JSON.stringify({ secretKeyRef: { name: "db", key: "password" } })],
  ["JSON schema", JSON.stringify({ properties: { password: { type: "string" }, token: "string" } })],
  ["random bytes in base64", base64(String.fromCharCode(...Array.from({ length: 90 }, (_, i) => (i * 151) % 256)))],
  ["SQL without one", "ALTER USER app WITH PASSWORD NULL; SELECT user, password FROM t WHERE a = 'password'"],
  ["lines of redis.conf", "# requirepass foobared\nrequirepass ${PW}\nmasterauth\nmasterauth <none>\n"],
  ["PHP that computes", "define('DB_PASSWORD', getenv('X')); define('AUTH_KEY', 'put your unique phrase here');"],
  ["an element for its name", "<property><name>x.password.file</name><value>/run/pw</value></property>"],
  ["ports and a path", "10.0.0.1:6543:eth0:8080:9090 a:6543:b:c:d"],
  ["times", "12:30:00 a:1:b:c:d file.ts:12:5432:x"],
  ["an image", "registry.example.com:5000/team/app:1.2.3@sha256:" + "ab12".repeat(16)],
];

const sure = (value: string): [string, string, string][] =>
  findInValue("VALUE", value)
    .filter(({ verdict }) => verdict.confidence !== "possible")
    .map(({ name, verdict, text }) => [name, verdict.kind, text]);

describe("a text", () => {
  test.each(FORMS)("%s", (_what, value, kind, text) => {
    expect(sure(value).map(([, kind, text]) => [kind, text])).toEqual([[kind, text]]);
  });

  test.each(LINES)("lines of %s", (_what, value, name) => {
    expect(sure(value)).toHaveLength(1);
    expect(sure(value)[0]?.[0]).toBe(name);
  });

  test.each(NOTHING)("that holds none: %s", (_what, value) => {
    expect(sure(value)).toEqual([]);
  });

  test("a key of PuTTY is a key of SSH", () => {
    const lines = ["PuTTY-User-Key-File-3: ssh-ed25519", "Encryption: none", "Comment: a", "Public-Lines: 1", KEY];
    const value = [...lines, "Private-Lines: 1", KEY, "Private-MAC: 00"].join("\n");
    expect(sure(value).map(([, kind]) => kind)).toEqual(["ssh-key"]);
  });

  test("base64 inside base64 is opened three times and no more", () => {
    expect(sure(nested(url, 4))).toEqual([]);
  });
});
