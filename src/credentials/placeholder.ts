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
  "file:/",
];

const WHOLE_REFERENCES = [
  /^\$\([^()]{1,256}\)$/, // $(VAR): the kubelet's own reference, left over when nothing defines it
  /^\{\{[^{}]{0,512}\}\}$/, // {{ template }}
  /^\{[A-Za-z_][\w.-]{0,255}\}$/,
  /^\$[A-Z_][A-Z0-9_]{0,255}$/, // $VAR of a shell; $ecret is somebody's password, because nothing expands it in an object
  /^%[A-Za-z_][A-Za-z0-9_]{0,255}%$/,
  /^\[\[[^[\]]{0,256}\]\]$/,
  /^__[A-Z0-9_]{1,128}__$/,
  /^vault:[^\s/]{1,256}\/\S/,
  /^env:[A-Za-z_][A-Za-z0-9_]{0,255}$/,
];

/** $(VAR), ${VAR} and ${VAR:?message} anywhere; ${VAR:-default} brings a value along. */
const REFERENCE =
  /\$\([A-Za-z_][A-Za-z0-9_.-]{0,255}\)|\$\{([\w.-]{1,256}(:?[-=]|:?\?[^{}]{0,128})?|(env|file|vault|secrets?|sys|ssm|sm|op|aws|azure|gcp):[^{}]{1,256})\}/;

/** True for text that stands for a value and is none: references, templates, masks, booleans. `changeme` is a password. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === "") return true;
  if (text.length > 1024) return false;
  const lower = text.toLowerCase();
  if (WORDS.has(lower) || MASKS.has(lower)) return true;
  if (REFERENCES.some((prefix) => lower.startsWith(prefix))) return true;
  if (WHOLE_REFERENCES.some((pattern) => pattern.test(text))) return true;
  if (/^<[^<>]{0,256}>$/.test(lower) && isMarker(lower.slice(1, -1))) return true;
  return REFERENCE.test(text) || isOneCharacter(lower);
}

/** `<none>`, `<nil>`, `<secret>`: what programs print in the place of a value. */
function isMarker(text: string): boolean {
  return text === "" || WORDS.has(text) || MASKS.has(text) || ["secret", "unknown", "empty", "invalid"].includes(text);
}

/** `****`, `xxxx`, `....`: a mask, while `aaaa` is somebody's password. */
function isOneCharacter(text: string): boolean {
  const first = text[0] ?? "";
  return text.length >= 3 && "*x.-_•#?".includes(first) && text.split(first).join("") === "";
}

/** Texts that people leave in templates and that may yet have gone live. */
const TEMPLATE =
  /^(your[-_ ]|replace[-_ ]?me|insert[-_ ]|example\b|placeholder|dummy)|[-_ ]here$|^[a-z][a-z0-9+.-]{1,31}:\/\//i;
const LONGEST_TEMPLATE = 80;

const NOTATIONS = [
  /^<[^<>]{0,256}>?$/,
  /^\{[^{}]{0,256}\}$/,
  /\{\{[^{}]{0,512}\}\}/,
  /\$\{[^{}]{1,256}\}/, // ${VAR:-default}
  /^\$[A-Za-z_][A-Za-z0-9_]{0,255}$/,
];
const LONGEST_NOTATION = 1024;

/** True for references in a notation that nothing expands in an object: somebody's password may look like one. */
export function looksLikeReference(value: string): boolean {
  return value.length <= LONGEST_NOTATION && NOTATIONS.some((pattern) => pattern.test(value));
}

/** True for values that may be meant as something else: templates, references, addresses. */
export function isProbablyTemplate(value: string): boolean {
  return (value.length < LONGEST_TEMPLATE && TEMPLATE.test(value)) || looksLikeReference(value);
}
