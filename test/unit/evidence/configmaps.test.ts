import { describe, expect, test } from "vitest";
import { createContext } from "../../../src/evidence/context.ts";
import { configmaps } from "../../../src/evidence/kinds/configmaps.ts";
import { pods } from "../../../src/evidence/kinds/pods.ts";
import type { ConfigMap } from "../../../src/model/snapshot.ts";
import type { Json } from "../../../src/model/api.ts";
import { podWith } from "./projected.ts";

const APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** A ConfigMap as it is projected after pods with these variables. */
async function read(raw: object, env: object[] = [], meta: object = {}): Promise<ConfigMap> {
  const { context } = await createContext("test");
  const pod = pods.project(podWith({ env }), context);
  context.variables.learn({ pods: [pod], jobs: [], cronjobs: [] });
  return configmaps.project({ metadata: { name: "app", namespace: "database", uid: "c1", ...meta }, ...raw }, context);
}

const variable = (name: string, key: string): Json => ({
  name,
  valueFrom: { configMapKeyRef: { name: "app", key } },
});
const shown = ({ literals }: ConfigMap): string[] =>
  literals.map(({ path, name, confidence }) => `${path} ${name} ${confidence}`);

describe("a ConfigMap's credentials", () => {
  test("are told by the key, by the form of the value, and inside of files", async () => {
    const data = {
      "db.password": "hunter2-long",
      url: "postgres://app:hunter2-long@db/orders",
      "app.properties": "host=db\nspring.datasource.password=hunter2-long\n",
      host: "db.example.com",
    };
    expect(shown(await read({ data }))).toEqual([
      "data[app.properties] spring.datasource.password certain",
      "data[db.password] db.password likely",
      "data[url] url certain",
    ]);
  });

  test("are told by the variable that a container gets the key as, which names them", async () => {
    const data = { orders: "hunter2-long", other: "hunter2-long" };
    expect(shown(await read({ data }))).toEqual([]);
    expect(shown(await read({ data }, [variable("DB_PASSWORD", "orders")]))).toEqual([
      "data[orders] DB_PASSWORD likely",
    ]);
    expect(shown(await read({ data }, [variable("DB_HOST", "orders")]))).toEqual([]);
    expect(shown(await read({ data }, [variable("DB_PASSWORD", "orders")], { namespace: "other" }))).toEqual([]);
  });

  test("of two names the surer one counts, of two sure ones the first", async () => {
    const env = [variable("Z_PASSWORD", "v"), variable("A_PASSWORD", "v"), variable("B_NOTE", "v")];
    expect(shown(await read({ data: { v: "hunter2-long" } }, env))).toEqual(["data[v] A_PASSWORD likely"]);
    expect(shown(await read({ data: { password: "hunter2-long" } }, [variable("NOTE", "password")]))).toEqual([
      "data[password] password likely",
    ]);
  });

  test("stand in binaryData where it is text", async () => {
    const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString("base64");
    const binaryData = {
      config: base64("password=hunter2-long"),
      "password-store": base64(Buffer.from([0, 1, 2, 0xff, 0xfe])),
      password: base64("x9".repeat(600_000)),
    };
    expect(shown(await read({ binaryData }))).toEqual(["binaryData[config] config likely"]);
  });

  test("stand in the copy that kubectl apply keeps, also when the data have changed since", async () => {
    const manifest = { kind: "ConfigMap", metadata: { name: "app" }, data: { orders: "an-older-one1" } };
    const annotations = { [APPLIED]: JSON.stringify(manifest), "example.com/other-password": "hunter2-long" };
    const object = await read({ data: { orders: "hunter2-long" } }, [variable("DB_PASSWORD", "orders")], {
      annotations,
    });
    expect(object.literals.map(({ path, field, name }) => [path, field, name])).toEqual([
      ["data[orders]", "data[orders]", "DB_PASSWORD"],
      [`metadata.annotations[${APPLIED}].data[orders]`, `metadata.annotations[${APPLIED}]`, "DB_PASSWORD"],
    ]);
    expect(new Set(object.literals.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    expect(JSON.stringify(object)).not.toMatch(/hunter2|older/);
  });

  test("are dated by the managers of their keys", async () => {
    const fieldsV1 = { "f:data": { ".": {}, "f:orders": {}, "f:db.host": {} }, "f:binaryData": { "f:x": {} } };
    const managedFields = [{ manager: "m", operation: "Update", time: "2026-11-01T00:00:00Z", fieldsV1 }];
    const { meta } = await read({ data: { password: "hunter2-long" } }, [], { managedFields });
    expect(meta.managedFields[0]?.fields).toEqual(["binaryData[x]", "data[db.host]", "data[orders]"]);
  });
});

test("a ConfigMap without any is not kept", async () => {
  expect(configmaps.keeps!(await read({ data: { host: "db" } }))).toBe(false);
  expect(configmaps.keeps!(await read({ data: { password: "hunter2-long" } }))).toBe(true);
});
