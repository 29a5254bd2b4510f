import assert from "node:assert/strict";
import { localStamps, utcStamps } from "../../src/log/stamps.ts";

Deno.test("utcStamps()", async (t) => {
  const stamps = utcStamps();
  const time = Date.UTC(2018, 9, 14, 16, 59, 59, 926);

  await t.step("write RFC 3339 to the millisecond", () => {
    assert.equal(stamps.at(time), "2018-10-14T16:59:59.926Z");
    assert.equal(stamps.at(time + 1), "2018-10-14T16:59:59.927Z");
    assert.equal(stamps.at(time + 74), "2018-10-14T17:00:00.000Z");
  });

  await t.step("follow a clock that goes back", () => {
    assert.equal(stamps.at(time - 921), "2018-10-14T16:59:59.005Z");
    assert.equal(stamps.at(time - 86_400_000), "2018-10-13T16:59:59.926Z");
  });

  await t.step("agree with the runtime at all times", () => {
    for (let i = 0; i < 5000; i++) {
      const at = time + i * 7_777_777 + i % 1000;
      assert.equal(stamps.at(at), new Date(at).toISOString());
    }
  });
});

Deno.test("localStamps() write local time as log4j does", () => {
  const date = new Date(2018, 0, 4, 6, 9, 9, 26);
  assert.equal(localStamps().at(date.getTime()), "2018-01-04T06:09:09,026");
});
