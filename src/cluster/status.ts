import type { Json } from "../model/api.ts";
import { ApiError } from "./errors.ts";

/** Reasons that Kubernetes gives these statuses; a gateway in between gives none (apimachinery api/errors NewGenericServerResponse). */
const REASONS: Record<number, string> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  406: "NotAcceptable",
  409: "Conflict",
  410: "Expired",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

const GENERIC: Record<number, string> = {
  400: "the server rejected our request for an unknown reason",
  401: "the server has asked for the client to provide credentials",
  403: "the server does not allow this",
  404: "the server could not find the requested resource",
  406: "the server was unable to respond with a content type that the client supports",
  410: "the continue token is too old: the list must begin again",
  429: "the server has received too many requests and has asked us to try again later",
  503: "the server is currently unable to handle the request",
  504: "the server was unable to return a response in the time allotted",
};

const NEXT: Record<string, string> = {
  BadRequest: "Check the server's address: it may want https:// in front.",
  Forbidden: "Ask for the right that the message names, narrow the scope with -n, or act as somebody else with --as.",
  NotFound: "Check the name, and that this server's version serves it.",
  NotAcceptable: "This server cannot send metadata alone; leave --list-secrets out.",
  TooManyRequests: "Wait a little and try again, or ask for smaller pages with --chunk-size.",
  Expired: "Try again with larger pages (--chunk-size), so that the list ends before the server forgets its state.",
  Timeout: "Ask for smaller pages with --chunk-size.",
};

/**
 * The error for an answer outside 2xx, worded as kubectl words it (pkg/cmd/util/helpers.go StandardErrorMessage). Only
 * a Kubernetes Status is quoted; the body of anything else, which may hold anything, is not.
 */
export function statusError(status: number, body: Json | null, certificateNote: string | null): ApiError {
  const kubernetes = body !== null && body["kind"] === "Status";
  const said = kubernetes && typeof body["message"] === "string" ? body["message"] : "";
  const given = kubernetes && typeof body["reason"] === "string" ? body["reason"] : "";
  const reason = given || (REASONS[status] ?? `HTTP ${status}`);
  const isGiven = given !== "";
  const message =
    said || (GENERIC[status] ?? `an error on the server has prevented the request from succeeding (HTTP ${status})`);

  if (status === 401) {
    return new ApiError({
      ...{ status, reason, isGiven },
      message: `error: You must be logged in to the server (${said || GENERIC[401]})`,
      next: certificateNote ?? "Sign in again, or choose other credentials with --context, --user or --token.",
      fatal: true,
    });
  }
  // Without the right to impersonate a user, each and every request is refused; `impersonate-on:…` is about one resource.
  const denied = status === 403 ? / cannot (impersonate(?:-on:\S+)?) resource /.exec(message) : null;
  return new ApiError({
    ...{ status, reason, isGiven },
    message: `Error from server (${reason}): ${message}`,
    next: denied
      ? "Ask for the right to impersonate, or leave --as, --as-group and --as-uid out."
      : (NEXT[reason] ?? "Try again; if it goes on, look into the API server's log."),
    fatal: denied?.[1] === "impersonate",
  });
}
