import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Dispatcher } from "undici";
import type { Json, Text } from "../model/api.ts";
import { abandoned, interrupted, notJson, timedOut, tooLarge } from "./answer-errors.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import { BodyTooLarge, readBody, readStart } from "./body.ts";
import { certificateNote } from "./client-certificate.ts";
import type { Connections } from "./dispatcher.ts";
import { ApiError } from "./errors.ts";
import { isReset, networkError } from "./network-error.ts";
import type { Limits } from "./options.ts";
import type { Request } from "./request.ts";
import type { RequestLog } from "./request-log.ts";
import { type Attempt, nextWait, type Outcome, retryAfter, sleep } from "./retry.ts";
import { statusError } from "./status.ts";

export type { Request };

/** What a transport is made from. */
export interface Setup {
  server: string;
  connections: Connections;
  authenticator: Authenticator;
  /** Sent with every request; names and values in turn. */
  headers: string[];
  /** The Audit-ID of a request that brings none; absent: the server makes one up. */
  auditId?: (() => string) | undefined;
  proxy: string | null;
  /** Whether the server may send gzip. */
  compress: boolean;
  requestTimeoutMs: number;
  limits: Limits;
  log: RequestLog;
  signal: AbortSignal;
}

/** The longest a timer can be set for. */
const LONGEST_MS = 2 ** 31 - 1;

type Answer<T> = { value: T; status: number } | { status: number; retryAfterMs: number | null; error: ApiError };

/** What an answer is read as. */
interface Form<T> {
  body(stream: Readable, encoding: string | undefined): Promise<Text>;
  /** Null: not what was asked for. */
  valueOf(text: Text): T | null;
}

const JSON_OR_ANY = "application/json, */*";

/** Sends requests and reads JSON or text. Every failure is an ApiError; time, size and number of tries are bounded. */
export class Transport {
  readonly #setup: Setup;
  readonly #host: string;
  #answered = false;
  #skewMs: number | null = null;

  constructor(setup: Setup) {
    this.#setup = setup;
    this.#host = new URL(setup.server).host;
  }

  /** Server's clock minus ours in milliseconds, within about half a second; null before the first answer. */
  get skewMs(): number | null {
    return this.#skewMs;
  }

  async send(request: Request): Promise<Json> {
    return (await this.exchange(request)).value;
  }

  /** The same with the status of the answer, one of 2xx. */
  async exchange(request: Request): Promise<{ status: number; value: Json }> {
    const { bodyBytes } = this.#setup.limits;
    const body: Form<Json>["body"] = async (stream, encoding) => ({
      text: await readBody(stream, encoding, bodyBytes),
      cut: false,
    });
    return this.#send(request, { body, valueOf: ({ text }) => parse(text) });
  }

