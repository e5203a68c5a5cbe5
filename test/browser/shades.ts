import { PNG } from "pngjs";

/** Squares in a row of a grid. */
const columns = 40;

/** A picture as averaged grey values, a digit to the base 36 for each square (0 black, z white), 40 in a row. */
export function shadesOf(png: Buffer): string[] {
  const { width, height, data } = PNG.sync.read(png);
  const size = width / columns;
  return Array.from({ length: Math.floor(height / size) }, (_, row) =>
    Array.from({ length: columns }, (__, column) => {
      const [left, top] = [Math.floor(column * size), Math.floor(row * size)];
      const [right, bottom] = [Math.floor((column + 1) * size), Math.floor((row + 1) * size)];
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const at = 4 * (y * width + x);
          sum += 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
        }
      }
      return Math.round((sum / ((right - left) * (bottom - top) * 255)) * 35).toString(36);
    }).join(""),
  );
}

/** How far two grids are apart: squares that differ by more than one step of grey, as a share of all. Rows that one lacks differ. */
export function difference(a: readonly string[], b: readonly string[]): number {
  const rows = Math.max(a.length, b.length);
  let apart = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [one, other] = [a, b].map((grid) => parseInt(grid[row]?.[column] ?? "", 36));
      if (!(Math.abs(one! - other!) <= 1)) apart++;
    }
  }
  return apart / (rows * columns);
}
