import fc from "fast-check";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { readEvidence } from "../../../src/evidence/file.ts";
import { KINDS, RESOURCES } from "../../../src/evidence/kinds/index.ts";
import { createContext } from "../../../src/evidence/context.ts";

/**
 * Canaries stand in every place of an object that holds a value. Left out are the places whose text is a name and is kept on
 * purpose: names, namespaces and uids of objects, containers, variables, volumes, Secrets and their keys, keys of labels and
 * annotations, nodes, finalizers, owners, and RBAC's rules and subjects. Texts that are kept but may be free (image, reason,
 * phase, schedule, time zone, policies, field managers, audiences, labels) get their canary in the form of a credential.
 */
const CANARY = "c4narY9x7Q";
const value = fc.stringMatching(/^[a-z0-9]{0,6}$/).map((part) => `${CANARY}${part}`);
const formed = value.map((text) => `postgres://app:${text}@db.example.com/x`);
const text = fc.oneof(
  value,
  formed,
  value.map((word) => `--password=${word} ${word}`),
  value.map((word) => `{"token":"${word}","a":["${word}"]}`),
);
const name = fc.constantFrom("DB_PASSWORD", "HOST", "API_TOKEN", "STRIPE_KEY", "LOG_LEVEL", "backup", "config.yaml");
const time = fc.constant("2026-11-22T05:00:00Z");
const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: 3 });
const record = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc.record(model, { requiredKeys: [] });

const handler = record({
  exec: record({ command: list(text) }),
  httpGet: record({ path: text, host: text, httpHeaders: list(record({ name, value: text })) }),
});
const env = record({
  name,
  value: text,
  valueFrom: fc.option(record({ secretKeyRef: record({ name, key: name }) }), { freq: 4 }),
});
const container = record({
  name,
  image: formed,
  imagePullPolicy: formed,
  command: list(text),
  args: list(text),
  env: list(env),
  workingDir: text,
  livenessProbe: handler,
  startupProbe: handler,
  lifecycle: record({ preStop: handler, postStart: handler }),
  unknownField: text,
});
const annotations = fc.oneof(
  fc.dictionary(name, text),
  list(env).map((variables) => {
    const manifest = {
      kind: "Pod",
      metadata: { annotations: { a: CANARY } },
      spec: { containers: [{ env: variables, args: [CANARY] }] },
    };
    const secret = {
      kind: "Secret",
      metadata: { name: "s" },
      stringData: { k: CANARY },
      data: { x: Buffer.from(CANARY).toString("base64") },
    };
    return {
      "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ kind: "List", items: [manifest, secret] }),
    };
  }),
  text.map((note) => ({ "cronjob.kubernetes.io/instantiate": `postgres://u:${CANARY}@h`, note })),
);
const metadata = record({
  labels: fc.dictionary(fc.constantFrom("password", "api-token"), value),
  annotations,
  managedFields: list(
    record({ manager: formed, operation: formed, subresource: formed, time, fieldsV1: fc.dictionary(name, text) }),
  ),
  selfLink: text,
});
const podSpec = record({
  containers: list(container),
  initContainers: list(container),
  ephemeralContainers: list(container),
  restartPolicy: formed,
  volumes: list(
    record({
      name,
      projected: record({ sources: list(record({ serviceAccountToken: record({ audience: formed }) })) }),
      flexVolume: record({ options: fc.dictionary(name, text) }),
    }),
  ),
  hostname: text,
});
const template = record({ metadata: record({ annotations }), spec: podSpec });
const conditions = list(
  record({ type: formed, status: formed, reason: formed, message: text, lastTransitionTime: time }),
);
const terminated = record({
  terminated: record({ message: text, reason: formed, finishedAt: time }),
  waiting: record({ message: text }),
});
const status = record({
  phase: formed,
  reason: formed,
  message: text,
  conditions,
  containerStatuses: list(record({ name, imageID: formed, state: terminated, lastState: terminated })),
});
const jobSpec = record({ template, managedBy: formed });
const objects = {
  pods: record({ metadata, spec: podSpec, status }),
  jobs: record({ metadata, spec: jobSpec, status }),
  cronjobs: record({
    metadata,
    spec: record({
      schedule: formed,
      timeZone: formed,
      concurrencyPolicy: formed,
      jobTemplate: record({ metadata: record({ annotations }), spec: jobSpec }),
    }),
  }),
  secrets: record({
    metadata,
    data: fc.dictionary(
      name,
      value.map((raw) => Buffer.from(raw).toString("base64")),
    ),
    stringData: fc.dictionary(name, text),
  }),
};
const anyObject = fc.oneof(
  ...(Object.keys(objects) as (keyof typeof objects)[]).map((resource) =>
    objects[resource].map((raw) => {
      const { kind, group, version } = KINDS[resource];
      const named = { ...(raw as { metadata?: object }).metadata, name: "n", namespace: "ns", uid: "u" };
      return {
        resource,
        raw: { ...raw, kind, apiVersion: group === "" ? version : `${group}/${version}`, metadata: named },
      };
    }),
  ),
);

