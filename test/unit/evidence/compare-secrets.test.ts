import { randomBytes } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { createContext } from "../../../src/evidence/context.ts";
import { readEvidence, writeSnapshot } from "../../../src/evidence/file.ts";
import { KINDS } from "../../../src/evidence/kinds/index.ts";
import { logLiterals } from "../../../src/evidence/log-lines.ts";
import type { Json } from "../../../src/model/api.ts";
import type { Literal, Pod } from "../../../src/model/workload.ts";
import { secretsIn } from "../../../src/evidence/secret-votes.ts";
import { MOST, growthOf } from "../credentials/growth.ts";
import { podWith } from "./projected.ts";

const encode = (text: string): string => Buffer.from(text).toString("base64");
const fresh = (): string => `${randomBytes(7).toString("hex")}-Kq7x`;
const [password, other] = [fresh(), fresh()];

const secret = (data: Record<string, string>, more: object = {}): Json => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "db-credentials", namespace: "database", uid: "s1" },
  type: "Opaque",
  data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, encode(text)])),
  ...more,
});
const SECRET = secret({
  username: "orders-writer",
  password,
  "ca.crt": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
});

async function comparing(...secrets: Json[]) {
  const { context } = await createContext(null, true);
  for (const one of secrets) context.secrets!.learn(one);
  return context;
}

async function podOf(container: object, spec: object = {}, rest: object = {}, with_ = [SECRET]): Promise<Pod> {
  return KINDS.pods.project(podWith(container, spec, rest), await comparing(...with_));
}

const said = (literals: Literal[]): string[] =>
  literals.map(({ name, confidence, because, equals }) =>
    [name, confidence, because, String(equals?.secrets.length ?? 0)].join(" | "),
  );
const VOTE = "certain | equals Secret database/db-credentials key password | 1";

describe("a value that nothing tells but the Secret that has it", () => {
  test.each([
    ["itself", password],
    ["with a newline after it", `${password}\n`],
    ["in base64", encode(`${password}\n`)],
    ["as a leaf of JSON", JSON.stringify({ list: [{ remark: password }] })],
    ["as a word among others", `start with ${password}, please`],
    ["after an equals sign", `a=b;remark=${password}`],
  ])("is found in a variable: %s", async (_, value) => {
    const { template } = await podOf({ env: [{ name: "FOO", value }] });
    expect(said(template.literals)).toEqual([`FOO | ${VOTE}`]);
  });

  test("is found in arguments, probes, volumes, annotations and last words", async () => {
    const { template, annotationLiterals, messageLiterals } = await podOf(
      {
        command: ["run", password],
        args: ["--remark", password, `--remark=${password}`],
        livenessProbe: { exec: { command: ["check", password] } },
        readinessProbe: { httpGet: { path: `/x?y=${password}`, httpHeaders: [{ name: "X-Remark", value: password }] } },
      },
      { volumes: [{ name: "v", csi: { driver: "d", volumeAttributes: { remark: password } } }] },
      {
        metadata: {
          name: "p",
          namespace: "n",
          uid: "u1",
          annotations: { remark: password, manifest: JSON.stringify({ kind: "Thing", spec: { remark: [password] } }) },
        },
        status: { containerStatuses: [{ name: "backup", state: { terminated: { message: `failed: ${password}` } } }] },
      },
    );
    expect(template.literals.map(({ path }) => path.replace("spec.containers[0].", ""))).toEqual([
      "command[1]",
      "args[1]",
      "args[2]",
      "livenessProbe.exec.command[1]",
      "readinessProbe.httpGet.path",
      "readinessProbe.httpGet.httpHeaders[0].value",
      "spec.volumes[0].csi.volumeAttributes[remark]",
    ]);
    const all = [...template.literals, ...annotationLiterals, ...messageLiterals];
    expect(all).toHaveLength(10);
    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    for (const { confidence, because, kind } of all) {
      expect([confidence, kind]).toEqual(["certain", "password"]);
      expect(because).toMatch(/equals Secret database\/db-credentials key password$/);
    }
  });

  test("is found in ConfigMaps and in logs", async () => {
    const context = await comparing(SECRET);
    const raw = {
      metadata: { name: "c", namespace: "n", uid: "c1" },
      data: { remark: password, "app.yaml": `smtp:\n  remark: ${password}\n` },
      binaryData: { blob: encode(password) },
    };
    const { literals } = KINDS.configmaps.project(raw, context);
    expect(literals.map(({ path }) => path)).toEqual(["data[app.yaml]", "data[remark]", "binaryData[blob]"]);
    const log = {
      container: "main",
      previous: false,
      text: `x\ngot ${password}\n${password}\n`,
      fromStart: true,
      cut: false,
    };
    const found = logLiterals(log, new Map(), context).literals;
    expect(found.map(({ path }) => path)).toEqual(["log[main]:line 2"]);
    expect(said(found)).toEqual([`log | ${VOTE}`]);
  });

  test("is no user name, certificate or short password", async () => {
    const values = ["orders-writer", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "hunter2", "true"];
    const env = values.map((value, i) => ({ name: `FOO${String(i)}`, value }));
    const more = secret({ password: "hunter2", debug: "true" });
    expect((await podOf({ env }, {}, {}, [SECRET, more])).template.literals).toEqual([]);
  });

  test("is not looked for where Secrets are not compared", async () => {
    const { context } = await createContext(null);
    const pod = KINDS.pods.project(podWith({ env: [{ name: "FOO", value: password }] }), context);
    expect(pod.template.literals).toEqual([]);
    const [named] = KINDS.pods.project(podWith({ env: [{ name: "DB_PASSWORD", value: password }] }), context).template
      .literals;
    expect(named).not.toHaveProperty("equals");
  });
});

