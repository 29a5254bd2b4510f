import assert from "node:assert/strict";
import { tempFolder } from "../support/temp.ts";
import { FREE_PORTS, outcome, startServer } from "./support/mms.ts";

Deno.test("mms serve tells its log what callers of the management API got wrong", async (t) => {
  await using folder = await tempFolder();
  await folder.write("models/broken/signature.json", "{");
  await folder.write("models/broken/model.onnx", "");
  await using server = await startServer(
    [...FREE_PORTS, "--model-store", "models"],
    { folder },
  );
  const post = async (query: string) => {
    const url = `${server.management}/models?${query}`;
    const response = await fetch(url, { method: "POST" });
    return await response.text();
  };
  await post("url=no&batchsize=3&synchronous=true");
  await post("url=http://127.0.0.1:1/a.mar");
  const broken = await post("url=broken");
  const { err } = await server.end("SIGTERM");

  await t.step("a parameter that there is not, and the nearest", () => {
    assert.match(
      err,
      /WARN .* There is no parameter batchsize, did you mean batch_size$/m,
    );
    assert.doesNotMatch(err, /no parameter synchronous/);
  });

  await t.step("a url that is refused, and what would allow it", () => {
    assert.match(
      err,
      /WARN .*"http:\/\/127\.0\.0\.1:1\/a\.mar": .* allowed_urls with http:\/\/127\\\.0\\\.0\\\.1:1\/\.\* among/,
    );
  });

  await t.step("and them whose signature it is that is broken", () => {
    assert.match(broken, /Cannot read \\"signature\.json\\" of \\"broken\\":/);
  });
});

Deno.test("mms serve names the flag where an address is taken", async () => {
  await using folder = await tempFolder();
  await using server = await startServer(FREE_PORTS, { folder });
  const { code, err } = await outcome([
    ...["serve", "--inference-address", "http://127.0.0.1:0"],
    ...["--management-address", server.management],
  ], { folder });
  assert.equal(code, 1);
  assert.match(err, /--management-address with another port would be right/);
});
