import { integerAt, objectAt, objectsAt, stringAt } from "../../evidence/json.ts";
import type { Api, Json } from "../../model/api.ts";
import { survivable } from "./fetch.ts";

/** One log that can be asked for while its pod exists. */
export interface LogSource {
  namespace: string;
  pod: string;
  uid: string;
  container: string;
  /** True for the run before the last restart. */
  previous: boolean;
  /** Credentials of the pod's own variables, which its containers may have printed. */
  credentials: ReadonlySet<string>;
}

/** Bytes of one log: so many of its beginning, and so many of its end. */
export const LOG_BYTES = 512 << 10;
const LAST_LINES = 1000;
/** Bytes of all logs of one bundle. */
export const ALL_LOG_BYTES = 256 << 20;

const LISTS = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"];

/** The logs that a pod's containers have written; one that never ran has none. */
export function logSources(raw: Json, credentials: ReadonlySet<string>): LogSource[] {
  const metadata = objectAt(raw, "metadata");
  const at = {
    namespace: stringAt(metadata, "namespace") ?? "",
    pod: stringAt(metadata, "name") ?? "",
    uid: stringAt(metadata, "uid") ?? "",
    credentials,
  };
  return LISTS.flatMap((list) => objectsAt(objectAt(raw, "status"), list)).flatMap(([status]): LogSource[] => {
    const container = stringAt(status, "name") ?? "";
    const state = objectAt(status, "state");
    const hasRun = objectAt(state, "terminated") !== null || objectAt(state, "running") !== null;
    const restarted = (integerAt(status, "restartCount") ?? 0) > 0;
    return [
      ...(hasRun ? [{ ...at, container, previous: false }] : []),
      ...(restarted ? [{ ...at, container, previous: true }] : []),
    ];
  });
}

/** Reads one log; a long one in two pieces. Throws only what ends every request. */
export async function readLog(
  api: Api,
  source: LogSource,
): Promise<{ text: string; cut: boolean } | { because: string }> {
  const ask = (bounds: Record<string, string>) => {
    const query = new URLSearchParams({ container: source.container, timestamps: "true", ...bounds });
    query.set("limitBytes", String(LOG_BYTES));
    if (source.previous) query.set("previous", "true");
    const pod = `/api/v1/namespaces/${encodeURIComponent(source.namespace)}/pods/${encodeURIComponent(source.pod)}`;
    return api.text(`${pod}/log?${query.toString()}`, LOG_BYTES);
  };
  try {
    const start = await ask({});
    // The node cuts by itself, and exactly there.
    if (!start.cut && Buffer.byteLength(start.text) < LOG_BYTES) return { text: start.text, cut: false };
    const end = await ask({ tailLines: String(LAST_LINES) });
    const middle = `\n--- what stands here was not read; the last ${String(LAST_LINES)} lines, or the first part of them: ---\n`;
    return { text: `${start.text}${middle}${end.text}`, cut: true };
  } catch (error) {
    return { because: survivable(error).reason };
  }
}
