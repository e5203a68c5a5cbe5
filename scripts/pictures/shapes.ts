/** A filled part of a cell, in shares of its width and height, and how dense it is. */
export interface Block {
  x: number;
  y: number;
  width: number;
  height: number;
  density: number;
}

const arms: Record<string, string> = {
  "─": "lr",
  "│": "ud",
  "┌": "rd",
  "┐": "ld",
  "└": "ru",
  "┘": "lu",
  "├": "rud",
  "┤": "lud",
  "┬": "lrd",
  "┴": "lru",
  "┼": "lrud",
};

const shades: Record<string, number> = { "█": 1, "▓": 0.68, "▒": 0.4, "░": 0.18 };

/** The sides that a line character reaches from the middle of its cell (l, r, u, d); null for any other character. */
export function armsOf(text: string): string | null {
  return arms[text] ?? null;
}

/** What a block character fills: shades, and eighths from the left or from below (Unicode, Block Elements); else null. */
export function blockOf(text: string): Block | null {
  const density = shades[text];
  if (density !== undefined) return { x: 0, y: 0, width: 1, height: 1, density };
  const code = text.codePointAt(0)!;
  if (code >= 0x2581 && code <= 0x2587) {
    const height = (code - 0x2580) / 8;
    return { x: 0, y: 1 - height, width: 1, height, density: 1 };
  }
  if (code >= 0x2589 && code <= 0x258f) return { x: 0, y: 0, width: (0x2590 - code) / 8, height: 1, density: 1 };
  return null;
}