describe("what name or form tell already", () => {
  test("becomes certain, and says both", async () => {
    const { template } = await podOf({ env: [{ name: "DB_PASSWORD", value: password }] });
    expect(said(template.literals)).toEqual([
      'DB_PASSWORD | certain | its name says "password", and it equals Secret database/db-credentials key password | 1',
    ]);
  });

  test("becomes certain however short it is, from four characters", async () => {
    const env = [
      { name: "DB_PASSWORD", value: "hunter2" },
      { name: "OTHER_PASSWORD", value: "hunter3" },
    ];
    const { template } = await podOf({ env }, {}, {}, [secret({ password: "hunter2" })]);
    expect(template.literals.map(({ confidence }) => confidence)).toEqual(["certain", "likely"]);
  });

  test("is the password in a URI, once, by the Secret that holds the password or the URI", async () => {
    const uri = `postgres://u:${password}@db.example.com/x`;
    for (const data of [{ password }, { url: uri }]) {
      const { template } = await podOf({ env: [{ name: "FOO", value: uri }] }, {}, {}, [secret(data)]);
      expect(template.literals).toHaveLength(1);
      expect(template.literals[0]).toMatchObject({ confidence: "certain", equals: { more: 0 } });
    }
  });

  test("keeps its fingerprint, which base64 shares", async () => {
    const env = [
      { name: "DB_PASSWORD", value: password },
      { name: "OTHER_PASSWORD", value: encode(password) },
    ];
    const context = await comparing(SECRET);
    const { literals } = KINDS.pods.project(podWith({ env }), context).template;
    expect(literals.map(({ fingerprint }) => fingerprint)).toEqual(Array(2).fill(context.mask.fingerprint(password)));
  });
});

describe("a file", () => {
  const options = { now: new Date("2026-11-22T05:41:09Z"), toolVersion: "0.1.0", fingerprintKey: null };
  const pod = { apiVersion: "v1", kind: "Pod", ...podWith({ env: [{ name: "FOO", value: password }] }) };
  const read = (content: Buffer | string, compareSecrets: boolean) =>
    readEvidence({ stream: Readable.from([Buffer.from(content)]), name: "dump.json" }, { ...options, compareSecrets });
  const dump = (...items: object[]): string => JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const stored = async (from: Awaited<ReturnType<typeof read>>): Promise<Buffer> => {
    const sink = new PassThrough();
    const written = buffer(sink);
    await writeSnapshot(from, sink, { compress: false });
    sink.end();
    return written;
  };

  test.each([
    ["JSON, the Secret last", dump(pod, SECRET)],
    ["YAML", stringify({ apiVersion: "v1", kind: "List", items: [pod, SECRET] })],
    ["a manifest with stringData", dump(secret({}, { stringData: { password } }), pod)],
  ])("of objects is compared where it is asked for: %s", async (_, text) => {
    const compared = await read(text, true);
    expect(said(compared.pods[0]!.template.literals)).toEqual([`FOO | ${VOTE}`]);
    expect(compared.compared).toMatchObject({ secrets: 1, values: 1 });
    expect(compared.notes.join("\n")).toContain("Secrets read and compared: 1, with 1 value");
    expect(compared.blindSpots.map(({ resource }) => resource)).not.toContain("secrets");
    const plain = await read(text, false);
    expect(plain.pods[0]!.template.literals).toEqual([]);
    expect(plain).not.toHaveProperty("compared");
  });

  test("of objects without Secrets cannot be compared, and says what that blinds", async () => {
    const { blindSpots } = await read(dump(pod), true);
    expect(blindSpots.find(({ resource }) => resource === "secrets")).toMatchObject({
      reason: "NotInEvidence",
      blinds: expect.arrayContaining(["which literals equal a value of a Secret"]) as unknown,
    });
    expect((await read(dump(pod), false)).blindSpots.map(({ resource }) => resource)).not.toContain("secrets");
  });

  test("of a snapshot keeps what was equal and how much was compared, and no value", async () => {
    const taken = await read(dump(pod, SECRET, secret({ token: other })), true);
    const bytes = await stored(taken);
    expect(await read(bytes, false)).toEqual(taken);
    expect(await read(bytes, true)).toEqual(taken);
    for (const text of [password, other]) expect(bytes.includes(text) || bytes.includes(encode(text))).toBe(false);
  });

  test("of a snapshot that was taken without is refused", async () => {
    const bytes = await stored(await read(dump(pod, SECRET), false));
    await expect(read(bytes, true)).rejects.toThrow(/--compare-secrets has no effect on dump\.json/);
    await expect(read(bytes, false)).resolves.toBeDefined();
  });
});

describe("eight times as much hostile text is compared in no more than linear time", () => {
  test.each([":", "(", ".)", "a:", "(a", "a=b,", "=:", "{", "x:'"])("made of %j", { timeout: 60_000 }, async (seed) => {
    const { secrets } = await comparing(SECRET);
    const compare = (text: string): void => {
      secretsIn({ name: "x", text }, secrets!, new Set());
    };
    expect(growthOf(compare, (size) => `${seed.repeat(Math.ceil(size / seed.length))}x`)).toBeLessThan(MOST);
  });
});
