import { oneLine } from "../../log.ts";

/** How the cells of a column stand. */
export type Alignment = "left" | "right";

/** Between two columns. */
const GAP = "  ";

/** Narrower than this no cell is cut. */
const MIN_CELL = 12;

/**
 * Returns rows of cells as lines of at most `columns` characters, each of which
 * ends with a line feed. The first column gives way where there is no room, and
 * what could steer a terminal is made visible.
 */
export function renderTable(
  rows: readonly (readonly string[])[],
  columns: number,
  alignments: readonly Alignment[] = [],
): string {
  const cells = rows.map((row) => row.map(oneLine));
  const widths = widthsOf(cells);
  const total = widths.reduce((sum, width) => sum + width + GAP.length, 0);
  const excess = total - GAP.length - columns;
  if (excess > 0) {
    widths[0] = Math.max(widths[0]! - excess, Math.min(MIN_CELL, widths[0]!));
  }
  return cells.map((row) => renderRow(row, widths, alignments)).join("");
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, lengthOf(cell));
    }
  }
  return widths;
}

function renderRow(
  row: readonly string[],
  widths: readonly number[],
  alignments: readonly Alignment[],
): string {
  const cells = row.map((cell, column) => {
    const width = widths[column]!;
    const cut = cutTo(cell, width);
    const padding = " ".repeat(width - lengthOf(cut));
    return alignments[column] === "right" ? padding + cut : cut + padding;
  });
  return `${cells.join(GAP).trimEnd()}\n`;
}

function cutTo(cell: string, width: number): string {
  return lengthOf(cell) <= width
    ? cell
    : `${[...cell].slice(0, width - 1).join("")}…`;
}

/** In code points, which is what terminals show of most scripts. */
function lengthOf(text: string): number {
  return [...text].length;
}