  /** Reads text such as a log, at most so many bytes of it. */
  async text(path: string, maxBytes: number): Promise<Text> {
    const body: Form<Text>["body"] = (stream, encoding) => readStart(stream, encoding, maxBytes);
    return (await this.#send({ method: "GET", path, accept: JSON_OR_ANY }, { body, valueOf: (text) => text })).value;
  }

  async #send<T>(request: Request, form: Form<T>): Promise<{ status: number; value: T }> {
    const { limits, log, authenticator } = this.#setup;
    const attempt: Attempt = { tries: 0, resets: 0, waitedMs: 0 };
    let renewed = false;
    for (;;) {
      attempt.tries += 1;
      const answer = await this.#try(request, form);
      if ("value" in answer) return answer;
      if (answer.status === 401 && !renewed) {
        renewed = true;
        if (await authenticator.renew()) continue;
      }
      const outcome: Outcome = answer.status === 0 ? "reset" : answer;
      if (outcome === "reset") attempt.resets += 1;
      const mayHaveActed = request.once === true && (outcome === "reset" || outcome.status !== 429);
      const wait = mayHaveActed ? null : nextWait(attempt, outcome, limits);
      if (wait === null) throw answer.error;
      log.retry(wait, answer.error.reason);
      attempt.waitedMs += wait;
      await sleep(wait, this.#signalOf(request)).catch(() => {
        throw this.#stopped(request)!;
      });
    }
  }

  /**
   * The bytes of an answer as they come, none of them when its head is there; after one try, and without a deadline: a
   * watch lasts as long as the request's signal and the server let it.
   */
  async *stream(request: Request): AsyncGenerator<Buffer, void, undefined> {
    const { connections, authenticator, limits } = this.#setup;
    const signal = this.#signalOf(request);
    const progress = { inBody: false };
    try {
      const { authorization, certificate } = await authenticator.credentials();
      const dispatcher = await connections.dispatcher(certificate);
      signal.throwIfAborted();
      const response = await this.#open(request, dispatcher, authorization, signal, progress);
      const { statusCode, body, headers } = response;
      if (statusCode < 200 || statusCode > 299) {
        const text = await readBody(body, single(headers["content-encoding"]), limits.bodyBytes);
        throw statusError(statusCode, parse(text), certificateNote(connections.clientCertificate, Date.now()));
      }
      yield Buffer.alloc(0);
      for await (const chunk of body as AsyncIterable<Buffer>) yield chunk;
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw this.#stopped(request) ?? networkError(error, this.#circumstances(progress.inBody));
    }
  }

  #signalOf(request: Request): AbortSignal {
    const { signal } = this.#setup;
    return request.signal === undefined ? signal : AbortSignal.any([signal, request.signal]);
  }

  /** Why a request was stopped from this side; null where it was not. */
  #stopped(request: Request): ApiError | null {
    if (this.#setup.signal.aborted) return interrupted();
    return request.signal?.aborted === true ? abandoned() : null;
  }

  /** Status 0 is a connection that broke, which may be tried again; every other failure is thrown. */
  async #try<T>(request: Request, form: Form<T>): Promise<Answer<T>> {
    const { connections, authenticator, requestTimeoutMs } = this.#setup;
    const signal = this.#signalOf(request);
    const { authorization, certificate } = await authenticator.credentials().catch((error: unknown) => {
      throw this.#stopped(request) ?? error;
    });
    const dispatcher = await connections.dispatcher(certificate);
    if (signal.aborted) throw this.#stopped(request)!;

    const deadline = new AbortController();
    const stop = (): void => deadline.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    const late = setTimeout(
      () => deadline.abort(),
      requestTimeoutMs === 0 ? LONGEST_MS : Math.min(requestTimeoutMs, LONGEST_MS),
    );
    const progress = { inBody: false };
    try {
      return await this.#exchange(request, form, dispatcher, authorization, deadline.signal, progress);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      if (signal.aborted) throw this.#stopped(request)!;
      if (deadline.signal.aborted) throw timedOut(this.#host, requestTimeoutMs, progress.inBody, this.#answered);
      const cause = isReset(error) ? (connections.takeAlert() ?? error) : error;
      const failure = networkError(cause, this.#circumstances(progress.inBody));
      if (isReset(cause)) return { status: 0, retryAfterMs: null, error: failure };
      throw failure;
    } finally {
      clearTimeout(late);
      signal.removeEventListener("abort", stop);
    }
  }

  async #exchange<T>(
    request: Request,
    form: Form<T>,
    dispatcher: Dispatcher,
    authorization: string | null,
    signal: AbortSignal,
    progress: { inBody: boolean },
  ): Promise<Answer<T>> {
    const { limits, connections } = this.#setup;
    const response = await this.#open(request, dispatcher, authorization, signal, progress);
    const text = await form
      .body(response.body, single(response.headers["content-encoding"]))
      .catch((error: unknown) => {
        throw error instanceof BodyTooLarge ? tooLarge(limits.bodyBytes, response.statusCode) : error;
      });
    // undici counts a connection as free one turn after its answer has ended; asked sooner, it opens a second one.
    await setImmediate();
    if (response.statusCode >= 200 && response.statusCode < 300) {
      const value = form.valueOf(text);
      if (value === null) {
        const error = notJson(this.#host, response.statusCode, text.text, this.#answered);
        return { status: 0, retryAfterMs: null, error };
      }
      this.#answered = true;
      return { value, status: response.statusCode };
    }
    const json = parse(text.text);
    this.#answered ||= json?.["kind"] === "Status";
    const note = response.statusCode === 401 ? certificateNote(connections.clientCertificate, Date.now()) : null;
    return {
      status: response.statusCode,
      retryAfterMs: retryAfter(single(response.headers["retry-after"]), Date.now()),
      error: statusError(response.statusCode, json, note),
    };
  }

  /** Sends a request and has the head of its answer. */
  async #open(
    request: Request,
    dispatcher: Dispatcher,
    authorization: string | null,
    signal: AbortSignal,
    progress: { inBody: boolean },
  ): Promise<Dispatcher.ResponseData> {
    const { server, log } = this.#setup;
    const url = new URL(`${server}${request.path}`);
    const sent = { method: request.method, url: url.href, headers: this.#headers(request, authorization) };
    log.request(sent);
    const started = performance.now();
    const response = await dispatcher
      .request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: sent.headers,
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        // Our own deadline is over both; without one, none is wanted.
        headersTimeout: 0,
        bodyTimeout: 0,
        // Of itself undici closes the connection after a DELETE that has a body, and the next one begins with a handshake.
        reset: false,
        signal,
      })
      .catch((error: unknown) => {
        log.answer(sent, "failed", performance.now() - started, {});
        throw error;
      });
    progress.inBody = true;
    this.#noteClock(single(response.headers["date"]));
    log.answer(sent, `${response.statusCode} ${response.statusText}`, performance.now() - started, response.headers);
    return response;
  }

  #headers(request: Request, authorization: string | null): string[] {
    return [
      "Accept",
      request.accept ?? "application/json",
      ...(this.#setup.compress ? ["Accept-Encoding", "gzip"] : []),
      ...(request.body === undefined ? [] : ["Content-Type", request.contentType ?? "application/json"]),
      ...this.#setup.headers,
      ...(request.headers ?? this.#auditId()),
      ...(authorization === null ? [] : ["Authorization", authorization]),
    ];
  }

  /** The server takes it as it is (apiserver endpoints/filters/audit_init.go). */
  #auditId(): string[] {
    const { auditId } = this.#setup;
    return auditId === undefined ? [] : ["Audit-ID", auditId()];
  }

  #noteClock(date: string | undefined): void {
    const server = date === undefined ? Number.NaN : Date.parse(date);
    // The header counts whole seconds, so the middle of its second is the best guess.
    if (!Number.isNaN(server)) this.#skewMs = server + 500 - Date.now();
  }

  #circumstances(inBody: boolean) {
    const { proxy } = this.#setup;
    return { host: this.#host, answered: this.#answered, inBody, proxy: proxy && new URL(proxy).host };
  }
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}
