import assert from "node:assert/strict";
import { decodePixels } from "../../../src/service/image/decode_image.ts";
import { pooledPixels } from "../../../src/service/image/pixel_pool.ts";
import { plainJpeg } from "./support/jpeg_writer.ts";

Deno.test("pooledPixels() uses memory again, once it is disposed of", () => {
  const first = pooledPixels(100, 100);
  const second = pooledPixels(100, 100);
  assert.notEqual(first.data.buffer, second.data.buffer);
  first[Symbol.dispose]();
  using third = pooledPixels(50, 20);
  assert.equal(third.data.buffer, first.data.buffer);
  assert.equal(third.data.length, 4 * 50 * 20);
});

Deno.test("decodePixels() keeps pictures apart that are held at once", async () => {
  const files = [10, 200].map((grey) => plainJpeg({ blocks: [[[grey]]] }));
  const [dark, light] = await Promise.all(files.map((it) => decodePixels(it)));
  assert.deepEqual([dark!.data[0], light!.data[0]], [10, 200]);
  dark![Symbol.dispose]();
  using again = await decodePixels(files[1]!);
  assert.deepEqual([again.data[0], light!.data[0]], [200, 200]);
});
