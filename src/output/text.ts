import stringWidth from "string-width";

/**
 * What a terminal could take for a command, or a reader for other text than is there: C0 and C1 controls, line and
 * paragraph separators, bidirectional controls, invisible format characters, tag characters, lone surrogates.
 */
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu;

/**
 * Makes text from the cluster harmless for a terminal: escapes are written out as kubectl does (`^[`, `\r`; cli-runtime
 * pkg/printers/terminal.go), and so is everything else that moves the cursor or hides text.
 */
export function safe(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0)!;
    if (code === 0x0d) return "\\r";
    if (code === 0x0a) return "\\n";
    if (code === 0x09) return "\\t";
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
    if (code === 0x7f) return "^?";
    return `\\u${code > 0xffff ? `{${code.toString(16)}}` : code.toString(16).padStart(4, "0")}`;
  });
}

/** `safe` for JSON and YAML text, where every such character has an escape of its own that a parser turns back. */
export function escapeInQuotes(text: string): string {
  return text.replace(unsafe, (character) => {
    if (character === "\n") return character;
    let escaped = "";
    for (let at = 0; at < character.length; at++) {
      escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
    }
    return escaped;
  });
}

/** True when the text holds something that `safe` would write out. */
export function isUnsafe(text: string): boolean {
  return text.search(unsafe) >= 0;
}

/** One line of a table: cut at the first line break, as kubectl does, and made safe. */
export function cellText(text: string): string {
  const end = text.search(/[\n\f\r\u2028\u2029]/);
  return safe(end < 0 ? text : `${text.slice(0, end)}...`);
}

/** Columns the text takes in a terminal. */
export function width(text: string): number {
  // Plain ASCII and what is drawn around it is nearly everything that is printed, and string-width is slow on long tables.
  return /^[\x20-\x7e…│└┘]*$/.test(text) ? text.length : stringWidth(text);
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Cuts text to so many columns; what is cut ends in `…`. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const next = width(segment);
    if (used + next > columns - 1) break;
    kept += segment;
    used += next;
  }
  return `${kept.trimEnd()}…`;
}

/** `cut` for text that names a place in its last parentheses: what stands around them gives way first. */
export function cutAroundPlace(text: string, columns: number): string {
  const [, head = "", place = "", tail = ""] = /^(.*)( \([^()]*\))([^()]*)$/su.exec(text) ?? [];
  const spare = columns - width(head) - width(place);
  if (place === "" || width(text) <= columns) return cut(text, columns);
  if (spare > 0) return `${head}${place}${cut(tail, spare)}`;
  // Something of the name before the place is needed as well.
  const room = Math.max(columns - width(place), Math.min(width(head), Math.ceil(columns / 3)));
  return `${cut(head, room)}${cut(place, columns - room)}`;
}

/** `1 pod`, `3 pods`. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(n)} ${n === 1 ? singular : plural}`;
}

/** A whole number with commas between thousands. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}
