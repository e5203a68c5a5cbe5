import { classifyByName } from "./classify.ts";
import { findForms } from "./forms.ts";
import type { Found } from "./rule.ts";

const LARGEST_JSON = 1 << 20;
const DEEPEST = 32;
const MOST_LEAVES = 20_000;

/**
 * Every credential in a named value: a variable, an annotation, a message. JSON is searched leaf by leaf under the leaves' own
 * names; other text by form; what has no form is judged by its name. The texts are for fingerprinting and nothing else.
 */
export function findInValue(name: string, value: string): Found[] {
  const leaves = jsonLeaves(value);
  if (leaves !== null) return leaves.flatMap((leaf) => findInLeaf(leaf.name ?? name, leaf.text));
  return findInLeaf(name, value);
}

function findInLeaf(name: string, value: string): Found[] {
  const forms = findForms(value);
  const byName = classifyByName(name, value);
  if (byName !== null && forms.every((form) => form.confidence === "possible")) {
    return [{ name, verdict: byName, text: value.trim() }];
  }
  return [
    ...forms.map(({ start, end, secret, kind, confidence, because }) => ({
      name,
      verdict: { kind, confidence, because },
      text: secret ?? value.slice(start, end),
    })),
    ...dockerAuth(name, value),
  ];
}

/** `auth` of a Docker config file: base64 of user:password. */
function dockerAuth(name: string, value: string): Found[] {
  if (name !== "auth" || value.length > 4096 || !/^[A-Za-z0-9+/]{6,4096}={0,2}$/.test(value)) return [];
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon <= 0 || colon === text.length - 1 || text.includes("\ufffd")) return [];
  const because = "is a registry login of a Docker config file";
  return [{ name, verdict: { kind: "basic-auth", confidence: "certain", because }, text: text.slice(colon + 1) }];
}

interface Leaf {
  name: string | null;
  text: string;
}

function jsonLeaves(value: string): Leaf[] | null {
  const first = /^\s{0,64}([[{])/.exec(value.slice(0, 65));
  if (first === null || value.length > LARGEST_JSON) return null;
  let root: unknown;
  try {
    root = JSON.parse(value);
  } catch {
    return null;
  }
  const leaves: Leaf[] = [];
  collectLeaves(root, null, 0, leaves);
  return leaves;
}

function collectLeaves(node: unknown, name: string | null, depth: number, leaves: Leaf[]): void {
  if (leaves.length >= MOST_LEAVES || depth > DEEPEST) return;
  if (typeof node === "string") leaves.push({ name, text: node });
  else if (typeof node === "number" && name !== null) leaves.push({ name, text: String(node) });
  else if (Array.isArray(node)) for (const item of node) collectLeaves(item, name, depth + 1, leaves);
  else if (typeof node === "object" && node !== null) {
    for (const [key, child] of Object.entries(node)) collectLeaves(child, key, depth + 1, leaves);
  }
}
