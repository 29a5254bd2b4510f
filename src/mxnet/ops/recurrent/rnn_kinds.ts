import type { OnnxAttribute } from "../../onnx/model.ts";

/** What distinguishes one kind of recurrent layer from another. */
export interface RnnKind {
  /** The ONNX operator. */
  readonly operator: "RNN" | "LSTM" | "GRU";
  /** For each of ONNX's gates, which one of MXNet's it is. */
  readonly gates: readonly number[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** The modes of MXNet's RNN. MXNet has i f g o and r z n, ONNX i o f c and z r h. */
export const RNN_KINDS = {
  rnn_relu: {
    operator: "RNN",
    gates: [0],
    attributes: { activations: { strings: ["Relu"] } },
  },
  rnn_tanh: {
    operator: "RNN",
    gates: [0],
    attributes: { activations: { strings: ["Tanh"] } },
  },
  lstm: { operator: "LSTM", gates: [0, 3, 1, 2], attributes: {} },
  gru: {
    operator: "GRU",
    gates: [1, 0, 2],
    attributes: { linear_before_reset: { int: 1 } },
  },
} as const satisfies Readonly<Record<string, RnnKind>>;

/** The name of a mode. */
export type RnnMode = keyof typeof RNN_KINDS;

/** All modes. */
export const RNN_MODES = Object.keys(RNN_KINDS) as readonly RnnMode[];
