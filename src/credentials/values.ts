import { BASE64, isAll } from "./characters.ts";
import { classifyByName } from "./classify.ts";
import { findForms } from "./forms.ts";
import type { Found } from "./rule.ts";
import { speakingName } from "./speaking-name.ts";
import { encodedPassword, passwordOf } from "./userinfo.ts";

const LARGEST_JSON = 1 << 20;
const DEEPEST = 32;
const MOST_LEAVES = 20_000;

/**
 * Every credential in a named value: a variable, an annotation, a message. JSON is searched leaf by leaf under the leaves' own
 * names; other text by form; what has no form is judged by its name. The texts are for fingerprinting and nothing else.
 * The name is taken to be one; keys of JSON stand in the value, and show only as far as their words are known.
 */
export function findInValue(name: string, value: string): Found[] {
  const leaves = jsonLeaves(value);
  if (leaves !== null) return inLeaves(leaves, name);
  const found = findInLeaf(name, value);
  return found.length > 0 ? found : findEncoded(name, value);
}

/** What the name makes of the whole value; of a user with a password, the password counts. */
export function findByName(name: string, value: string): Omit<Found, "name"> | null {
  const verdict = classifyByName(name, value);
  if (verdict === null) return null;
  const text = value.trim();
  const isLogin = verdict.kind === "basic-auth";
  return { verdict, text: (isLogin ? (passwordOf(text) ?? encodedPassword(text)) : null) ?? text };
}

function inLeaves(leaves: Leaf[], name: string): Found[] {
  return leaves.flatMap((leaf) => {
    const shown = leaf.name === null ? name : (speakingName(leaf.name) ?? name);
    const found = findInLeaf(leaf.name ?? name, leaf.text);
    return found.map((item) => ({ ...item, name: shown }));
  });
}

function findInLeaf(name: string, value: string): Found[] {
  const docker = dockerAuth(name, value);
  if (docker.length > 0) return docker;
  const forms = findForms(value);
  const byName = findByName(name, value);
  if (byName !== null && forms.every((form) => form.confidence === "possible")) return [{ name, ...byName }];
  return forms.map(({ start, end, secret, kind, confidence, because }) => ({
    name,
    verdict: { kind, confidence, because },
    text: secret ?? value.slice(start, end),
  }));
}

/** `auth` of a Docker config file: base64 of user:password. */
function dockerAuth(name: string, value: string): Found[] {
  const text = name === "auth" ? encodedPassword(value) : null;
  if (text === null) return [];
  const because = "is a registry login of a Docker config file";
  return [{ name, verdict: { kind: "basic-auth", confidence: "certain", because }, text }];
}

const SHORTEST_ENCODED = 24;

/** What base64 hides: a kubeconfig, a Docker config file, a service account's key. */
function findEncoded(name: string, value: string): Found[] {
  if (value.length < SHORTEST_ENCODED || value.length > LARGEST_JSON) return [];
  const written = value.replace(/\s+/g, "");
  if (written.length < SHORTEST_ENCODED || !isAll(BASE64, written)) return [];
  const text = Buffer.from(written, "base64").toString("utf8");
  if (/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text)) return [];
  const leaves = jsonLeaves(text);
  return leaves === null ? findInLeaf("", text).map((item) => ({ ...item, name })) : inLeaves(leaves, name);
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
