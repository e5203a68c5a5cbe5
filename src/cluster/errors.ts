import type { ApiFailure } from "../model/api.ts";
import { printable } from "./printable.ts";

interface Details {
  message: string;
  /** What the user can do about it, as one or two sentences. */
  next: string;
  /** A Kubernetes Status reason where there is one, else a word of the same kind. */
  reason: string;
  /** The reason is one that a Kubernetes Status gave. */
  isGiven?: boolean;
  /** HTTP status; null where nothing answered. */
  status?: number | null;
  /** No other request can succeed either. */
  fatal?: boolean;
}

/**
 * A request that failed, or a connection that could not be made. `message` is kubectl's wording where it has one;
 * it is one printable text, and never holds a header, a token, or the body of an answer.
 */
export class ApiError extends Error implements ApiFailure {
  override readonly name = "ApiError";
  readonly status: number | null;
  readonly reason: string;
  /** True where a Status gave the reason: a gateway's 403 has one that was made up here. */
  readonly isGiven: boolean;
  readonly next: string;
  readonly fatal: boolean;

  constructor(details: Details) {
    super(printable(details.message));
    this.status = details.status ?? null;
    this.reason = printable(details.reason, 100);
    this.isGiven = details.isGiven ?? false;
    this.next = printable(details.next);
    this.fatal = details.fatal ?? false;
  }
}

/** A kubeconfig, flag or credential that cannot be used, in kubectl's wording; always fatal. */
export function configurationError(message: string, next: string, reason = "InvalidConfiguration"): ApiError {
  return new ApiError({ message: `error: ${message}`, next, reason, fatal: true });
}
