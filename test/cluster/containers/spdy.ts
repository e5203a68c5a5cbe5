import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import type { Duplex } from "node:stream";
import type { ControlPlane } from "../../control-plane/provider.ts";

/** What came of asking for a stream by a POST: the status, and what the container wrote. */
export interface Streamed {
  status: number;
  stdout: string;
  stderr: string;
}

/** Frame types and flags of SPDY/3. */
const [SYN_STREAM, RST_STREAM, GOAWAY, FIN] = [1, 3, 7, 0x01];
/** In the order in which they are opened; the client's streams have odd numbers. */
const STREAMS = ["error", "stdout", "stderr"];
const numberOf = (type: string) => 1 + 2 * STREAMS.indexOf(type);

function uint32(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, at) => bytes.writeUInt32BE(number, 4 * at));
  return bytes;
}

/** What zlib writes where it is flushed: an empty block, without which Go's reader keeps back what came before. */
const FLUSH = Buffer.from([0, 0, 0, 0xff, 0xff]);

/** A block of headers as zlib takes it without compression; only the first of a connection has zlib's own header. */
function headerBlock(name: string, value: string, isFirst: boolean): Buffer {
  const text = Buffer.concat(
    [1, name, value].map((part) => (typeof part === "number" ? uint32(part) : lengthed(part))),
  );
  const head = Buffer.alloc(5);
  head.writeUInt16LE(text.length, 1);
  head.writeUInt16LE(~text.length & 0xffff, 3);
  return Buffer.concat([isFirst ? Buffer.from([0x78, 0x01]) : Buffer.alloc(0), head, text, FLUSH]);
}

function lengthed(text: string): Buffer {
  return Buffer.concat([uint32(text.length), Buffer.from(text)]);
}

/** Asks for a stream with this header. */
function opening(type: string): Buffer {
  const block = headerBlock("streamtype", type, type === STREAMS[0]);
  const frame = uint32(0x80030000 + SYN_STREAM!, block.length + 10, numberOf(type), 0);
  return Buffer.concat([frame, Buffer.alloc(2), block]);
}

/** Reads frames until every stream has ended, or the connection. */
async function read(socket: Duplex, head: Buffer): Promise<Map<number, string>> {
  const said = new Map<number, Buffer[]>(STREAMS.map((type) => [numberOf(type), []]));
  const open = new Set(said.keys());
  let bytes = head;
  const take = () => {
    while (bytes.length >= 8 && bytes.length >= 8 + bytes.readUIntBE(5, 3)) {
      const end = 8 + bytes.readUIntBE(5, 3);
      const [first, isLast, body] = [bytes.readUInt32BE(0), (bytes[4]! & FIN!) !== 0, bytes.subarray(8, end)];
      bytes = bytes.subarray(end);
      if (first < 0x80000000) said.get(first)?.push(body);
      const type = first & 0xffff;
      if (first >= 0x80000000 && type === GOAWAY) open.clear();
      if (first >= 0x80000000 && type === RST_STREAM) open.delete(body.readUInt32BE(0));
      if (first < 0x80000000 && isLast) open.delete(first);
    }
    if (open.size === 0) socket.end();
  };
  await new Promise<void>((resolve, reject) => {
    socket.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      take();
    });
    socket.once("error", reject).once("close", resolve).once("end", resolve);
    take();
  });
  return new Map([...said].map(([number, parts]) => [number, Buffer.concat(parts).toString("utf8")]));
}

/**
 * Asks for exec or attach by a POST, which is the verb create alone, and speaks SPDY/3.1 as the kubelet does; kubectl
 * would get the pod first. Source of the streams: k8s.io/apimachinery/pkg/util/remotecommand (v4.channel.k8s.io).
 */
export async function postStream({ server, caFile }: ControlPlane, path: string, token: string): Promise<Streamed> {
  const headers = {
    authorization: `Bearer ${token}`,
    connection: "Upgrade",
    upgrade: "SPDY/3.1",
    "x-stream-protocol-version": "v4.channel.k8s.io",
  };
  const asked = request(new URL(path, server), { method: "POST", headers, ca: readFileSync(caFile), agent: false });
  return new Promise((resolve, reject) => {
    asked.once("error", reject);
    asked.once("response", (response: IncomingMessage) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, stdout: "", stderr: "" });
    });
    asked.once("upgrade", (_, socket: Duplex, head: Buffer) => {
      socket.write(Buffer.concat(STREAMS.map(opening)));
      read(socket, head).then((said) => {
        const of = (type: string) => said.get(numberOf(type)) ?? "";
        resolve({ status: 101, stdout: of("stdout"), stderr: of("stderr") });
      }, reject);
    });
    asked.end();
  });
}
