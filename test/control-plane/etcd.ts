import type { EtcdAccess } from "./provider.ts";

/** etcd refuses more than 128 operations, or 1.5 MiB, in one transaction. */
const most = { operations: 120, bytes: 700_000 };

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

  async function transaction(puts: { key: string; value: string }[]): Promise<void> {
    if (puts.length > 0) await call("txn", { success: puts.map((requestPut) => ({ requestPut })) });
  }

  return {
    async get(key) {
      const { kvs } = (await call("range", { key: encode(key) })) as { kvs?: { value: string }[] };
      return kvs?.[0] === undefined ? null : JSON.parse(decode(kvs[0].value));
    },
    async put(key, value) {
      await call("put", { key: encode(key), value: encode(JSON.stringify(value)) });
    },
    async putMany(entries) {
      let puts: { key: string; value: string }[] = [];
      let bytes = 0;
      for (const { key, value } of entries) {
        const put = { key: encode(key), value: encode(JSON.stringify(value)) };
        if (puts.length === most.operations || bytes + put.value.length > most.bytes) {
          await transaction(puts);
          puts = [];
          bytes = 0;
        }
        puts.push(put);
        bytes += put.value.length;
      }
      await transaction(puts);
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
