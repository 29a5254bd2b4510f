/** Makes ONNX Runtime's shared library loadable where it is not by itself. */
export function prepareNativeLibrary(): Promise<void> {
  return Promise.resolve();
}
