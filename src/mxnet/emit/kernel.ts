import { carrierOf, type ElementType, isFloat } from "../element_type.ts";
import type { Dims } from "../onnx/dims.ts";
import type { OnnxAttribute } from "../onnx/model.ts";
import type { Value } from "../onnx/value.ts";
import { cast } from "./cast.ts";

const FLOAT32 = "float32";
const FLOATS = "float32 float64";
const WIDE = "float32 float64 int32 int64";
const MOST = "float32 float64 int32 int64 uint8 int8";
const NUMBERS = `${MOST} int16 uint16 uint32 uint64`;

/**
 * The types that the CPU kernels of ONNX Runtime 1.30 take, found by loading a
 * graph of one node for each; operators that are not listed take every type.
 */
const KERNELS: Readonly<Record<string, string>> = {
  Abs: NUMBERS,
  Acos: FLOAT32,
  Acosh: FLOAT32,
  Add: NUMBERS,
  ArgMax: MOST,
  ArgMin: MOST,
  Asin: FLOAT32,
  Asinh: FLOAT32,
  Atan: FLOAT32,
  Atanh: FLOAT32,
  AveragePool: FLOAT32,
  BatchNormalization: FLOATS,
  Ceil: FLOATS,
  Clip: `${MOST} uint32 uint64`,
  Conv: FLOAT32,
  ConvTranspose: FLOAT32,
  Cos: FLOATS,
  Cosh: FLOAT32,
  CumSum: WIDE,
  DepthToSpace: "float32 float64 uint8 int8",
  Det: FLOAT32,
  Div: WIDE,
  Elu: FLOAT32,
  Erf: FLOAT32,
  Exp: FLOATS,
  Floor: FLOATS,
  Gemm: FLOATS,
  GlobalAveragePool: FLOAT32,
  GlobalMaxPool: FLOAT32,
  Greater: NUMBERS,
  GreaterOrEqual: NUMBERS,
  GridSample: FLOAT32,
  GRU: FLOAT32,
  HardSigmoid: FLOAT32,
  InstanceNormalization: FLOAT32,
  IsInf: FLOATS,
  IsNaN: FLOATS,
  LayerNormalization: FLOATS,
  LeakyRelu: FLOATS,
  Less: NUMBERS,
  LessOrEqual: NUMBERS,
  Log: FLOATS,
  LogSoftmax: FLOATS,
  LpPool: FLOAT32,
  LRN: FLOAT32,
  LSTM: FLOAT32,
  MatMul: "float32 float64 int32 int64 uint32 uint64",
  Max: `${MOST} uint32 uint64`,
  MaxPool: FLOAT32,
  MaxRoiPool: FLOAT32,
  Min: `${MOST} uint32 uint64`,
  Mul: NUMBERS,
  Neg: "float32 float64 int32 int64 int8 int16",
  OneHot: "float32 int64",
  Pad: `${MOST} bool uint32 uint64`,
  Pow: WIDE,
  PRelu: WIDE,
  Range: WIDE,
  Reciprocal: FLOATS,
  ReduceL1: WIDE,
  ReduceL2: WIDE,
  ReduceMax: MOST,
  ReduceMean: WIDE,
  ReduceMin: MOST,
  ReduceProd: WIDE,
  ReduceSum: WIDE,
  ReduceSumSquare: WIDE,
  Relu: "float32 float64",
  Resize: "float32 int32 uint8 int8",
  RNN: FLOAT32,
  RoiAlign: FLOATS,
  Round: FLOATS,
  Selu: FLOAT32,
  Sigmoid: FLOATS,
  Sign: NUMBERS,
  Sin: FLOATS,
  Sinh: FLOAT32,
  Softmax: FLOATS,
  Softplus: FLOAT32,
  Softsign: FLOAT32,
  SpaceToDepth: "float32 float64 uint8 int8",
  Sqrt: FLOATS,
  Sub: NUMBERS,
  Sum: FLOATS,
  Tan: FLOAT32,
  Tanh: FLOATS,
  TopK: `${MOST} int16`,
  Trilu: `${WIDE} bool`,
  Unique: "float32 float64 int64 int8",
  Where: "float32 float64 int32 int64 uint8",
};

/** In which type else a type is computed, best first. */
const STAND_INS: readonly ElementType[] = [
  "int32",
  "int64",
  "float64",
  "float32",
];

/** What a node makes of its inputs. */
export interface ResultFacts {
  readonly dims: Dims;
  /** The type of the result; that of the first input if absent. */
  readonly type?: ElementType;
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** Inputs that follow and are of types of their own. */
  readonly also?: readonly (Value | undefined)[];
}

/**
 * Adds a node whose inputs share one type and returns its output. Where the
 * kernel does not take the type, it runs in another that holds its values.
 */
export function apply(
  operator: string,
  inputs: readonly [Value, ...(Value | undefined)[]],
  { dims, type, attributes = {}, also = [] }: ResultFacts,
): Value {
  const [first] = inputs;
  const computed = computedType(operator, first.type);
  const result = type ?? first.type;
  const same = carrierOf(result) === carrierOf(first.type);
  const cells = inputs.map((input) => input && cast(input, computed));
  const [output] = first.graph.emit(operator, [...cells, ...also], {
    outputs: [{ type: same ? computed : result, dims }],
    attributes,
  });
  return cast(output!, result);
}

/** Returns the type that the operator's kernel takes in place of `type`. */
export function computedType(operator: string, type: ElementType): ElementType {
  const carrier = carrierOf(type);
  const kernels = KERNELS[operator]?.split(" ");
  if (kernels === undefined || kernels.includes(carrier)) return carrier;
  const candidates = isFloat(carrier) ? ["float32"] as const : STAND_INS;
  return candidates.find((other) => kernels.includes(other)) ?? "float32";
}
