import assert from "node:assert/strict";
import { pythonTest } from "./support/python.ts";
import { serviceServer } from "./support/service_server.ts";

pythonTest(
  "tell_tracebacks=true tells callers where a service failed",
  async (t) => {
    await using server = await serviceServer(["--tell-tracebacks", "true"]);
    await server.register("rude");
    const told = async (deed: string) => {
      const headers = { "content-type": "text/plain" };
      const { status, text } = await server.ask("rude", {
        body: deed,
        headers,
      });
      assert.equal(status, 503);
      return JSON.parse(text).message;
    };

    await t.step("by an exception, which is logged as well", async () => {
      assert.match(
        await told("fail"),
        /^Prediction failed\nTraceback .*rude\.py", line \d+, in fail\n.*ValueError: the deed was to fail$/s,
      );
      await server.logged(/rude\.py", line \d+, in fail/);
    });

    await t.step("by an answer that is none", async () => {
      assert.match(
        await told("answer_object"),
        /^Unsupported model output data type\.\nrude\.py: .* not JSON serializable$/,
      );
      assert.match(
        await told("answer_tuple"),
        /^Invalid model predict output\nrude\.py: handle returned a tuple, /,
      );
    });
  },
);
