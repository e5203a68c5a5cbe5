import type { Json } from "../model/api.ts";

/** One request. It is sent again after a failure that may pass, unless it is to be sent `once`: other posts are reviews, which store nothing. */
export interface Request {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the root of the API, with its query. */
  path: string;
  accept?: string;
  body?: Json;
  /** Sent again only where the server said that it did nothing (429, 401): after anything else it may have acted. */
  once?: boolean;
  /** Of the body, where it is no plain JSON. */
  contentType?: string;
  /** Of this request alone, names and values in turn. */
  headers?: readonly string[];
  /** Ends this request alone, with an ApiError that is not fatal. */
  signal?: AbortSignal;
}
