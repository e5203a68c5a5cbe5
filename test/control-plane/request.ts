import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import type { Answer, RequestOptions } from "./provider.ts";

/** Longer than any answer of the API server takes; a request without an answer must not hang a test. */
const silence = 120_000;

/** Sends requests to one API server over kept connections, with `token` where the request names no other. */
export function requester(server: string, caFile: string, token: string) {
  let agent: Agent | undefined;

  async function send(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
    // The certificate exists only after the API server has made it.
    agent ??= new Agent({ keepAlive: true, maxSockets: 32, timeout: 60_000, ca: readFileSync(caFile) });
    const payload = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const headers: Record<string, string> = {
      accept: "application/json",
      authorization: `Bearer ${options.token ?? token}`,
      ...(payload === undefined ? {} : { "content-type": options.contentType ?? "application/json" }),
      ...options.headers,
    };
    const asked = request(new URL(path, server), { method, agent, headers });
    asked.setTimeout(silence, () => asked.destroy(new Error(`${method} ${path}: no answer in ${silence / 1000} s`)));
    return new Promise((resolve, reject) => {
      asked.once("error", reject);
      asked.once("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const json = response.headers["content-type"]?.includes("json") === true;
          const received = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
          resolve({
            status: response.statusCode ?? 0,
            body: json ? JSON.parse(text) : text,
            headers: Object.fromEntries(received) as Record<string, string>,
          });
        });
      });
      asked.end(payload);
    });
  }

  return { send, close: () => agent?.destroy() };
}
