import assert from "node:assert/strict";
import { speedUpMozjpeg } from "../../../src/service/image/mozjpeg_simd.ts";
import { wasmFile } from "../../../src/service/image/wasm_file.ts";

/** An instance whose imports do nothing. */
function instantiate(module: WebAssembly.Module): WebAssembly.Instance {
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => 0;
  }
  return new WebAssembly.Instance(module, imports);
}

Deno.test("speedUpMozjpeg() knows the decoder that is installed", async () => {
  const { module, sha256 } = await wasmFile(
    "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm",
  );
  assert.equal(speedUpMozjpeg(instantiate(module), sha256), true);
});

Deno.test("speedUpMozjpeg() leaves every other decoder alone", async () => {
  const { module } = await wasmFile("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm");
  const instance = instantiate(module);
  assert.equal(speedUpMozjpeg(instance, "0".repeat(64)), false);
  const { module: other, sha256 } = await wasmFile(
    "@jsquash/webp/codec/dec/webp_dec.wasm",
  );
  assert.equal(speedUpMozjpeg(instantiate(other), sha256), false);
});
