import { EvidenceError } from "./errors.ts";

const LARGEST_YAML = 64 << 20;
const MOST_ALIASES = 100;

/** Every top-level document of a text: JSON (one, several, lines) or YAML. Errors give a line number and nothing of the text. */
export async function parseDocuments(text: string, name: string): Promise<unknown[]> {
  const first = /\S/.exec(text)?.[0] ?? "";
  if (first === "{" || first === "[") return parseJson(text, name);
  if (text.length > LARGEST_YAML) {
    throw new EvidenceError(
      `${name} is too large for YAML: more than ${String(LARGEST_YAML >> 20)} MiB`,
      "Write it with -o json instead, or capture it with kubectl cronaudit snapshot.",
    );
  }
  return parseYaml(text, name);
}

function parseJson(text: string, name: string): unknown[] {
  try {
    return [JSON.parse(text) as unknown];
  } catch {
    // Several documents, or damaged: cut apart, each gives its own answer. The parser's message would quote the text.
  }
  return cut(text).map(([start, end]) => {
    try {
      return JSON.parse(text.slice(start, end)) as unknown;
    } catch {
      const line = text.slice(0, start).split("\n").length;
      const what = end === text.length ? "is cut off or not JSON" : "is not JSON";
      throw new EvidenceError(
        `${name}: the document that begins on line ${String(line)} ${what}`,
        "Write the file again, with -o json or -o yaml.",
      );
    }
  });
}

/** [start, end) of each top-level value, by brackets outside of strings. One pass. */
function cut(text: string): [number, number][] {
  const parts: [number, number][] = [];
  let depth = 0;
  let start = -1;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
      continue;
    }
    if (start < 0 && code > 0x20) start = i;
    if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) depth++;
    else if ((code === 0x7d || code === 0x5d) && --depth <= 0) {
      parts.push([start, i + 1]);
      start = -1;
      depth = 0;
    }
  }
  if (start >= 0) parts.push([start, text.length]);
  return parts;
}

async function parseYaml(text: string, name: string): Promise<unknown[]> {
  const { LineCounter, parseAllDocuments } = await import("yaml");
  const lines = new LineCounter();
  const refuse = (line: number | null, why: string): EvidenceError =>
    new EvidenceError(
      `${name} is neither a snapshot nor JSON nor YAML${line === null ? "" : ` (line ${String(line)})`}: ${why}`,
      "Give a file of kubectl cronaudit snapshot, or of kubectl get -o json.",
    );
  try {
    // uniqueKeys compares all pairs of keys, which a hostile map makes slow.
    const options = {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      merge: true,
      logLevel: "silent",
    } as const;
    const documents = parseAllDocuments(text, options);
    if (!Array.isArray(documents)) return [];
    return documents.map((document): unknown => {
      const error = document.errors[0];
      if (error !== undefined)
        throw refuse(lines.linePos(error.pos[0]).line, error.code.toLowerCase().replaceAll("_", " "));
      return document.toJS({ maxAliasCount: MOST_ALIASES });
    });
  } catch (error) {
    if (error instanceof EvidenceError) throw error;
    if (error instanceof ReferenceError) throw refuse(null, "its aliases expand without reason");
    if (error instanceof RangeError) throw refuse(null, "it is nested too deeply");
    throw refuse(null, "it cannot be parsed");
  }
}
