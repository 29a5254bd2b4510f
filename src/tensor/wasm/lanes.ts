import type { CodeWriter } from "./code_writer.ts";
import { type Code, shuffle } from "./instructions.ts";

/** Alternates the lower four 16-bit lanes of two vectors. */
export function pairLow(a: Code, b: Code): Code {
  return shuffle(a, b, bytesOf([0, 8, 1, 9, 2, 10, 3, 11], 2));
}

/** Alternates the upper four 16-bit lanes of two vectors. */
export function pairHigh(a: Code, b: Code): Code {
  return shuffle(a, b, bytesOf([4, 12, 5, 13, 6, 14, 7, 15], 2));
}

/** Takes four 32-bit lanes: 0..3 of the first vector, 4..7 of the second. */
export function mix(a: Code, b: Code, lanes: readonly number[]): Code {
  return shuffle(a, b, bytesOf(lanes, 4));
}

/** Swaps rows and columns of 8×8 16-bit lanes: of pairs, of fours, of halves. */
export function transpose(
  writer: CodeWriter,
  rows: readonly Code[],
): readonly Code[] {
  const pairs = [0, 2, 4, 6].flatMap((i) => [
    writer.keep(pairLow(rows[i]!, rows[i + 1]!)),
    writer.keep(pairHigh(rows[i]!, rows[i + 1]!)),
  ]);
  const fours = [0, 1, 4, 5].flatMap((i) => [
    writer.keep(mix(pairs[i]!, pairs[i + 2]!, [0, 4, 1, 5])),
    writer.keep(mix(pairs[i]!, pairs[i + 2]!, [2, 6, 3, 7])),
  ]);
  return [0, 1, 2, 3].flatMap((i) => [
    writer.keep(mix(fours[i]!, fours[i + 4]!, [0, 1, 4, 5])),
    writer.keep(mix(fours[i]!, fours[i + 4]!, [2, 3, 6, 7])),
  ]);
}

function bytesOf(lanes: readonly number[], size: number): readonly number[] {
  return lanes.flatMap((lane) =>
    Array.from({ length: size }, (_, byte) => size * lane + byte)
  );
}
