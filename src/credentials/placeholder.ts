const WORDS = new Set([
  "true",
  "false",
  "yes",
  "no",
  "on",
  "off",
  "null",
  "nil",
  "none",
  "undefined",
  "disabled",
  "enabled",
  "unset",
  "n/a",
  "todo",
  "tbd",
]);
const MASKS = new Set(["redacted", "[redacted]", "masked", "hidden", "[hidden]", "removed", "[removed]"]);

/** Beginnings of references that another program resolves when the container starts. */
const REFERENCES = [
  "vault:",
  "ref+",
  "op://",
  "secretref:",
  "secretref+",
  "arn:aws:secretsmanager:",
  "arn:aws:ssm:",
  "sm://",
  "gcp:secretmanager:",
  "azurekv:",
  "azurekeyvault:",
  "@microsoft.keyvault(",
  "awssm:",
  "ssm:/",
  "env:",
  "file:/",
];

const WHOLE_REFERENCES = [
  /^\$\([^()]{1,256}\)$/, // $(VAR): the kubelet's own reference, left over when nothing defines it
  /^\$?\{\{?[^{}]{0,512}\}?\}$/, // ${VAR}, {{ template }}
  /^\$[A-Za-z_][A-Za-z0-9_]{0,255}$/, // $VAR of a shell
  /^%[A-Za-z_][A-Za-z0-9_]{0,255}%$/,
  /^<[^<>]{0,256}>$/,
  /^\[\[[^[\]]{0,256}\]\]$/,
  /^__[A-Z0-9_]{1,128}__$/,
];

/** True for text that stands for a value and is none: references, templates, masks, booleans. `changeme` is a password. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === "") return true;
  if (text.length > 1024) return false;
  const lower = text.toLowerCase();
  if (WORDS.has(lower) || MASKS.has(lower)) return true;
  if (REFERENCES.some((prefix) => lower.startsWith(prefix))) return true;
  if (WHOLE_REFERENCES.some((pattern) => pattern.test(text))) return true;
  if (text.includes("{{") && text.includes("}}")) return true;
  if (/\$\([A-Za-z_][A-Za-z0-9_.-]{0,255}\)|\$\{[^{}]{1,256}\}/.test(text)) return true;
  return isOneCharacter(lower);
}

/** `****`, `xxxx`, `....`: a mask, while `aaaa` is somebody's password. */
function isOneCharacter(text: string): boolean {
  const first = text[0] ?? "";
  return text.length >= 3 && "*x.-_•#?".includes(first) && text.split(first).join("") === "";
}

/** True for texts that people leave in templates and that may yet have gone live. */
export function isProbablyTemplate(value: string): boolean {
  return (
    value.length < 80 && /^(your[-_ ]|replace[-_ ]?me|insert[-_ ]|example\b|placeholder|dummy)|[-_ ]here$/i.test(value)
  );
}
