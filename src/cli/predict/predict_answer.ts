import { styleText } from "node:util";
import { MmsError } from "../../errors.ts";
import { oneLine } from "../../log.ts";
import type { Prediction } from "../../service/mod.ts";
import { barOf } from "../terminal/progress.ts";
import { renderTable } from "../terminal/table.ts";
import type { Output } from "../terminal/terminal.ts";

/** One class of an answer. */
interface Class {
  readonly probability: number;
  readonly class: string;
}

const MAX_BAR = 30;
const MIN_BAR = 8;
/** Room for the margin, the longest percentage and the gaps. */
const BESIDE_BAR = 14;

/**
 * Returns an answer of a model as people read it: classes as a small table,
 * with bars on a terminal; anything else as the JSON that it is.
 */
export function renderAnswer(json: string, output: Output): string {
  const classes = classesOf(JSON.parse(json));
  return classes === undefined
    ? `${oneLine(json)}\n`
    : renderClasses(classes, output);
}

/**
 * Returns an answer as one line of JSON.
 *
 * @throws {MmsError} `bad_request` if it is neither JSON nor text
 */
export function jsonLine({ contentType, body }: Prediction): string {
  const type = contentType.split(";")[0]!.trim();
  const text = new TextDecoder().decode(body);
  // Services in Python name no type for the objects that they return.
  if (type === "" && isObject(text)) return JSON.stringify(JSON.parse(text));
  if (type === "application/json") {
    return text.includes("\n") ? JSON.stringify(JSON.parse(text)) : text;
  }
  if (type === "" || type.startsWith("text/")) return JSON.stringify(text);
  throw new MmsError(
    "bad_request",
    `Cannot print an answer of type ${type}: it is neither JSON nor text, mms serve would deliver it`,
  );
}

function isObject(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    // It only begins like one.
    return false;
  }
}

function renderClasses(classes: readonly Class[], output: Output): string {
  const { isTerminal, color, columns } = output;
  const areShares = classes.every(({ probability }) =>
    probability >= 0 && probability <= 1
  );
  const rows = classes.map(({ class: name, probability }) => [
    `  ${name}`,
    areShares ? `${(probability * 100).toFixed(1)} %` : scoreText(probability),
  ]);
  if (!isTerminal || !areShares) {
    return renderTable(rows, columns, ["left", "right"]);
  }
  const longest = Math.max(0, ...classes.map(({ class: name }) => name.length));
  const room = columns - longest - BESIDE_BAR;
  const bar = Math.max(Math.min(room, MAX_BAR), MIN_BAR);
  const table = renderTable(
    rows.map((row, i) => [...row, barOf(classes[i]!.probability, bar)]),
    columns,
    ["left", "right"],
  );
  return color ? table.replaceAll(/━+/g, cyan) : table;
}

function cyan(text: string): string {
  return styleText("cyan", text, { validateStream: false });
}

function scoreText(score: number): string {
  return String(Number(score.toPrecision(5)));
}

/** What the image service answers with, `undefined` for all else. */
function classesOf(answer: unknown): readonly Class[] | undefined {
  const isRanking = Array.isArray(answer) && answer.length > 0 &&
    answer.every(isClass);
  return isRanking ? answer : undefined;
}

function isClass(value: unknown): value is Class {
  return typeof value === "object" && value !== null &&
    "class" in value && typeof value.class === "string" &&
    "probability" in value && typeof value.probability === "number";
}
