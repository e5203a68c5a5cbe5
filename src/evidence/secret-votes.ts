import type { Found } from "../credentials/rule.ts";
import { speakingName } from "../credentials/speaking-name.ts";
import { bareWord } from "./bare-word.ts";
import type { SecretValues } from "./secret-values.ts";

const SHORTEST = 8;
const LARGEST = 2 << 20;
const MOST_LEAVES = 20_000;
const DEEPEST = 32;

/** A text that is searched for values of Secrets, and what a value in it is called. */
export interface Searched {
  name: string;
  text: string;
}

/**
 * Values of Secrets that stand in a text, or are it, each once and without those of the fingerprints in `known`. Texts of a Secret
 * that may stand anywhere by chance do not count. `tried` are words that need not be looked up again.
 */
export function secretsIn(
  { name, text }: Searched,
  secrets: SecretValues,
  known: ReadonlySet<string>,
  tried = new Set<string>(),
): Found[] {
  if (text.length < SHORTEST || text.length > LARGEST) return [];
  const found = new Map<string, Found>();
  for (const [called, candidate] of candidates(name, text)) {
    if (candidate.length < SHORTEST || tried.has(candidate)) continue;
    tried.add(candidate);
    const match = secrets.match(candidate);
    if (match === null || !match.telling || known.has(match.fingerprint) || found.has(match.fingerprint)) continue;
    const verdict = { kind: match.kind, confidence: "certain", because: match.because } as const;
    found.set(match.fingerprint, { name: called, verdict, text: candidate });
  }
  return [...found.values()];
}

/** The text itself, the leaves of JSON, and words of it: with and without what stands before `=` or `:` and around them. */
function* candidates(name: string, text: string): Generator<[string, string]> {
  const whole = text.trim();
  yield [name, whole];
  if (!/[\s"'`=:,;@&?/|([{<.!)\]}>]/.test(whole)) return;
  for (const leaf of leavesOf(whole)) yield [(leaf.name === null ? null : speakingName(leaf.name)) ?? name, leaf.text];
  for (const quoted of whole.split(/["'`\n]/)) {
    yield [name, quoted.trim()];
    for (const word of quoted.split(/\s+/)) yield* ofWord(name, word);
  }
}

function* ofWord(name: string, word: string): Generator<[string, string]> {
  if (word.length < SHORTEST) return;
  yield [name, word];
  const bare = bareWord(word);
  yield [name, bare];
  const separator = bare.search(/[=:]/);
  if (separator > 0) yield [speakingName(bare.slice(0, separator)) ?? name, bare.slice(separator + 1)];
  if (/[=:@,;&?/|]/.test(bare)) for (const piece of bare.split(/[=:@,;&?/|]/)) yield [name, piece];
}

interface Leaf {
  name: string | null;
  text: string;
}

function leavesOf(text: string): Leaf[] {
  if (!/^[[{]/.test(text)) return [];
  const leaves: Leaf[] = [];
  const visit = (node: unknown, name: string | null, depth: number): void => {
    if (leaves.length >= MOST_LEAVES || depth > DEEPEST) return;
    if (typeof node === "string") leaves.push({ name, text: node.trim() });
    else if (Array.isArray(node)) for (const item of node) visit(item, name, depth + 1);
    else if (typeof node === "object" && node !== null)
      for (const [key, child] of Object.entries(node)) visit(child, key, depth + 1);
  };
  try {
    visit(JSON.parse(text), null, 0);
  } catch {
    // No JSON: its words are looked at.
  }
  return leaves;
}
