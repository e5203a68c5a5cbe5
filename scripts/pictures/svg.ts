import type { Cell } from "./screen.ts";
import { armsOf, blockOf } from "./shapes.ts";

const CELL = { width: 8.4, height: 18 };
const SIZE = 14;
const MARGIN = 16;

/** What is said of a picture to those who do not see it. */
export interface Caption {
  title: string;
  description: string;
}

const STYLE = `
text { font: ${String(SIZE)}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: var(--own); }
path { stroke: var(--own); stroke-width: 1.2; fill: none; }
.block { fill: var(--own); }
.paper { fill: var(--paper); stroke: var(--edge); }
.bold { font-weight: bold; }
.dim { fill: var(--dim); stroke: var(--dim); }
text.dim { stroke: none; }
${[1, 2, 3, 4, 5, 6].map((n) => `.c${String(n)} { --own: var(--c${String(n)}); }`).join("\n")}
svg { --own: #1f2328; --paper: #ffffff; --edge: #d1d9e0; --dim: #59636e; --c1: #b31d28; --c2: #116329; --c3: #7d4e00; --c4: #0550ae; --c5: #8250df; --c6: #0b6670; }
@media (prefers-color-scheme: dark) {
svg { --own: #e6edf3; --paper: #0d1117; --edge: #3d444d; --dim: #9198a1; --c1: #ff7b72; --c2: #56d364; --c3: #e3b341; --c4: #79c0ff; --c5: #d2a8ff; --c6: #56d4dd; }
}
`;

/**
 * A picture of a terminal: text as text, each piece as wide as its cells whatever the font is; lines and bars as shapes,
 * since in no two fonts they meet. Needs no font, script or network, and follows the reader's light or dark.
 */
export function svgOf(rows: readonly Cell[][], { title, description }: Caption): string {
  const columns = Math.max(...rows.map((row) => row.reduce((sum, { width }) => sum + width, 0)));
  const width = Math.ceil(columns * CELL.width) + 2 * MARGIN;
  const height = rows.length * CELL.height + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escape(title)}</title>`,
    `<desc id="desc">${escape(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" x="0.5" y="0.5" width="${String(width - 1)}" height="${String(height - 1)}" rx="8"/>`,
    ...rows.flatMap((row, y) => rowElements(row, MARGIN + y * CELL.height)),
    "</svg>",
    "",
  ].join("\n");
}

interface Piece {
  kind: "text" | "line" | "block";
  text: string;
  column: number;
  cells: number;
  cell: Cell;
}

function rowElements(row: readonly Cell[], top: number): string[] {
  return piecesOf(row).map((piece) => {
    if (piece.kind === "line") return lineElement(piece, top);
    return piece.kind === "block" ? blockElement(piece, top) : textElement(piece, top);
  });
}

/** Neighbours of the same kind and look are one piece; two spaces end a piece, and what is no ASCII stands alone. */
function piecesOf(row: readonly Cell[]): Piece[] {
  const pieces: Piece[] = [];
  let column = 0;
  for (const cell of row) {
    const { text } = cell;
    const last = pieces.at(-1);
    const kind = armsOf(text) !== null ? "line" : blockOf(text) !== null ? "block" : "text";
    const isNext = last !== undefined && last.column + last.cells === column && last.kind === kind;
    const isAlike = isNext && classOf(last.cell) === classOf(cell);
    const goesOn =
      isAlike &&
      (kind === "line" ||
        (kind === "block" ? last.cell.text === text : isAscii(text) && isAscii(last.text) && !/ $/.test(last.text)));
    const follows = isAlike && kind === "text" && / $/.test(last.text) && text !== " " && isAscii(text);
    if (goesOn || follows) {
      last.text += text;
      last.cells += cell.width;
    } else if (text !== " ") pieces.push({ kind, text, column, cells: cell.width, cell });
    column += cell.width;
  }
  return pieces.map((piece) => {
    const text = piece.text.trimEnd();
    return { ...piece, text, cells: piece.cells - (piece.text.length - text.length) };
  });
}

function textElement({ text, column, cells, cell }: Piece, top: number): string {
  const at = `x="${number(left(column))}" y="${number(top + CELL.height * 0.74)}" textLength="${number(cells * CELL.width)}"`;
  return `<text ${at} lengthAdjust="spacingAndGlyphs"${classAttribute(cell)}>${escape(text)}</text>`;
}

function lineElement({ text, column, cell }: Piece, top: number): string {
  const middle = top + CELL.height / 2;
  const strokes = [...text].map((sign, index) => {
    const x = left(column + index);
    const center = x + CELL.width / 2;
    const ends: Record<string, string> = {
      l: `H${number(x)}`,
      r: `H${number(x + CELL.width)}`,
      u: `V${number(top)}`,
      d: `V${number(top + CELL.height)}`,
    };
    return [...armsOf(sign)!].map((arm) => `M${number(center)} ${number(middle)}${ends[arm]!}`).join("");
  });
  return `<path d="${strokes.join("")}"${classAttribute(cell)}/>`;
}

function blockElement({ text, column, cells, cell }: Piece, top: number): string {
  const { x, y, width, height, density } = blockOf([...text][0]!)!;
  const wide = width === 1 ? cells * CELL.width : width * CELL.width;
  const place = `x="${number(left(column) + x * CELL.width)}" y="${number(top + y * CELL.height + 2)}"`;
  const size = `width="${number(wide)}" height="${number(height * CELL.height - 4)}"`;
  const faint = density === 1 ? "" : ` fill-opacity="${String(density)}"`;
  return `<rect ${place} ${size}${faint}${classAttribute(cell, "block")}/>`;
}

function left(column: number): number {
  return MARGIN + column * CELL.width;
}

/** Bright colours are shown as their plain ones, black and white as the terminal's own. */
function classOf({ color, bold, dim }: Cell): string {
  const plain = color === null ? 0 : color % 8;
  return [plain >= 1 && plain <= 6 ? `c${String(plain)}` : "", bold ? "bold" : "", dim ? "dim" : ""]
    .filter((name) => name !== "")
    .join(" ");
}

function classAttribute(cell: Cell, more = ""): string {
  const names = [more, classOf(cell)].filter((name) => name !== "").join(" ");
  return names === "" ? "" : ` class="${names}"`;
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text);
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
