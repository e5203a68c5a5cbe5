/** A variable the way the kubelet would see it: its text, or null when the text does not stand in the object. */
export type Lookup = (name: string) => string | null | undefined;

/**
 * Expands $(VAR) references as the kubelet does (Kubernetes third_party/forked/golang/expansion): `$$` is a dollar sign,
 * a reference to an unknown variable stays as written, and so does one whose value is not in the object. A result of more
 * than `limit` characters is given up: the text comes back as written.
 */
export function expand(text: string, lookup: Lookup, limit = Infinity): string {
  if (!text.includes("$")) return text;
  const parts: string[] = [];
  let inserted = 0;
  let checkpoint = 0;
  let searchFrom = 0;
  let noClose = false;
  for (let at = text.indexOf("$"); at >= 0 && at + 1 < text.length; at = text.indexOf("$", searchFrom)) {
    searchFrom = at + 1;
    if (text[at + 1] === "$") {
      parts.push(text.slice(checkpoint, at), "$");
      checkpoint = searchFrom = at + 2;
    } else if (text[at + 1] === "(" && !noClose) {
      const close = text.indexOf(")", at + 2);
      noClose = close < 0;
      if (noClose) continue;
      const value = lookup(text.slice(at + 2, close));
      inserted += value?.length ?? 0;
      if (text.length + inserted > limit && inserted > 0) return text;
      if (typeof value === "string") parts.push(text.slice(checkpoint, at), value);
      else parts.push(text.slice(checkpoint, close + 1));
      checkpoint = searchFrom = close + 1;
    }
  }
  parts.push(text.slice(checkpoint));
  return parts.join("");
}
