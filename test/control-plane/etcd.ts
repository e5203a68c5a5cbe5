import type { EtcdAccess } from "./provider.ts";

/** So many puts are under way at once. */
const WRITERS = 32;

const encode = (text: string) => Buffer.from(text, "utf8").toString("base64");
const decode = (text: string) => Buffer.from(text, "base64").toString("utf8");

/** The first key after all that begin with `prefix`. */
function endOf(prefix: string): string {
  const bytes = Buffer.from(prefix, "utf8");
  bytes[bytes.length - 1]! += 1;
  return bytes.toString("base64");
}

/** etcd's v3 API in JSON, on its client port; keys are `/registry/RESOURCE/NAMESPACE/NAME`. */
export function etcdAccess(port: number): EtcdAccess {
  async function call(what: string, body: unknown): Promise<Record<string, unknown>> {
    const url = `http://127.0.0.1:${port}/v3/kv/${what}`;
    const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`etcd ${what}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  }

  async function put(key: string, value: unknown): Promise<void> {
    await call("put", { key: encode(key), value: encode(JSON.stringify(value)) });
  }

  return {
    async get(key) {
      const { kvs } = (await call("range", { key: encode(key) })) as { kvs?: { value: string }[] };
      return kvs?.[0] === undefined ? null : JSON.parse(decode(kvs[0].value));
    },
    put,
    async putMany(entries) {
      const rest = entries[Symbol.iterator]();
      const left = { [Symbol.iterator]: () => ({ next: () => rest.next() }) };
      const writer = async (): Promise<void> => {
        for (const { key, value } of left) await put(key, value);
      };
      await Promise.all(Array.from({ length: WRITERS }, writer));
    },
    async delete(key) {
      await call("deleterange", { key: encode(key) });
    },
    async deletePrefix(prefix) {
      await call("deleterange", { key: encode(prefix), range_end: endOf(prefix) });
    },
    async compact() {
      const { header } = (await call("range", { key: encode("/") })) as { header: { revision: string } };
      await call("compaction", { revision: header.revision, physical: true });
    },
  };
}
