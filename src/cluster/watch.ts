import type { Json, WatchEvent, WatchOptions } from "../model/api.ts";
import { abandoned, notJson, tooLarge } from "./answer-errors.ts";
import type { Limits } from "./options.ts";
import { statusError } from "./status.ts";
import type { Transport } from "./transport.ts";

/** What happened long ago is sent at once; after a pause as long as this, only what happens now would follow. */
const QUIET_MS = 250;
/** How much longer than it was told a server may keep a watch open. */
const GRACE_MS = 1000;

/**
 * The events of a watch until the past has come: to `until` and then nothing for a moment, or until the server ends it.
 * Throws ApiError for an ERROR event (410: `from` is forgotten), for what is no event, for more bytes than one answer
 * may have, when the time is over, and for a connection that breaks; events before that have been given by then.
 */
export async function* watchEvents(
  transport: Transport,
  path: string,
  options: WatchOptions,
  limits: Limits,
): AsyncGenerator<WatchEvent, void, undefined> {
  const over = new AbortController();
  const signal = options.signal === undefined ? over.signal : AbortSignal.any([over.signal, options.signal]);
  const { from, until, seconds } = options;
  const query = new URLSearchParams({ watch: "true", resourceVersion: from, timeoutSeconds: String(seconds) });
  const chunks = transport.stream({ method: "GET", path: `${path}?${query.toString()}`, signal });
  const end = setTimeout(() => over.abort(), seconds * 1000 + GRACE_MS);
  let quiet: NodeJS.Timeout | undefined;
  let isQuiet = false;
  const stop = (): void => {
    isQuiet = true;
    over.abort();
  };
  let caughtUp = Number(from) >= until;
  try {
    for await (const line of lines(chunks, limits)) {
      clearTimeout(quiet);
      if (line !== null) {
        const event = eventOf(line);
        yield event;
        caughtUp ||= versionOf(event.object) >= until;
      }
      if (caughtUp) quiet = setTimeout(stop, QUIET_MS);
    }
  } catch (error) {
    if (!isQuiet) throw over.signal.aborted ? abandoned() : error;
  } finally {
    clearTimeout(end);
    clearTimeout(quiet);
    over.abort();
  }
}

/** Lines of an answer, and null where it begins: there may be nothing to say. */
async function* lines(chunks: AsyncIterable<Buffer>, limits: Limits): AsyncGenerator<string | null> {
  let bytes = 0;
  let begun: Buffer[] = [];
  for await (const chunk of chunks) {
    if (chunk.length === 0) yield null;
    bytes += chunk.length;
    if (bytes > limits.bodyBytes) throw tooLarge(limits.bodyBytes, 200);
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...begun, chunk.subarray(start, end)]).toString("utf8");
      begun = [];
      start = end + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  }
  if (begun.length > 0) throw notJson("the server", 200, "{", true);
}

function eventOf(line: string): WatchEvent {
  const event = parse(line);
  const { type, object } = event ?? {};
  if (typeof type !== "string" || !isObject(object)) throw notJson("the server", 200, line, true);
  if (type !== "ERROR") return { type, object };
  throw statusError(typeof object["code"] === "number" ? object["code"] : 500, object, null);
}

function parse(line: string): Json | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function versionOf(object: Json): number {
  const { resourceVersion } = (object["metadata"] ?? {}) as { resourceVersion?: unknown };
  return typeof resourceVersion === "string" ? Number(resourceVersion) : Number.NaN;
}
