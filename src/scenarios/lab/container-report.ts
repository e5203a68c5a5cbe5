import { asObject, objectAt, objectsAt, stringAt } from "../../evidence/json.ts";
import type { Json } from "../../model/api.ts";

/** What the first container of a pod said last: its termination message; null where it has not ended. */
export function lastWordsOf(pod: Json): { exitCode: number | null; message: string } | null {
  const [status] = objectsAt(objectAt(pod, "status"), "containerStatuses")[0] ?? [];
  const ended = objectAt(objectAt(status, "state"), "terminated");
  if (ended === null) return null;
  const { exitCode } = ended;
  return { exitCode: typeof exitCode === "number" ? exitCode : null, message: stringAt(ended, "message") ?? "" };
}

/** The JSON objects of a report, one a line; lines that are none are left out, as a message is cut at 4096 bytes. */
export function reportLines(message: string): Json[] {
  return message
    .split("\n")
    .map(objectIn)
    .filter((line) => line !== null);
}

function objectIn(line: string): Json | null {
  try {
    return asObject(JSON.parse(line));
  } catch {
    return null;
  }
}

/** apimachinery metav1 StatusReason. */
const STATUS = new Map([
  ["BadRequest", 400],
  ["Unauthorized", 401],
  ["Forbidden", 403],
  ["NotFound", 404],
  ["AlreadyExists", 409],
  ["Conflict", 409],
  ["Invalid", 422],
]);

/** The HTTP status behind what kubectl says of a failure, `Error from server (Forbidden)`; null where no answer of the server is named. */
export function statusBehind(exitCode: number | null, reason: string): number | null {
  return exitCode === 0 ? 200 : (STATUS.get(reason) ?? null);
}
