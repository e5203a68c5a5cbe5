/** A text of a JSON document under the name that is nearest above it. */
export interface Leaf {
  name: string | null;
  text: string;
}

const LARGEST = 1 << 20;
/** More than a document of the largest size with names in it can have. */
const MOST_LEAVES = 1 << 18;

/** The texts and named numbers of a JSON document, in its order; null for anything else. `{name, value}` names its value. */
export function jsonLeaves(value: string): Leaf[] | null {
  if (value.length > LARGEST || !/^\s{0,64}[[{]/.test(value.slice(0, 65))) return null;
  try {
    return leavesOf(JSON.parse(value));
  } catch {
    return null;
  }
}

/** A stack of its own: documents may be deeper than the program's. */
function leavesOf(root: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  const open: { name: string | null; node: unknown }[] = [{ name: null, node: root }];
  for (let next = open.pop(); next !== undefined && leaves.length < MOST_LEAVES; next = open.pop()) {
    const { name, node } = next;
    if (typeof node === "string") leaves.push({ name, text: node });
    else if (typeof node === "number" && name !== null) leaves.push({ name, text: String(node) });
    else if (Array.isArray(node)) for (let i = node.length - 1; i >= 0; i--) open.push({ name, node: node[i] });
    else if (typeof node === "object" && node !== null) {
      for (const [key, child] of Object.entries(node).reverse()) open.push({ name: nameOf(key, node), node: child });
    }
  }
  return leaves;
}

/** The entry of a container's `env`, of Helm values and of many tools' settings is `{"name": …, "value": …}`. */
function nameOf(key: string, node: object): string {
  if (key !== "value") return key;
  const { name, key: named } = node as Record<string, unknown>;
  const spoken = name ?? named;
  return typeof spoken === "string" && spoken.length <= 256 ? spoken : key;
}
