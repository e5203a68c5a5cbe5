import type { ActorAnswer, ActorApi, ActorRequest } from "../model/api.ts";
import type { Connections } from "./dispatcher.ts";
import { ApiError } from "./errors.ts";
import type { Transport } from "./transport.ts";

/** The connection of somebody whose requests may be refused, which is what is to be seen. Changes are sent once. */
export class ActorConnection implements ActorApi {
  readonly #transport: Transport;
  readonly #connections: Connections;

  constructor(transport: Transport, connections: Connections) {
    this.#transport = transport;
    this.#connections = connections;
  }

  async send({ method, path, body, auditId }: ActorRequest): Promise<ActorAnswer> {
    try {
      const { status, value } = await this.#transport.exchange({
        method,
        path,
        headers: ["Audit-ID", auditId],
        ...(body === undefined ? {} : { body }),
        ...(method === "PATCH" ? { contentType: "application/merge-patch+json" } : {}),
        ...(method === "GET" ? {} : { once: true }),
      });
      return { status, reason: null, message: null, body: value };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const { status, message } = error;
      const reason = error.isGiven ? error.reason : null;
      // Of an answer that was accepted and could not be read nothing is known.
      return { status: status !== null && status < 300 ? null : status, reason, message, body: {} };
    }
  }

  close(): Promise<void> {
    return this.#connections.close();
  }
}
