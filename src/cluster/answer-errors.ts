import { ApiError } from "./errors.ts";

/** No whole answer came within the request timeout. */
export function timedOut(host: string, timeoutMs: number, inBody: boolean, answered: boolean): ApiError {
  const where = inBody ? "reading body" : "awaiting headers";
  return new ApiError({
    reason: "Timeout",
    message: `Unable to connect to the server: ${host}: no answer within ${timeoutMs / 1000}s (Client.Timeout exceeded while ${where})`,
    next: "Allow more time with --request-timeout, or ask for smaller pages with --chunk-size.",
    fatal: !answered,
  });
}

/** Success in name, but what came is no JSON object; what it was is not repeated. */
export function notJson(host: string, status: number, text: string, answered: boolean): ApiError {
  const cut = /^\s*[[{]/.test(text);
  return new ApiError({
    status,
    reason: "InvalidAnswer",
    message: `Server returned an unexpected response: ${
      cut ? `the JSON from ${host} is cut short or damaged` : `${host} did not answer with JSON`
    }`,
    next: cut
      ? "Try again; look for a proxy that cuts answers."
      : "Check that the address is that of an API server, not of a login page.",
    fatal: !answered,
  });
}

/** More bytes than one answer may have. */
export function tooLarge(bytes: number, status: number): ApiError {
  return new ApiError({
    status,
    reason: "RequestEntityTooLarge",
    message: `Server returned an unexpected response: more than ${Math.round(bytes / 1024 / 1024)} MiB in one answer`,
    next: "Ask for smaller pages with --chunk-size.",
  });
}

/** Whoever asked no longer wants the answer. */
export function abandoned(): ApiError {
  return new ApiError({
    reason: "Timeout",
    message: "the answer did not come in the time that was set for it",
    next: "Try again.",
  });
}

/** The user, or whoever holds the signal, ended the run. */
export function interrupted(): ApiError {
  return new ApiError({ reason: "Canceled", message: "error: interrupted", next: "Run it again.", fatal: true });
}
