/**
 * The main script of the single executable. The bundle's chunks are assets, each a CommonJS function body that is
 * compiled when it is first asked for: reading all of them would take longer than most commands.
 */
import { getRawAsset } from "node:sea";
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";

interface Chunk {
  exports: Record<string, unknown>;
}

// The only require that a single executable has finds Node's own modules alone.
declare const require: (id: string) => Record<string, unknown>;

const chunks = new Map<string, Chunk>();
const self = pathToFileURL(process.execPath).href;

function load(id: string): Record<string, unknown> {
  if (!id.startsWith(".")) return require(id);
  const name = id.slice(id.lastIndexOf("/") + 1);
  const known = chunks.get(name);
  if (known !== undefined) return known.exports;
  const chunk: Chunk = { exports: {} };
  chunks.set(name, chunk);
  const source = Buffer.from(getRawAsset(name) as ArrayBuffer).toString("utf8");
  const run = compileFunction(source, ["require", "module", "exports", "__url"], { filename: name });
  (run as (...args: unknown[]) => void)(load, chunk, chunk.exports, self);
  return chunk.exports;
}

const { run } = load("./main.mjs") as { run: (program: NodeJS.Process) => Promise<number> };
void run(process).then((status) => {
  process.exitCode = status;
});
