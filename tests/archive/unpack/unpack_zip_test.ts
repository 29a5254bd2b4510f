import assert from "node:assert/strict";
import type { ArchiveLimits } from "../../../src/archive/mod.ts";
import { joined } from "../support/bytes.ts";
import { assertRefused, extracted } from "../support/extraction.ts";
import { zipBytes, type ZipEntry } from "../support/zip_bytes.ts";

const LINK = 0o120777 * 2 ** 16;
const PIPE = 0o010644 * 2 ** 16;
const SOCKET = 0o140644 * 2 ** 16;
const DEVICE = 0o020644 * 2 ** 16;
const FOLDER = 0o040755 * 2 ** 16;

const KIB = 1024;

Deno.test("extractArchive() of a zip file", async (t) => {
  await t.step("unpacks stored and deflated files and folders", async () => {
    const archive = zipBytes([
      { name: "signature.json", data: "{}" },
      { name: "assets/", attributes: FOLDER },
      { name: "assets/synset.txt", data: "cat\n".repeat(100), method: 8 },
      { name: "./MAR-INF//MANIFEST.json", data: "{}" },
      { name: "größe.txt", data: "" },
    ]);
    assert.deepEqual(await extracted(archive), {
      "MAR-INF/MANIFEST.json": "{}",
      "assets/synset.txt": "cat\n".repeat(100),
      "größe.txt": "",
      "signature.json": "{}",
    });
  });

  await t.step("unpacks an archive without entries", async () => {
    assert.deepEqual(await extracted(zipBytes([])), {});
  });
});

const UNSAFE_NAMES = [
  ["../evil.txt", "leads out"],
  ["a/../../evil.txt", "leads out"],
  ["a/..", "leads out"],
  ["/etc/evil.txt", "absolute"],
  ["C:/evil.txt", "drive letter"],
  ["a/c:evil.txt", "drive letter"],
  ["..\\evil.txt", "backslash"],
  ["a\\b.txt", "backslash"],
] as const;

Deno.test("extractArchive() refuses the zip entry", async (t) => {
  for (const [name, reason] of UNSAFE_NAMES) {
    await t.step(
      `named ${name}`,
      () => assertRefused(zipBytes([{ name, data: "evil" }]), [name, reason]),
    );
  }

  await t.step(
    "with a control character, which it does not print",
    () =>
      assertRefused(
        zipBytes([{ name: "a\x1b[31m.txt" }]),
        ["a\\x1b[31m.txt", "control character"],
      ),
  );

  await t.step("with a NUL", () =>
    assertRefused(
      zipBytes([{ name: "a.txt\0.onnx" }]),
      ["a.txt\\x00.onnx", "control character"],
    ));

  await t.step(
    "without a name",
    () => assertRefused(zipBytes([{ name: "", data: "x" }]), ["no name"]),
  );

  await t.step("with an endless name", () =>
    assertRefused(
      zipBytes([{ name: "a/".repeat(5000) + "b" }]),
      ["a/a/a/", "longer than 4096"],
    ));

  const specials = { link: LINK, pipe: PIPE, socket: SOCKET, device: DEVICE };
  for (const [kind, attributes] of Object.entries(specials)) {
    await t.step(`that is a ${kind}`, () =>
      assertRefused(
        zipBytes([{ name: "b.txt", data: "/etc/passwd", attributes }]),
        ["b.txt", `it is a ${kind}`],
      ));
  }

  await t.step("that is encrypted", () =>
    assertRefused(
      zipBytes([{ name: "secret.txt", data: "x".repeat(20), flags: 1 }]),
      ["secret.txt", "encrypted"],
    ));

  await t.step("compressed in an unknown way", () =>
    assertRefused(
      zipBytes([{ name: "odd.txt", data: "x", method: 97 }]),
      ["odd.txt", "compressed in an unknown way"],
    ));
});

const DUPLICATES: readonly (readonly [string, string, string])[] = [
  ["a.txt", "a.txt", "it is a duplicate"],
  ["a.txt", "./a.txt", "it is a duplicate"],
  ["a.txt", "A.TXT", 'a duplicate of "a.txt" to some file systems'],
  ["straße", "STRASSE", "to some file systems"],
  ["\u00e9.txt", "e\u0301.txt", "to some file systems"],
  ["ﬁle", "file", "to some file systems"],
  ["a.txt", "a.txt.", "to some file systems"],
  ["a.txt", "a.txt ", "to some file systems"],
  ["b/x", "B/y", 'a duplicate of "b" to some file systems'],
  ["a", "a/b", "a file and a folder at once"],
  ["a/b", "a", "a file and a folder at once"],
  ["a/", "a/", "it is a duplicate"],
];

Deno.test("extractArchive() refuses the second of two zip entries", async (t) => {
  for (const [first, second, reason] of DUPLICATES) {
    await t.step(`${first} and ${second}`, () =>
      assertRefused(
        zipBytes([{ name: first }, { name: second }]),
        [`"${second}"`, reason],
      ));
  }

  await t.step("that overlap", async () => {
    // The inner entry is part of the outer one's content.
    const inner = zipBytes([{ name: "inner.txt", data: "inner" }]);
    const data = inner.subarray(0, 30 + "inner.txt".length + "inner".length);
    const outer: ZipEntry = { name: "outer.txt", data };
    const offset = 30 + "outer.txt".length;
    const archive = zipBytes([outer, {
      name: "inner.txt",
      data: "inner",
      lie: { offset },
    }]);
    await assertRefused(archive, ["inner.txt", "overlaps another entry"]);
  });
});

