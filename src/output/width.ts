import stringWidth from "string-width";

// Nothing that every start loads may import this file: string-width takes longer to load than the program to start.

/** Columns the text takes in a terminal. */
export function width(text: string): number {
  // Plain ASCII and what is drawn around it is nearly everything that is printed, and string-width is slow on long tables.
  return /^[\x20-\x7e…│└┘]*$/.test(text) ? text.length : stringWidth(text);
}

let graphemes: Intl.Segmenter | undefined;

/** Cuts text to so many columns; what is cut ends in `…`. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  // Made late: few texts are cut, and it takes longer than all of them.
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
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
