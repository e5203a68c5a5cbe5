import type { Collection, Work } from "./collection.ts";
import { ahead } from "./fetch.ts";
import { segment } from "./format.ts";
import { ALL_LOG_BYTES, LOG_BYTES, readLog } from "./logs.ts";
import { maskOutput } from "./mask-text.ts";

/** Writes the logs of the pods that are in the bundle, within bounds; what was not read, or not wholly, is a gap. */
export async function writeLogs(collection: Collection, work: Work): Promise<void> {
  const { logs, names, gaps } = collection;
  const unread = new Map<string, number>();
  let [bytes, done, cut] = [0, 0, 0];
  const isFull = (): boolean => bytes >= ALL_LOG_BYTES;
  const read = ahead(logs, (source) => (isFull() ? Promise.resolve({ because: BOUND }) : readLog(work.api, source)));
  for await (const [source, log] of read) {
    work.step(`evidence: ${String(++done)} of ${String(logs.length)} logs`, done / logs.length);
    if ("because" in log || isFull()) {
      const because = "because" in log ? log.because : BOUND;
      unread.set(because, (unread.get(because) ?? 0) + 1);
      continue;
    }
    bytes += Buffer.byteLength(log.text);
    cut += log.cut ? 1 : 0;
    const file = `${source.container}${source.previous ? ".previous" : ""}.log`;
    const path = ["logs", source.namespace, `${source.pod}.${source.uid}`, file].map(segment).join("/");
    const masked = maskOutput(log.text, { mask: work.mask, names, credentials: source.credentials });
    await collection.put(path, masked, () => log.text);
  }
  if (cut > 0)
    gaps.push(
      `${String(cut)} logs are longer than ${String(LOG_BYTES)} bytes: only their beginning and their end were read`,
    );
  for (const [because, count] of unread) gaps.push(`${String(count)} logs were not read: ${because}`);
}

const BOUND = `all logs together are bounded by ${String(ALL_LOG_BYTES)} bytes`;
