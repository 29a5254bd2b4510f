import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { joined } from "../support/bytes.ts";
import { assertRefused, extracted } from "../support/extraction.ts";
import {
  entryBytes,
  paxHeader,
  tarBytes,
  type TarEntry,
  tarGzBytes,
} from "../support/tar_bytes.ts";

const KIB = 1024;

Deno.test("extractArchive() of a tar.gz file", async (t) => {
  await t.step("unpacks files and folders", async () => {
    const archive = tarGzBytes([
      { name: "./", type: "5" },
      { name: "./signature.json", data: "{}" },
      { name: "assets/", type: "5" },
      { name: "assets/synset.txt", data: "cat\n".repeat(300) },
      { name: "empty" },
    ]);
    assert.deepEqual(await extracted(archive), {
      "assets/synset.txt": "cat\n".repeat(300),
      "empty": "",
      "signature.json": "{}",
    });
  });

  await t.step(
    "moves everything out of the one folder at its top",
    async () => {
      const archive = tarGzBytes([
        { name: "./", type: "5" },
        { name: "noop/", type: "5" },
        { name: "noop/service.py", data: "pass" },
        { name: "noop/MAR-INF/MANIFEST.json", data: "{}" },
      ]);
      assert.deepEqual(await extracted(archive), {
        "MAR-INF/MANIFEST.json": "{}",
        "service.py": "pass",
      });
    },
  );

  await t.step("leaves MAR-INF where it is", async () => {
    const archive = tarGzBytes([{ name: "MAR-INF/MANIFEST.json", data: "{}" }]);
    assert.deepEqual(Object.keys(await extracted(archive)), [
      "MAR-INF/MANIFEST.json",
    ]);
  });

  await t.step("takes long names from extended headers", async () => {
    const name = `${"folder/".repeat(20)}größe.txt`;
    const archive = tarGzBytes([
      { name: "a" },
      paxHeader("path", name),
      { name: "short", data: "long" },
    ]);
    assert.equal((await extracted(archive))[name], "long");
  });
});

const REFUSED: readonly (readonly [
  string,
  readonly TarEntry[],
  readonly string[],
])[] = [
  ["a path that leads out", [{ name: "../evil" }], ["../evil", "leads out"]],
  ["an absolute path", [{ name: "/evil" }], ["/evil", "absolute"]],
  ["a backslash", [{ name: "..\\evil" }], ["..\\evil", "backslash"]],
  ["a drive letter", [{ name: "C:evil" }], ["C:evil", "drive letter"]],
  [
    "an extended path that leads out",
    [paxHeader("path", "a/../../evil"), { name: "good" }],
    ["a/../../evil", "leads out"],
  ],
  [
    "a long name that leads out",
    [{ name: "L", type: "L", data: "../evil\0" }, { name: "good" }],
    ["../evil", "leads out"],
  ],
  [
    "a symbolic link",
    [{ name: "b", type: "2", linkName: "/etc/passwd" }],
    ['"b"', "it is a link"],
  ],
  [
    "a hard link",
    [{ name: "a" }, { name: "b", type: "1", linkName: "a" }],
    ['"b"', "it is a link"],
  ],
  ["a pipe", [{ name: "b", type: "6" }], ['"b"', "it is a pipe"]],
  ["a device", [{ name: "b", type: "3" }], ['"b"', "it is a device"]],
  ["a disk", [{ name: "b", type: "4" }], ['"b"', "it is a device"]],
  [
    "a sparse file",
    [paxHeader("GNU.sparse.major", "1"), { name: "b", data: "x" }],
    ['"b"', "it is a sparse file"],
  ],
  ["a duplicate", [{ name: "a" }, { name: "a" }], ['"a"', "it is a duplicate"]],
  [
    "another case of the same name",
    [{ name: "a" }, { name: "A" }],
    ['"A"', 'a duplicate of "a" to some file systems'],
  ],
  ["a damaged header", [{ name: "a" }, {
    name: "b",
    checksumError: 1,
  }], ['"a"', "the archive is damaged"]],
  [
    "an entry that is cut off",
    [{ name: "a", data: "x", size: 5000 }],
    ['"a"', "the archive is damaged"],
  ],
];

Deno.test("extractArchive() refuses a tar.gz file with", async (t) => {
  for (const [what, entries, words] of REFUSED) {
    await t.step(what, () => assertRefused(tarGzBytes(entries), words));
  }

  await t.step("damaged compression", async () => {
    const archive = tarGzBytes([{ name: "a", data: "x".repeat(KIB) }]);
    archive.fill(0xff, 20, 30);
    await assertRefused(archive, ["the archive is damaged"]);
  });

  await t.step("no end", async () => {
    const whole = tarBytes([{ name: "a" }, {
      name: "b",
      data: "x".repeat(KIB),
    }]);
    const cut = gzipSync(whole.subarray(0, 2 * KIB - 512));
    await assertRefused(new Uint8Array(cut), ["the archive is damaged"]);
  });

  await t.step("something after its end", async () => {
    const archive = tarGzBytes([{ name: "a" }]);
    await assertRefused(
      joined(archive, new TextEncoder().encode("more")),
      ["the archive is damaged"],
    );
  });

  await t.step("too many entries", () =>
    assertRefused(
      tarGzBytes([{ name: "a" }, { name: "b" }, { name: "c" }]),
      ['"c"', "more than 2 files and folders"],
      { entries: 2 },
    ));

  await t.step(
    "too large a file, before any of it is written",
    () =>
      assertRefused(
        tarGzBytes([{ name: "a", data: "x", size: 8 * KIB ** 3 }]),
        ['"a"', "larger than 1000 bytes"],
        { entryBytes: 1000 },
      ),
  );

  await t.step("too large a signature", () =>
    assertRefused(
      tarGzBytes([{ name: "m/signature.json", data: " ".repeat(2000) }]),
      ["m/signature.json", "larger than 1000 bytes"],
      { metadataBytes: 1000 },
    ));

  await t.step("a bomb", () =>
    assertRefused(
      tarGzBytes([{ name: "bomb", data: "x".repeat(500 * KIB) }]),
      ["bomb", "over 200 times its size"],
      { ratioFreeBytes: 100 * KIB },
    ));

  await t.step("headers without end", async () => {
    const one = entryBytes(paxHeader("comment", "x".repeat(60 * KIB)));
    const headers = Array.from({ length: 40 }, () => one);
    await assertRefused(
      new Uint8Array(gzipSync(joined(...headers))),
      ["the archive unpacks to over"],
      { entries: 10, totalBytes: KIB ** 2 },
    );
  });
});
