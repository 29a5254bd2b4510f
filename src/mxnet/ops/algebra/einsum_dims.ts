import { ConversionError, quoted } from "../../conversion_error.ts";
import { reshape } from "../../emit/emit.ts";
import { type Dim, type Dims, sameDim } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";

/** What an equation makes of its operands. */
export interface EinsumFacts {
  readonly dims: Dims;
  /** The equation, with the result stated. */
  readonly full: string;
  /** The operands, with as many axes for the dots each. */
  readonly operands: readonly Value[];
}

const DOTS = "...";

/**
 * Returns the extents of the result of an equation like `ij,jk->ik`. Without
 * an arrow the result has the letters that occur once, in their order.
 *
 * @throws {ConversionError} if it does not fit the operands
 */
export function einsumDims(
  equation: string,
  operands: readonly Value[],
): EinsumFacts {
  const [left = "", stated] = equation.split("->");
  const texts = left.split(",");
  if (texts.length !== operands.length || !/^[a-zA-Z.,]*$/.test(left)) {
    throw new ConversionError(
      `attribute subscripts is ${
        quoted(equation)
      } for ${operands.length} inputs`,
    );
  }
  const terms = texts.map((text, i) => termOf(text, operands[i]!));
  const wide = commonDims(terms);
  const extents = extentsOf(terms);
  const result = stated ?? impliedResult(texts);
  const parts = result.match(/\.\.\.|./g) ?? [];
  const dims = parts.flatMap((part): Dims => {
    if (part === DOTS) return wide;
    const dim = extents.get(part);
    if (dim !== undefined) return [dim];
    throw new ConversionError(`the result has an unknown axis ${part}`);
  });
  return {
    dims,
    full: `${left}->${result}`,
    operands: terms.map((term) => raised(term, wide.length)),
  };
}

/** One operand, its axes told apart. */
interface Term {
  readonly operand: Value;
  readonly letters: readonly string[];
  /** Extents of the letters. */
  readonly named: Dims;
  /** How many letters stand before the dots. */
  readonly before: number;
  /** Extents that the dots stand for, `undefined` without dots. */
  readonly dots: Dims | undefined;
}

function termOf(text: string, operand: Value): Term {
  const { dims } = operand;
  const [head = "", tail] = text.split(DOTS);
  const letters = [...head, ...(tail ?? "")];
  const free = dims.length - letters.length;
  if (free < 0 || (tail === undefined && free > 0)) {
    throw new ConversionError(`${quoted(text)} does not fit its input`);
  }
  const before = head.length;
  return {
    operand,
    letters,
    named: [...dims.slice(0, before), ...dims.slice(before + free)],
    before,
    dots: tail === undefined ? undefined : dims.slice(before, before + free),
  };
}

/** What the dots stand for together, aligned at their ends. */
function commonDims(terms: readonly Term[]): Dims {
  const rank = Math.max(0, ...terms.map(({ dots }) => dots?.length ?? 0));
  return Array.from({ length: rank }, (_, i): Dim => {
    const own = terms.flatMap(({ dots }) => {
      const dim = dots?.[i - rank + dots.length];
      return dim === undefined ? [] : [dim];
    });
    return own.find((dim) => dim !== 1) ?? 1;
  });
}

function extentsOf(terms: readonly Term[]): ReadonlyMap<string, Dim> {
  const extents = new Map<string, Dim>();
  for (const { letters, named } of terms) {
    for (const [i, letter] of letters.entries()) {
      const [known, dim] = [extents.get(letter), named[i]!];
      if (known === undefined || known === 1) extents.set(letter, dim);
      else if (dim !== 1 && !sameDim(known, dim)) {
        throw new ConversionError(`axis ${letter} has two extents`);
      }
    }
  }
  return extents;
}

/** numpy's rule: dots first, then single letters by the alphabet. */
function impliedResult(texts: readonly string[]): string {
  const letters = texts.join("").replaceAll(".", "");
  const single = [...letters].filter((letter) =>
    letters.indexOf(letter) === letters.lastIndexOf(letter)
  );
  const dots = texts.some((text) => text.includes(DOTS)) ? DOTS : "";
  return dots + single.toSorted().join("");
}

/** ONNX wants dots to stand for equally many axes everywhere. */
function raised({ operand, before, dots }: Term, rank: number): Value {
  if (dots === undefined || dots.length === rank) return operand;
  const ones = new Array<Dim>(rank - dots.length).fill(1);
  return reshape(operand, operand.dims.toSpliced(before, 0, ...ones));
}
