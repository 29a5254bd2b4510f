import assert from "node:assert/strict";
import { linuxTest } from "./support/load_server.ts";
import { growth, soak } from "./support/soak.ts";

const WARM_UP_MS = 20_000;
const MS = 90_000;
/** How much more memory the front may take at the end. */
const MOST = 1.1;

linuxTest(
  "Two minutes of mixed load, with workers killed, leave the server as it was",
  async () => {
    const { predictions, comings, others, kills, resident, files } = await soak(
      {
        warmUpMs: WARM_UP_MS,
        ms: MS,
      },
    );
    assert.ok(kills > 0);
    // Each killed worker may have cost one request.
    const { 200: served } = predictions.settle({ 500: kills });
    assert.ok(served! > 1000, `${served} were served`);
    // Models that come and go may be gone when somebody asks for them.
    comings.settle({ 404: Infinity, 500: Infinity, 503: Infinity });
    assert.ok(others > 1000, `${others} other requests`);
    assert.ok(growth(resident) <= MOST, resident.map(Math.round).join(" "));
    assert.ok(files.after <= files.before, JSON.stringify(files));
  },
);
