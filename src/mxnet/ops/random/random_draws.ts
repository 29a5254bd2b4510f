import { ConversionError } from "../../conversion_error.ts";
import {
  broadcastDims,
  cast,
  compare,
  constantOf,
  unary,
  unsqueeze,
} from "../../emit/emit.ts";
import type { Dims } from "../../onnx/dims.ts";
import type { Value } from "../../onnx/value.ts";
import {
  input,
  type OperatorCall,
  type OperatorFamily,
  type OperatorFunction,
} from "../operator.ts";
import { multinomial, shuffled, wholeNumbers } from "./random_choices.ts";
import {
  type Distribution,
  DISTRIBUTIONS,
  standardUniform,
  statedDims,
} from "./random_sources.ts";

/** Numbers that differ from run to run, as they do in MXNet. */
export const randomDraws: OperatorFamily = {
  title: "Random numbers",
  operators: {
    _random_uniform: {
      convert: ofShape(DISTRIBUTIONS.uniform),
      aliases: ["random_uniform", "uniform"],
    },
    _random_normal: {
      convert: ofShape(DISTRIBUTIONS.normal),
      aliases: ["random_normal", "normal"],
    },
    _random_exponential: {
      convert: ofShape(DISTRIBUTIONS.exponential),
      aliases: ["random_exponential"],
    },
    _random_randint: {
      convert: wholeNumbers,
      aliases: ["random_randint", "_npi_random_randint"],
    },
    _random_uniform_like: likeInput(DISTRIBUTIONS.uniform),
    _random_normal_like: likeInput(DISTRIBUTIONS.normal),
    _random_exponential_like: likeInput(DISTRIBUTIONS.exponential),
    _sample_uniform: {
      convert: forEach(DISTRIBUTIONS.uniform),
      aliases: ["sample_uniform"],
    },
    _sample_normal: {
      convert: forEach(DISTRIBUTIONS.normal),
      aliases: ["sample_normal"],
    },
    _sample_exponential: {
      convert: forEach(DISTRIBUTIONS.exponential),
      aliases: ["sample_exponential"],
    },
    _sample_multinomial: {
      convert: multinomial,
      aliases: ["sample_multinomial"],
    },
    _npi_uniform: ofSize(DISTRIBUTIONS.uniform),
    _npi_normal: ofSize(DISTRIBUTIONS.normal),
    _npi_uniform_n: ofSize(DISTRIBUTIONS.uniform),
    _npi_normal_n: ofSize(DISTRIBUTIONS.normal),
    _npi_bernoulli: bernoulli,
    _shuffle: { convert: shuffled, aliases: ["shuffle", "_npi_shuffle"] },
  },
};

function number({ graph }: OperatorCall, value: number): Value {
  return constantOf(graph, { type: "float32", shape: [], numbers: [value] });
}

function parametersOf(
  call: OperatorCall,
  { attributes }: Distribution,
): readonly Value[] {
  return Object.entries(attributes).map(([name, missing]) =>
    number(call, call.attributes.float(name, missing))
  );
}

export function ofShape(distribution: Distribution): OperatorFunction {
  return (call) => {
    const parameters = parametersOf(call, distribution);
    const drawn = distribution.draw(statedDims(call), parameters);
    return cast(drawn, call.attributes.type("dtype", "float32"));
  };
}

export function likeInput(distribution: Distribution): OperatorFunction {
  return (call) => {
    const { dims, type } = input(call, 0);
    return cast(
      distribution.draw(dims, parametersOf(call, distribution)),
      type,
    );
  };
}

/** As many numbers as `shape` says for each of the parameters. */
export function forEach(distribution: Distribution): OperatorFunction {
  return (call) => {
    const shape = call.attributes.ints("shape") ?? [];
    const { rank, dims, type } = input(call, 0);
    const behind = shape.map((_, axis) => rank + axis);
    const names = Object.keys(distribution.attributes);
    const parameters = names.map((_, i) =>
      unsqueeze(cast(input(call, i), "float32"), behind)
    );
    const drawn = distribution.draw([...dims, ...shape], parameters);
    return cast(drawn, call.attributes.type("dtype", type));
  };
}

/** A parameter that is no attribute is the next input. */
function mixedParameters(
  call: OperatorCall,
  names: readonly string[],
): readonly Value[] {
  const values = [...call.inputs];
  return names.map((name) => {
    const stated = call.attributes.optionalFloat(name);
    if (stated !== undefined) return number(call, stated);
    const value = values.shift();
    if (value !== undefined) return cast(value, "float32");
    throw new ConversionError(`attribute ${name} is missing`);
  });
}

/** `size` is the shape, or for `_n` what stands before that of parameters. */
function sizeOf(
  { attributes, operator }: OperatorCall,
  parameters: readonly Value[],
): Dims {
  const size = attributes.ints("size");
  const common = parameters.reduce<Dims>(
    (dims, value) => broadcastDims(dims, value.dims),
    [],
  );
  if (size === undefined) return common;
  return operator.endsWith("_n") ? [...size, ...common] : size;
}

export function ofSize(distribution: Distribution): OperatorFunction {
  return (call) => {
    const names = Object.keys(distribution.attributes);
    const parameters = mixedParameters(call, names);
    const drawn = distribution.draw(sizeOf(call, parameters), parameters);
    return cast(drawn, call.attributes.type("dtype", "float32"));
  };
}

/** 1 with a probability, which may be given as the logarithm of its odds. */
function bernoulli(call: OperatorCall): Value {
  const { attributes, graph } = call;
  const isLogit = attributes.bool("is_logit", false);
  const [given] = mixedParameters(call, [isLogit ? "logit" : "prob"]);
  const share = isLogit ? unary("Sigmoid", given!) : given!;
  const drawn = standardUniform(graph, sizeOf(call, [given!]));
  const type = attributes.type("dtype", "float32");
  return cast(compare("Less", drawn, share), type);
}
