import headless from "@xterm/headless";

/** One character of a terminal and how it looks. */
export interface Cell {
  text: string;
  /** Columns that it takes: 1 or 2. */
  width: number;
  /** The palette's number, 0 to 15; null is the terminal's own colour. */
  color: number | null;
  bold: boolean;
  dim: boolean;
}

/** What a terminal of so many columns shows after these bytes: rows of cells, from left to right, without gaps. */
export async function screenOf(bytes: string, columns: number): Promise<Cell[][]> {
  const terminal = new headless.Terminal({ cols: columns, rows: 400, convertEol: true, allowProposedApi: true });
  await new Promise<void>((resolve) => {
    terminal.write(bytes, resolve);
  });
  const { active } = terminal.buffer;
  const rows: Cell[][] = [];
  for (let y = 0; y < active.length; y++) {
    const line = active.getLine(y)!;
    const row: Cell[] = [];
    for (let x = 0; x < columns; x++) {
      const cell = line.getCell(x)!;
      // The second half of a wide character has no width.
      if (cell.getWidth() === 0) continue;
      const color = cell.isFgPalette() && cell.getFgColor() < 16 ? cell.getFgColor() : null;
      const text = cell.getChars() === "" ? " " : cell.getChars();
      row.push({ text, width: cell.getWidth(), color, bold: cell.isBold() !== 0, dim: cell.isDim() !== 0 });
    }
    rows.push(row);
  }
  terminal.dispose();
  while (rows.at(-1)?.every(({ text }) => text === " ") === true) rows.pop();
  return rows;
}
