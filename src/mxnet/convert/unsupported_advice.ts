/** What would help, by the names of operators that cannot be converted. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /quantize|^_sg_mkldnn|_calibrate_entropy$/,
    "this is a quantized graph, convert the float checkpoint it was made from",
  ],
  [
    /^(Custom|_npi_Custom|_Native|_NDArray|_CustomFunction|TorchModule|CaffeOp)/,
    "operators written in Python or by plugins are not part of the file, put them together from MXNet's own or run the model as a Python service",
  ],
  [
    /_CachedOp/,
    "a graph of cached operators is not meant for a file, save the network with HybridBlock.export",
  ],
  [
    /svd|eig|syevd|gelqf|pinv/,
    "ONNX has no factorisations of matrices, compute what depends on parameters alone before the export, or the rest in a Python service",
  ],
  [
    /^_contrib_(dgl|edge_id|getnnz)|_sparse_retain/,
    "graphs and sparse arrays cannot be fed, convert the part of the network behind them",
  ],
  [
    /_update(_phase\d)?$|_update_|^multi_|^preloaded_|_nograd|reset_arrays|all_finite$/i,
    "operators of optimisers belong to training, export the network that it gave",
  ],
  [
    /MultiBoxTarget|multibox_target|ctc_?loss|softmax_cross_entropy|hawkesll/i,
    "losses need labels, export the outputs in front of them",
  ],
  [
    /_image_random_/,
    "random changes of images belong to training, export the network without them",
  ],
  [
    /imdecode|imread|imresize|copyMakeBorder/,
    "pictures are decoded in front of the network, by the service",
  ],
  [
    /histogram|bincount|_npi_(diag_indices_from|choice|multinomial|lcm|bitwise_\w+_scalar|insert_tensor|tensor(inv|solve))|unique_zipfian/,
    "ONNX has nothing like them, compute what they give in front of the network or behind it",
  ],
  [
    /^(_set_value|_onehot_encode|fill_element_0index|_NoGradient)$|share_memory|constraint_check|scatter_set_nd/,
    "operators that change arrays in place or check them have no output that inference needs, leave them out",
  ],
];

/** Returns what would help where these operators are not supported. */
export function adviceFor(operators: readonly string[]): readonly string[] {
  return ADVICE.filter(([pattern]) =>
    operators.some((name) => pattern.test(name))
  ).map(([, text]) => text);
}
