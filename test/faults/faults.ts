import { gzipSync } from "node:zlib";
import { answer, pod, status } from "./honest.ts";
import type { Handler } from "./server.ts";

/** A handler for each way in which a server, or what stands before it, lies or breaks. */
export const unauthorized: Handler = (_, response) => status(response, 401, "Unauthorized", "Unauthorized");

export const forbidden: Handler = (_, response) =>
  status(response, 403, "Forbidden", 'pods is forbidden: User "alice" cannot list resource "pods" in API group ""');

export const notFound: Handler = (_, response) =>
  status(response, 404, "NotFound", "the server could not find the requested resource");

export const conflict: Handler = (_, response) =>
  status(response, 409, "Conflict", 'Operation cannot be fulfilled on pods "a": the object has been modified');

export const serverError: Handler = (_, response) =>
  status(response, 500, "InternalError", "Internal error occurred: etcd is on fire");

/** A gateway's own page, which has nothing to do with Kubernetes and may hold anything. */
export const gatewayPage: Handler = (_, response) => {
  response.writeHead(502, { "Content-Type": "text/html" }).end("<html>session=canary-in-a-page</html>");
};

export const loginPage: Handler = (_, response) => {
  response.writeHead(200, { "Content-Type": "text/html" }).end("<html>please sign in: canary-in-a-page</html>");
};

/** Too many requests, for the first `times`; Retry-After in seconds or as a date where given. */
export function tooMany(times: number, then: Handler, after?: string): Handler {
  let count = 0;
  return (request, response) => {
    count += 1;
    if (count > times) return then(request, response);
    status(response, 429, "TooManyRequests", "too many", after === undefined ? {} : { "Retry-After": after });
  };
}

/** Pods in pages, by continue tokens that count; `expireAt` answers 410 there, the first `times` it is asked. */
export function pages(total: number, { expireAt = -1, times = Infinity } = {}): Handler {
  let expired = 0;
  return (request, response) => {
    const query = new URL(request.url ?? "/", "https://127.0.0.1").searchParams;
    const start = Number(query.get("continue") ?? 0);
    if (start === expireAt && expired < times) {
      expired += 1;
      return status(response, 410, "Expired", "The provided continue parameter is too old");
    }
    const end = Math.min(total, start + Number(query.get("limit") ?? total));
    const items = Array.from({ length: end - start }, (_, index) => pod(start + index));
    const metadata = { resourceVersion: "99", ...(end < total ? { continue: String(end) } : {}) };
    answer(response, 200, { kind: "PodList", apiVersion: "v1", metadata, items });
  };
}

/** A list whose last page never comes. */
export function endlessList(kind: "same token" | "same objects" | "nothing new" | "ever new"): Handler {
  let page = 0;
  return (_, response) => {
    page += 1;
    const items = kind === "nothing new" ? [] : [pod(kind === "same objects" ? 0 : page)];
    const metadata = { resourceVersion: "99", continue: kind === "same token" ? "again" : `token-${page}` };
    answer(response, 200, { kind: "PodList", apiVersion: "v1", metadata, items });
  };
}

/** Closes the connection in the middle of an answer, the first `times` it is asked. */
export function resetMidBody(times: number, then: Handler): Handler {
  let count = 0;
  return (request, response) => {
    count += 1;
    if (count > times) return then(request, response);
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "100000" });
    response.write('{"kind":"PodList","items":[', () => response.socket?.destroy());
  };
}

/** Ends a complete HTTP answer in the middle of its JSON. */
export const truncatedJson: Handler = (_, response) => {
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end('{"kind":"PodList","metadata":{},"items":[{"metadata":{"name":"canary-in-a-page');
};

/** Sends as fast as it is read, for ever. */
export const endlessBody: Handler = (_, response) => {
  const chunk = Buffer.alloc(64 * 1024, "a");
  response.writeHead(200, { "Content-Type": "application/json" });
  response.write('{"kind":"PodList","items":[{"metadata":{"name":"');
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("drain", more);
  more();
};

/** A few hundred kilobytes that decompress to hundreds of megabytes: one member of gzip, over and over. */
export const zipBomb: Handler = (_, response) => {
  const member = gzipSync(Buffer.alloc(1024 * 1024, "a"));
  response.writeHead(200, { "Content-Type": "application/json", "Content-Encoding": "gzip" });
  response.end(Buffer.concat(Array.from({ length: 300 }, () => member)));
};

/** Half of a compressed answer, as if it were the whole. */
export const truncatedGzip: Handler = (_, response) => {
  const body = gzipSync(JSON.stringify({ kind: "PodList", metadata: {}, items: [pod(1), pod(2)] }));
  response.writeHead(200, { "Content-Type": "application/json", "Content-Encoding": "gzip" });
  response.end(body.subarray(0, body.length / 2));
};

/** Sends a byte now and then, for ever. */
export const trickle: Handler = (_, response) => {
  response.writeHead(200, { "Content-Type": "application/json" });
  response.write("{");
  const timer = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(timer));
};

/** Never answers. */
export const hang: Handler = () => undefined;

/** Not the list that was asked for. */
export const notAList: Handler = (_, response) => answer(response, 200, { kind: "Pod", metadata: { name: "a" } });

/** Whole Secrets to a request for metadata. */
export const wholeSecrets: Handler = (_, response) =>
  answer(response, 200, {
    kind: "SecretList",
    apiVersion: "v1",
    metadata: {},
    items: [{ metadata: { name: "a", uid: "1" }, data: { password: "Y2FuYXJ5" } }],
  });