const encoded = Buffer.from(CANARY).toString("base64").slice(0, 12);
function expectClean(output: string): void {
  expect(output).not.toContain(CANARY);
  expect(output).not.toContain(encoded);
}

const options = { now: new Date(0), toolVersion: "test", fingerprintKey: null };
const read = (content: string): ReturnType<typeof readEvidence> =>
  readEvidence({ stream: Readable.from([Buffer.from(content)]), name: "dump" }, options);

describe("no value of an object", () => {
  test("is in its projection or in a note", async () => {
    const { context, notes } = await createContext("key");
    fc.assert(
      fc.property(anyObject, ({ resource, raw }) => {
        expectClean(JSON.stringify(KINDS[resource].project(raw, context)));
        expectClean([...notes].join());
      }),
      { numRuns: 1500 },
    );
  }, 60_000);

  test("is in a snapshot made of a dump, as JSON or as YAML", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyObject, { minLength: 1, maxLength: 3 }), async (items) => {
        const dump = { kind: "List", apiVersion: "v1", items: items.map(({ raw }) => raw) };
        expectClean(JSON.stringify(await read(JSON.stringify(dump))));
        expectClean(JSON.stringify(await read(stringify(dump))));
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  test("is in an error about a damaged dump", async () => {
    const damage = fc.constantFrom("", "}", '"', "\u0001", ": [", "\n---\n{");
    await fc.assert(
      fc.asyncProperty(anyObject, fc.nat(), damage, fc.boolean(), async ({ raw }, at, inserted, asYaml) => {
        const whole = asYaml ? stringify(raw) : JSON.stringify(raw);
        const cut = at % whole.length;
        const text = inserted === "" ? whole.slice(0, cut) : whole.slice(0, cut) + inserted + whole.slice(cut);
        const outcome = await read(text).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          expect(outcome.name).toBe("EvidenceError");
          expectClean(`${outcome.message} ${outcome.stack ?? ""} ${JSON.stringify(outcome)}`);
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe("malformed input", () => {
  test("never makes a projection throw", async () => {
    const { context } = await createContext("key");
    const keys = fc.constantFrom(
      ..."metadata spec status template jobTemplate containers env name value valueFrom secretKeyRef volumes projected sources command args annotations labels managedFields fieldsV1 f:spec f:containers rules subjects roleRef ownerReferences conditions containerStatuses state terminated message __proto__ constructor items secret".split(
        " ",
      ),
    );
    const json = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 9 },
        fc.constantFrom(null, true, 0, -1, 1e300, "", "x", "$(", "k:{", "{", "2026-11-22T05:00:00Z"),
        fc.string(),
        fc.array(tie("node"), { maxLength: 4 }),
        fc.dictionary(keys, tie("node"), { maxKeys: 6 }),
      ),
    })).node;
    fc.assert(
      fc.property(fc.constantFrom(...RESOURCES), json, (resource, raw) => {
        const object = KINDS[resource].project(raw as never, context);
        expect(object.kind).toBe(KINDS[resource].kind);
      }),
      { numRuns: 3000 },
    );
  }, 60_000);
});

describe("a name or key that is a credential", () => {
  const made = value.map((word) => `postgres://app:${word}@db`);
  const entry = made.map((called) => ({ name: called, value: "x".repeat(12) }));
  const referring = made.map((called) => ({ name: called, valueFrom: { secretKeyRef: { name: "s", key: called } } }));
  const mapped = made.map((called) => ({ name: called, valueFrom: { configMapKeyRef: { name: "s", key: called } } }));
  const keyed = fc.dictionary(made, fc.constant("hunter2-hunter2"), { minKeys: 1, maxKeys: 2 });
  const owned = made.map((called) => {
    const data = { [`f:${called}`]: {} };
    const volumes = { [`k:${JSON.stringify({ name: called })}`]: { "f:csi": { "f:volumeAttributes": data } } };
    const env = { [`k:${JSON.stringify({ name: called })}`]: { "f:value": {} } };
    const spec = {
      "f:containers": { 'k:{"name":"backup"}': { "f:env": env } },
      "f:volumes": volumes,
      "f:imagePullSecrets": { [`k:${JSON.stringify({ name: called })}`]: {} },
    };
    const template = { "f:metadata": { "f:annotations": data }, "f:spec": spec };
    return {
      "f:metadata": { "f:annotations": data },
      "f:data": data,
      "f:spec": { "f:jobTemplate": { "f:metadata": { "f:annotations": data }, "f:spec": { "f:template": template } } },
    };
  });
  const ownMeta = fc.record({ annotations: keyed, managedFields: list(fc.record({ fieldsV1: owned })) });
  const ownSpec = fc.record({
    containers: fc.tuple(fc.record({ name: fc.constant("backup"), env: list(fc.oneof(entry, referring, mapped)) })),
    volumes: list(
      made.chain((called) =>
        fc.oneof(
          fc.record({ name: fc.constant(called), csi: fc.record({ volumeAttributes: keyed }) }),
          fc.record({ name: fc.constant(called), flexVolume: fc.record({ options: keyed }) }),
          fc.constant({ name: called, secret: { secretName: "s", items: [{ key: called, path: "x" }] } }),
          fc.constant({ name: called, configMap: { name: "s", items: [{ key: called, path: "x" }] } }),
        ),
      ),
    ),
    imagePullSecrets: list(made.map((called) => ({ name: called }))),
  });
  const pods = fc.record({ metadata: ownMeta, spec: ownSpec });
  const cronjobs = fc.record({
    metadata: ownMeta,
    spec: fc.record({ jobTemplate: fc.record({ spec: fc.record({ template: pods }) }) }),
  });
  const configmaps = fc.record({ metadata: ownMeta, data: keyed });

  test("is in no field, no path and no name", async () => {
    const { context } = await createContext("key");
    const raw = fc.oneof(
      ...Object.entries({ pods, cronjobs, configmaps }).map(([resource, item]) =>
        (item as fc.Arbitrary<object>).map((one) => [resource, one] as const),
      ),
    );
    fc.assert(
      fc.property(raw, ([resource, one]) => {
        // The name of a pull Secret is that of an object, and kept.
        const shown = JSON.stringify(KINDS[resource as "pods"].project(one as never, context), (key, kept: unknown) =>
          key === "secret" ? "" : kept,
        );
        expectClean(shown);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  test("is dated like every other one", async () => {
    const { context } = await createContext("key");
    const called = `postgres://app:${CANARY}@db`;
    const managedFields = [
      {
        manager: "m",
        operation: "Update",
        time: "2026-11-22T05:00:00Z",
        fieldsV1: { "f:metadata": { "f:annotations": { [`f:${called}`]: {} } } },
      },
    ];
    const metadata = {
      name: "n",
      namespace: "ns",
      uid: "u",
      annotations: { [called]: "password=hunter2-x1" },
      managedFields,
    };
    const { annotationLiterals, meta } = KINDS.pods.project({ metadata, spec: {} }, context);
    expect(annotationLiterals.length).toBeGreaterThan(0);
    for (const { field } of annotationLiterals) expect(meta.managedFields[0]!.fields).toContain(field);
  });
});
