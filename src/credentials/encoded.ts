import { BASE64, BASE64URL, HEX, isAll } from "./characters.ts";

const SHORTEST = 20;
const LONGEST = 2 << 20;
const SAMPLE = 64;

/** Characters that no text has; U+FFFD stands where bytes were no UTF-8. */
const BINARY = /[\u0000-\u0008\u000e-\u001f\u007f\ufffd]/;

/** The text that base64 (either alphabet, lines allowed) or hexadecimal digits hide; null where they hide none. */
export function decodedText(value: string): string | null {
  if (value.length < SHORTEST || value.length > LONGEST) return null;
  const start = value.slice(0, SAMPLE).trim();
  if (/[^A-Za-z0-9+/=_\s-]/.test(start) || !isPromising(start)) return null;
  const written = /\s/.test(value) ? value.replace(/\s+/g, "") : value;
  const encoding = encodingOf(written);
  if (encoding === null || written.length < SHORTEST) return null;
  // Most of what looks encoded is random, and shows it in its first bytes.
  if (BINARY.test(Buffer.from(written.slice(0, 16), encoding).toString("latin1"))) return null;
  const text = Buffer.from(written, encoding).toString("utf8");
  return BINARY.test(text) ? null : text;
}

/** Encoded text begins with a printable character or white space, so that few digits can begin it; in base64 it has letters of both cases. */
function isPromising(start: string): boolean {
  if (isAll(HEX, start)) return /^[02-7EFef]/.test(start);
  return /^[CDI-Za-f7]/.test(start) && /[A-Z]/.test(start) && /[a-z]/.test(start);
}

function encodingOf(written: string): "hex" | "base64" | null {
  if (written.length % 2 === 0 && isAll(HEX, written)) return "hex";
  const bare = written.replace(/={1,2}$/, "");
  // Node's decoder takes both alphabets.
  return isAll(BASE64, bare) || isAll(BASE64URL, bare) ? "base64" : null;
}
