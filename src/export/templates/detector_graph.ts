/**
 * A graph in ONNX, as base64, that sees the same three boxes in every picture
 * [1, 3, 300, 300]: rows of class, score, xmin, ymin, xmax, ymax. It keeps the
 * place of a real one.
 */
export const DETECTOR_GRAPH: string = [
  "CAgSA21tczrUAQopCgVib3hlcxIKZGV0ZWN0aW9ucxoKZGV0ZWN0aW9ucyIISWRlbnRpdH",
  "kSCGRldGVjdG9yKlkIAQgDCAYQAUIFYm94ZXNKSAAAAABmZmY/zczMPc3MTD4AAAA/MzMz",
  "PwAAgD+amRk/zczMPpqZmT5mZmY/zcxMPwAAgD/NzMw9AAAAAAAAAAAAAIA/AACAP1ogCg",
  "RkYXRhEhgKFggBEhIKAggBCgIIAwoDCKwCCgMIrAJiIAoKZGV0ZWN0aW9ucxISChAIARIM",
  "CgIIAQoCCAMKAggGQgQKABAR",
].join("");
