/**
 * The parts of a Markdown file that tests look at.
 *
 * @module
 */

/** A fenced block. */
export interface Block {
  /** What stands after the opening fence, such as `console`. */
  readonly language: string;
  readonly text: string;
  /** Of its first line in the file, from 1. */
  readonly line: number;
}

/** Returns the fenced blocks in order (CommonMark §4.5, three backticks). */
export function blocks(markdown: string): readonly Block[] {
  const found: Block[] = [];
  const lines = markdown.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const opening = /^```(\S+)/.exec(lines[i]!);
    if (!opening) continue;
    const end = lines.indexOf("```", i + 1);
    const text = lines.slice(i + 1, end).join("\n");
    found.push({ language: opening[1]!, text, line: i + 2 });
    i = end;
  }
  return found;
}

/** One command, and what it prints. */
export interface Step {
  readonly command: string;
  readonly output: string;
  /** Of the command in the file, from 1. */
  readonly line: number;
}

/** Takes a `console` block apart: commands begin with `$ `, `\` continues them. */
export function steps(block: Block): readonly Step[] {
  const found: { command: string; output: string; line: number }[] = [];
  let continues = false;
  for (const [i, line] of block.text.split("\n").entries()) {
    const last = found.at(-1);
    if (line.startsWith("$ ")) {
      found.push({ command: line.slice(2), output: "", line: block.line + i });
    } else if (last && continues) last.command += `\n${line}`;
    else if (last) last.output += `${line}\n`;
    continues = line.endsWith("\\");
  }
  return found;
}

/** Returns the cells of each row of the table under a heading, without its head. */
export function tableUnder(
  markdown: string,
  heading: string,
): readonly (readonly string[])[] {
  const lines = markdown.split("\n");
  const from = lines.indexOf(heading);
  const head = lines.findIndex((line, i) => i > from && line.startsWith("|"));
  if (from < 0 || head < 0) return [];
  const rows: string[][] = [];
  for (let i = head + 2; lines[i]?.startsWith("|"); i++) {
    const cells = lines[i]!.split(/(?<!\\)\|/).slice(1, -1);
    rows.push(cells.map((cell) => cell.trim()));
  }
  return rows;
}
