import { open } from "node:fs/promises";
import { resolve } from "node:path";
import type { Document, LineCounter } from "yaml";
import { CommandError, UsageError } from "../cli/errors.ts";
import { systemReason } from "../cli/streams.ts";
import { RulesError, checkRules } from "../credentials/own-rules-file.ts";
import type { RulePath } from "../credentials/own-rules-file.ts";
import { compileRules } from "../credentials/own-rules.ts";
import type { OwnRules } from "../credentials/own-rules.ts";

const LARGEST = 256 << 10;
const MOST_ALIASES = 100;
const FORMAT = "docs/rules.md describes the file, and has one to begin with.";

/**
 * Reads the file of --rules, YAML or JSON. Throws CommandError for a file that cannot be read, or that is not as docs/rules.md has
 * it: with the line, the place, the reason and the next step, and nothing that stands in the file as a value.
 */
export async function readRules(file: string, cwd: string): Promise<OwnRules> {
  const text = await readText(file, resolve(cwd, file));
  const { LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line } = lines.linePos(problem.pos[0]);
    const why = problem.code.toLowerCase().replaceAll("_", " ");
    throw new CommandError(`the rules file ${file} is neither YAML nor JSON (line ${String(line)}): ${why}`, FORMAT);
  }
  try {
    return compileRules(checkRules(contentOf(document, file)), file);
  } catch (error) {
    if (!(error instanceof RulesError)) throw error;
    const line = lineOf(error.path, document, lines);
    const where = [...(line === null ? [] : [`line ${String(line)}`]), ...placeOf(error.path)].join(", ");
    const subject = error.path.length === 0 ? "it" : "";
    throw new CommandError(
      `the rules file ${file} cannot be used (${where === "" ? "as a whole" : where}): ${subject === "" ? "" : `${subject} `}${error.message}`,
      error.next,
    );
  }
}

/** Throws UsageError for fingerprints in the rules where each run makes its own: none would ever match. */
export function refuseLoneFingerprints({ file, allow }: OwnRules): void {
  const entry = allow.find(({ fingerprints }) => fingerprints !== null);
  if (entry === undefined) return;
  throw new UsageError(
    `${entry.id} of ${file} goes by fingerprints, and without --fingerprint-key each run has its own`,
    ["Give the --fingerprint-key under which they were printed."],
  );
}

async function readText(file: string, path: string): Promise<string> {
  let bytes: Buffer;
  try {
    const handle = await open(path, "r");
    try {
      const buffer = Buffer.alloc(LARGEST + 1);
      let length = 0;
      for (let read = -1; read !== 0 && length < buffer.length; length += read) {
        ({ bytesRead: read } = await handle.read(buffer, length, buffer.length - length));
      }
      bytes = buffer.subarray(0, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const reason = systemReason(error) ?? "it is no file that can be read";
    throw new CommandError(`cannot read the rules file ${file}: ${reason}`, FORMAT);
  }
  if (bytes.length > LARGEST) {
    throw new CommandError(
      `the rules file ${file} is too large: more than ${String(LARGEST >> 10)} KiB`,
      "Use `*` where entries are alike.",
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(`the rules file ${file} is not text in UTF-8`, FORMAT);
  }
}

function contentOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch {
    throw new CommandError(`the rules file ${file} repeats itself without reason: its aliases expand too far`, FORMAT);
  }
}

/** `allow[0].until`. */
function placeOf(path: RulePath): string[] {
  if (path.length === 0) return [];
  const parts = path.map((part) => (typeof part === "number" ? `[${String(part)}]` : `.${part.slice(0, 64)}`));
  return [parts.join("").replace(/^\./, "")];
}

/** The line of the key, or of the entry, that the path ends in; of the deepest one above it that is there. */
function lineOf(path: RulePath, document: Document.Parsed, lines: LineCounter): number | null {
  let offset: number | null = document.contents?.range?.[0] ?? null;
  let node: unknown = document.contents;
  for (const part of path) {
    const items: unknown[] = (node as { items?: unknown[] } | null)?.items ?? [];
    const next = typeof part === "number" ? items[part] : items.find((item) => keyOf(item) === part);
    if (next === undefined) break;
    const at = typeof part === "number" ? next : (next as { key: unknown }).key;
    offset = (at as { range?: [number] } | null)?.range?.[0] ?? offset;
    node = typeof part === "number" ? next : (next as { value: unknown }).value;
  }
  return offset === null ? null : lines.linePos(offset).line;
}

function keyOf(item: unknown): unknown {
  return (item as { key?: { value?: unknown } } | null)?.key?.value;
}
