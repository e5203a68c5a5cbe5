import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import type { ControlPlane } from "../../control-plane/provider.ts";

/** One request as an account sends it. */
export interface Sent {
  method: string;
  path: string;
  body?: unknown;
  contentType?: string;
  accept?: string;
}

/** What came back, whole or until the sender had seen enough. */
export interface Said {
  /** 0 where nothing came. */
  status: number;
  text: string;
}

/** A watch need not end; what it has to say of objects that are there it says at once. */
const WATCHED_MS = 2500;

/** Longer than any other answer takes: many pods are deleted one by one, and a proxied connection may lead nowhere. */
const PATIENCE_MS = 30_000;

/** Sends requests with one account's token, and keeps the text of the answers, refusals as well. */
export function sender(plane: ControlPlane): { send: typeof send; close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 32, ca: readFileSync(plane.caFile) });

  /** Ends the answer as soon as it `holds` what is looked for, or after a while. */
  async function send(token: string, sent: Sent, holds: (text: string) => boolean): Promise<Said> {
    const { method, path, body, contentType = "application/json", accept = "application/json" } = sent;
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      accept,
      authorization: `Bearer ${token}`,
      // Without its length, Node sends the body of a DELETE as if it were the next request.
      ...(payload === undefined ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(payload) }),
    };
    const watched = method === "GET" && path.includes("watch");
    return new Promise((resolve) => {
      const said: Said = { status: 0, text: "" };
      const asked = request(new URL(path, plane.server), { method, headers, agent });
      const end = () => {
        clearTimeout(impatient);
        resolve(said);
        asked.destroy();
      };
      const impatient = setTimeout(end, watched ? WATCHED_MS : PATIENCE_MS);
      asked.on("error", end);
      asked.once("response", (response) => {
        said.status = response.statusCode ?? 0;
        response.on("error", end).on("data", (chunk: Buffer) => {
          said.text += chunk.toString("latin1");
          if (watched && holds(said.text)) end();
        });
        response.once("end", () => {
          clearTimeout(impatient);
          resolve(said);
        });
      });
      asked.end(payload);
    });
  }

  return { send, close: () => agent.destroy() };
}
