import { configurationError } from "../errors.ts";

/** The header for a bearer token. Throws ApiError, which does not show it, where no header could carry it. */
export function bearer(token: string): string {
  const trimmed = token.trim();
  if (!/^[\x21-\x7e]+$/.test(trimmed)) {
    throw configurationError(
      "the bearer token holds characters that no request can carry",
      "Check the token for line breaks and spaces.",
    );
  }
  return `Bearer ${trimmed}`;
}

/** The header for a user name and password. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
