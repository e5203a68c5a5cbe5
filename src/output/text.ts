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

/** `1 pod`, `3 pods`. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(n)} ${n === 1 ? singular : plural}`;
}

/** A whole number with commas between thousands. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}
