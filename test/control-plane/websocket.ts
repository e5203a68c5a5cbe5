import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import type { Duplex } from "node:stream";

/** The first byte of a message says which stream it belongs to (k8s.io/streaming/pkg/httpstream/wsstream). */
const PROTOCOL = "v4.channel.k8s.io";

function frame(opcode: number, payload: Buffer): Buffer {
  // Lengths in two bytes are announced by 126; nothing here is longer.
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...length]), payload]);
}

/** Takes a kubelet's side of an upgrade: answers it, sends the messages and closes. */
export function answerWebSocket(
  asked: IncomingMessage,
  socket: Duplex,
  messages: [channel: number, text: string][],
): void {
  const key = String(asked.headers["sec-websocket-key"]);
  // RFC 6455, 1.3.
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    `Sec-WebSocket-Protocol: ${PROTOCOL}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  for (const [channel, text] of messages) socket.write(frame(2, Buffer.from(`${String.fromCharCode(channel)}${text}`)));
  socket.end(frame(8, Buffer.alloc(0)));
}

/** What came of asking for an upgrade: the status, and what was sent on each channel until the other side closed. */
export interface Upgraded {
  status: number;
  channels: Map<number, string>;
}

function channelsIn(bytes: Buffer): Map<number, string> {
  const channels = new Map<number, string>();
  for (let at = 0; at + 2 <= bytes.length;) {
    const [head = 0, short = 0] = bytes.subarray(at, at + 2);
    const start = short === 126 ? at + 4 : at + 2;
    const end = start + (short === 126 ? bytes.readUInt16BE(at + 2) : short);
    if ((head & 0x0f) === 2) channels.set(bytes[start]!, bytes.subarray(start + 1, end).toString("utf8"));
    at = end;
  }
  return channels;
}

/** Asks a server for a WebSocket with this token, by any method, and listens until it is closed; without a `caFile` it may be any server. */
export async function openWebSocket(
  { server, caFile }: { server: string; caFile: string | null },
  method: string,
  path: string,
  token: string,
): Promise<Upgraded> {
  const headers = {
    authorization: `Bearer ${token}`,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-key": randomBytes(16).toString("base64"),
    "sec-websocket-version": "13",
    "sec-websocket-protocol": PROTOCOL,
  };
  const trust = caFile === null ? { rejectUnauthorized: false } : { ca: readFileSync(caFile) };
  const asked = request(new URL(path, server), { method, headers, agent: false, ...trust });
  return new Promise((resolve, reject) => {
    asked.once("error", reject);
    asked.once("response", (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, channels: new Map() });
    });
    asked.once("upgrade", (_, socket: Duplex, head: Buffer) => {
      const chunks = [head];
      socket.on("data", (chunk: Buffer) => chunks.push(chunk));
      socket.once("error", reject);
      socket.once("close", () => resolve({ status: 101, channels: channelsIn(Buffer.concat(chunks)) }));
    });
    asked.end();
  });
}
