/**
 * Operators that work element by element.
 *
 * @module
 */

import type { Random } from "../support/random.ts";
import { at, build, extents, map, type NaiveArray, uniform } from "./array.ts";
import type { Sample, Sampler, Samplers } from "./sample.ts";

type Formula = (a: number, b: number) => number;

const bool = (truth: boolean) => truth ? 1 : 0;

function modulo(a: number, b: number): number {
  if (b === 0) return 0;
  const rest = a % b;
  return rest !== 0 && (rest < 0) !== (b < 0) ? rest + b : rest;
}

const FORMULAS: Readonly<Record<string, Formula>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  mod: modulo,
  power: (a, b) => a ** b,
  maximum: Math.max,
  minimum: Math.min,
  hypot: Math.hypot,
  equal: (a, b) => bool(a === b),
  not_equal: (a, b) => bool(a !== b),
  greater: (a, b) => bool(a > b),
  greater_equal: (a, b) => bool(a >= b),
  lesser: (a, b) => bool(a < b),
  lesser_equal: (a, b) => bool(a <= b),
  logical_and: (a, b) => bool(a !== 0 && b !== 0),
  logical_or: (a, b) => bool(a !== 0 || b !== 0),
  logical_xor: (a, b) => bool((a !== 0) !== (b !== 0)),
};

/** Halves between −2 and 2: equal ones and zeros occur, and sums are exact. */
function halves(random: Random, shape: readonly number[]): NaiveArray {
  return build(shape, () => random.int(-4, 4) / 2);
}

function operand(name: string, random: Random, shape: readonly number[]) {
  if (name === "power") return uniform(random, shape, [0.5, 2]);
  if (name === "div") return uniform(random, shape, [0.5, 2]);
  return halves(random, shape);
}

function strict(name: string): Sampler {
  return (random) => {
    const shape = extents(random, [1, 4]);
    const [a, b] = [operand(name, random, shape), operand(name, random, shape)];
    return {
      inputs: [a, b],
      outputs: [build(shape, (i) => FORMULAS[name]!(at(a, i), at(b, i)))],
    };
  };
}

function broadcast(name: string): Sampler {
  return (random) => {
    const shape = extents(random, [1, 4]);
    const thin = () => shape.map((n) => random.next() < 0.3 ? 1 : n);
    const [left, right] = [thin(), thin()];
    const whole = left.map((n, axis) => Math.max(n, right[axis]!));
    const [a, b] = [operand(name, random, left), operand(name, random, right)];
    const on = (array: NaiveArray, index: readonly number[]) =>
      at(array, index.map((i, axis) => array.shape[axis] === 1 ? 0 : i));
    return {
      inputs: [a, b],
      outputs: [build(whole, (i) => FORMULAS[name]!(on(a, i), on(b, i)))],
    };
  };
}

function withScalar(name: string, reversed: boolean): Sampler {
  return (random) => {
    const shape = extents(random, [1, 4]);
    const x = operand(name, random, shape);
    const scalar = name === "power" || name === "div"
      ? random.int(1, 3)
      : random.int(-4, 4) / 2;
    const formula = FORMULAS[name]!;
    return {
      attributes: { scalar },
      inputs: [x],
      outputs: [
        map(x, (n) => reversed ? formula(scalar, n) : formula(n, scalar)),
      ],
    };
  };
}

const REVERSIBLE = ["sub", "div", "mod", "power"];
/** Where an operator is not named after what it does. */
const STRICT_NAMES = ["add", "sub", "mul", "div"];
const SCALAR_NAMES: Readonly<Record<string, string>> = {
  add: "plus",
  sub: "minus",
};

function namedSamplers(): Samplers {
  const samplers: Record<string, Sampler> = {};
  for (const name of Object.keys(FORMULAS)) {
    const elementwise = STRICT_NAMES.includes(name)
      ? `elemwise_${name}`
      : `_${name}`;
    const scalar = SCALAR_NAMES[name] ?? name;
    samplers[elementwise] = strict(name);
    samplers[`broadcast_${name}`] = broadcast(name);
    samplers[`_${scalar}_scalar`] = withScalar(name, false);
    if (REVERSIBLE.includes(name)) {
      samplers[`_r${scalar}_scalar`] = withScalar(name, true);
    }
  }
  return samplers;
}

/** Operators on two values and on a value and a number. */
export const pairwiseSamplers: Samplers = {
  ...namedSamplers(),
  add_n: addMany,
};

function addMany(random: Random): Sample {
  const shape = extents(random, [1, 4]);
  const count = random.int(1, 4);
  const inputs = Array.from({ length: count }, () => halves(random, shape));
  return {
    attributes: { num_args: count },
    inputs,
    outputs: [
      build(shape, (i) => inputs.reduce((sum, x) => sum + at(x, i), 0)),
    ],
  };
}
