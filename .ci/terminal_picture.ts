/**
 * Draws `.github/terminal.svg` from a real run of the commands below, each in a
 * pseudo terminal of its own so that colours are as a user sees them.
 *
 * Run it with `deno task picture`; needs Linux with `script` and `curl`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const COLUMNS = 92;

const COMMANDS = [
  "mms archive --model-name digits --model-path digits/",
  "mms serve --start --model-store . --models digits.mar",
  "curl -sT 7_seven.png http://127.0.0.1:8080/predictions/digits",
  "mms predict --model digits.mar --top 2 7_seven.png 4_four.jpg",
  "mms serve --stop",
];

/** A run of characters that look alike. */
interface Span {
  readonly text: string;
  /** CSS colour. */
  readonly color: string;
  readonly bold: boolean;
}

const FOREGROUND = "#d7dae0";
const DIM = "#7f8694";
const PROMPT = "#8bd49c";

/** ECMA-48 §5.4: control sequences begin with these two characters. */
const CSI = "\u001b\\[";
const SGR = new RegExp(`${CSI}([\\d;]*)m`);
const CURSOR = new RegExp(`${CSI}(\\?25[lh]|\\d*[KJ])`, "g");

/** SGR 30 to 37 (ECMA-48 §8.3.117), and 90 to 97, from one palette. */
const PALETTE = [
  ...["#5c6370", "#e06c75", "#98c379", "#e5c07b"],
  ...["#61afef", "#c678dd", "#56b6c2", "#d7dae0"],
];

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const env = await prepare(folder);
    const lines: (readonly Span[])[] = [];
    for (const command of COMMANDS) {
      lines.push([span("$ ", PROMPT), { ...span(command), bold: true }]);
      const output = await inTerminal(command, { folder, env });
      lines.push(...output.split("\n").map(parseLine).flatMap(wrap), []);
    }
    await Deno.writeTextFile(
      `${ROOT}/.github/terminal.svg`,
      svg(lines.slice(0, -1)),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Lays out what the commands expect, and puts mms on the path. */
async function prepare(folder: string): Promise<Record<string, string>> {
  const digits = `${ROOT}/fixtures/digits`;
  await Deno.mkdir(`${folder}/digits`);
  for await (const { name } of Deno.readDir(`${digits}/onnx`)) {
    await Deno.copyFile(`${digits}/onnx/${name}`, `${folder}/digits/${name}`);
  }
  for (const name of ["7_seven.png", "4_four.jpg"]) {
    await Deno.copyFile(`${digits}/images/${name}`, `${folder}/${name}`);
  }
  await Deno.mkdir(`${folder}/.bin`);
  await Deno.writeTextFile(
    `${folder}/.bin/mms`,
    `#!/bin/sh\nexec '${Deno.execPath()}' run -qA '${ROOT}/main.ts' "$@"\n`,
    { mode: 0o755 },
  );
  return {
    PATH: `${folder}/.bin:${Deno.env.get("PATH")}`,
    COLUMNS: String(COLUMNS),
    TERM: "xterm-256color",
  };
}

async function inTerminal(
  command: string,
  where: {
    readonly folder: string;
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<string> {
  const { code, stdout } = await new Deno.Command("script", {
    args: ["-qec", `stty cols ${COLUMNS}; ${command}`, "/dev/null"],
    cwd: where.folder,
    env: { ...where.env },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${text}`);
  return afterRedrawing(text).trimEnd();
}

/** What is left to see when progress lines have overwritten themselves. */
function afterRedrawing(text: string): string {
  return text.replaceAll("\r\n", "\n").split("\n")
    .map((line) => line.split("\r").findLast((part) => part !== "") ?? "")
    .join("\n")
    .replaceAll(CURSOR, "");
}

function span(text: string, color = FOREGROUND): Span {
  return { text, color, bold: false };
}

/** Splits a line at its SGR sequences. */
function parseLine(line: string): readonly Span[] {
  const parts = line.split(SGR);
  let style: Omit<Span, "text"> = { color: FOREGROUND, bold: false };
  return parts.flatMap((part, i) => {
    if (i % 2 === 0) return part === "" ? [] : [{ ...style, text: part }];
    style = part.split(";").map(Number).reduce(applySgr, style);
    return [];
  });
}

/** Breaks a line where the terminal would. */
function wrap(line: readonly Span[]): readonly (readonly Span[])[] {
  const rows: Span[][] = [[]];
  let column = 0;
  for (const span of line) {
    for (const character of span.text) {
      if (column === COLUMNS) {
        rows.push([]);
        column = 0;
      }
      rows.at(-1)!.push({ ...span, text: character });
      column++;
    }
  }
  return rows.map(joinAlike);
}

function joinAlike(characters: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const next of characters) {
    const last = joined.at(-1);
    if (last?.color === next.color && last.bold === next.bold) {
      joined[joined.length - 1] = { ...last, text: last.text + next.text };
    } else joined.push(next);
  }
  return joined;
}

function applySgr(style: Omit<Span, "text">, code: number) {
  if (code === 0) return { color: FOREGROUND, bold: false };
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, color: DIM };
  if (code === 22) return { color: FOREGROUND, bold: false };
  if (code === 39) return { ...style, color: FOREGROUND };
  const color = PALETTE[code < 40 ? code - 30 : code - 90];
  return color === undefined ? style : { ...style, color };
}

const LINE_HEIGHT = 20;
const CHARACTER_WIDTH = 8.43;
const MARGIN = 20;

function svg(lines: readonly (readonly Span[])[]): string {
  const width = Math.ceil(COLUMNS * CHARACTER_WIDTH + 2 * MARGIN);
  const height = (lines.length + 1) * LINE_HEIGHT + 2 * MARGIN;
  const text = lines.map((spans, i) =>
    `<text x="${MARGIN}" y="${
      MARGIN + (i + 2) * LINE_HEIGHT
    }" xml:space="preserve">${spans.map(tspan).join("")}</text>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
<title>A terminal in which mms packs, serves and predicts</title>
<rect width="${width}" height="${height}" rx="10" fill="#1e2127"/>
<g><circle cx="24" cy="22" r="6" fill="#e06c75"/><circle cx="44" cy="22" r="6" fill="#e5c07b"/><circle cx="64" cy="22" r="6" fill="#98c379"/></g>
${text.join("\n")}
</svg>
`;
}

function tspan({ text, color, bold }: Span): string {
  const weight = bold ? ' font-weight="bold"' : "";
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<tspan fill="${color}"${weight}>${escaped}</tspan>`;
}

await main();