Deno.test("extractArchive() refuses a zip file that lies", async (t) => {
  const data = "x".repeat(1000);

  await t.step("by too small a size of a deflated entry", () =>
    assertRefused(
      zipBytes([{ name: "a.txt", data, method: 8, lie: { bytes: 10 } }]),
      ["a.txt", "its size is not"],
    ));

  await t.step("by too large a size of a deflated entry", () =>
    assertRefused(
      zipBytes([{ name: "a.txt", data, method: 8, lie: { bytes: 2000 } }]),
      ["a.txt"],
    ));

  await t.step("by the size of a stored entry", () =>
    assertRefused(
      zipBytes([{ name: "a.txt", data, lie: { bytes: 10 } }]),
      ["a.txt"],
    ));

  await t.step("by the header before the data", () =>
    assertRefused(
      zipBytes([{ name: "a.txt", data, localLie: { bytes: 10 } }]),
      ["a.txt", "contradict each other"],
    ));

  await t.step("by another name before the data", () =>
    assertRefused(
      zipBytes([{ name: "a.txt", data, localLie: { name: "b.txt" } }]),
      ["a.txt", "contradict each other"],
    ));

  await t.step("by its checksum", () =>
    assertRefused(
      zipBytes([{ name: "a.txt", data, method: 8, lie: { checksum: 1 } }]),
      ["a.txt", "its checksum is wrong"],
    ));

  await t.step("by where an entry is", () =>
    assertRefused(
      zipBytes([
        { name: "a.txt", data },
        { name: "b.txt", data, lie: { offset: 7 } },
      ]),
      ["b.txt", "not where they should be"],
    ));

  await t.step("by bytes that are not there", () =>
    assertRefused(
      zipBytes([{
        name: "a.txt",
        data,
        lie: { packedBytes: 10_000, bytes: 10_000 },
      }]),
      ["a.txt", "not all in the archive"],
    ));

  await t.step(
    "by the number of its entries",
    () =>
      assertRefused(zipBytes([{ name: "a.txt", data }], { count: 2 }), [
        "directory",
      ]),
  );

  await t.step("by bytes before or after it", async () => {
    const entries = [{ name: "a.txt", data }];
    const stub = zipBytes([{ name: "stub.txt" }]);
    await assertRefused(
      zipBytes(entries, { before: joined(stub.subarray(0, 38)) }),
      ["contradict each other"],
    );
    await assertRefused(
      zipBytes(entries, { after: "more" }),
      ["contradict each other"],
    );
  });

  await t.step("by damaged content", async () => {
    const archive = zipBytes([{ name: "a.txt", data, method: 8 }]);
    archive.fill(0xff, 36, 40);
    await assertRefused(archive, ["a.txt"]);
  });

  await t.step("by being cut off", () =>
    assertRefused(
      zipBytes([{ name: "a.txt", data }]).subarray(0, 500),
      ["the archive is cut off"],
    ));
});

const BEYOND: readonly (readonly [
  string,
  readonly ZipEntry[],
  Partial<ArchiveLimits>,
  readonly string[],
])[] = [
  [
    "too many entries",
    [{ name: "a" }, { name: "b" }, { name: "c" }],
    { entries: 2 },
    ['"c"', "more than 2 files and folders"],
  ],
  [
    "too many folders on the way to its entries",
    [{ name: "a/b/c/d" }],
    { entries: 3 },
    ["a/b/c/d", "more than 3 files and folders"],
  ],
  [
    "too large a file",
    [{ name: "a", data: "x".repeat(100) }],
    { entryBytes: 99 },
    ['"a"', "larger than 99 bytes"],
  ],
  [
    "files too large together",
    [{ name: "a", data: "x".repeat(60) }, { name: "b", data: "x".repeat(60) }],
    { totalBytes: 100 },
    ['"b"', "over 100 bytes"],
  ],
  [
    "a bomb",
    [{ name: "bomb", data: "x".repeat(500 * KIB), method: 8 }],
    { ratio: 200, ratioFreeBytes: 100 * KIB },
    ["bomb", "over 200 times its size"],
  ],
  [
    "too large a manifest",
    [{ name: "MAR-INF/MANIFEST.json", data: " ".repeat(1025) }],
    { metadataBytes: 1024 },
    ["MAR-INF/MANIFEST.json", "larger than 1024 bytes"],
  ],
  [
    "too large a signature one folder down",
    [{ name: "m/signature.json", data: " ".repeat(1025) }],
    { metadataBytes: 1024 },
    ["m/signature.json", "larger than 1024 bytes"],
  ],
];

Deno.test("extractArchive() refuses a zip file with", async (t) => {
  for (const [what, entries, limits, words] of BEYOND) {
    await t.step(what, () => assertRefused(zipBytes(entries), words, limits));
  }
});

Deno.test("extractArchive() lets a zip file pass that is as large as allowed", async () => {
  const archive = zipBytes([
    { name: "a", data: "x".repeat(500 * KIB), method: 8 },
  ]);
  assert.equal((await extracted(archive)).a?.length, 500 * KIB);
});
