import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  chooseService,
  openFolder,
  type ServiceChoice,
  type ServiceChoiceOptions,
} from "../../../src/archive/mod.ts";
import {
  fingerprint,
  STOCK_SERVICES,
  type StockRole,
} from "../../../src/archive/model/stock_service.ts";
import { root } from "../../support/paths.ts";
import { tempFolder } from "../../support/temp.ts";

/** Stands for a file of the original server, none of which is in this tree. */
const VISION = `"""Ranks classes."""
import base

class Vision(base.Base):
    def handle(self, data, context):
        return data
`;
const UTILITIES = "def read(data):\n    return data\n";

const STOCK = new Map<string, StockRole>([
  [fingerprint(VISION), "image"],
  [fingerprint(UTILITIES), "utils-image"],
]);

const CHECKPOINT = {
  "net-symbol.json": "{}",
  "net-0000.params": "",
};

/** Which service a folder with these files gets. */
async function choose(
  files: Readonly<Record<string, string>>,
  options: ServiceChoiceOptions = {},
): Promise<ServiceChoice> {
  await using folder = await tempFolder();
  for (const [name, text] of Object.entries({ ...CHECKPOINT, ...files })) {
    await folder.write(name, text);
  }
  const archive = await openFolder(folder.path, { name: "net" });
  return await chooseService(archive, { stock: STOCK, ...options });
}

function manifest(handler: string): Readonly<Record<string, string>> {
  return {
    "MAR-INF/MANIFEST.json": JSON.stringify({ model: { handler } }),
  };
}

Deno.test("fingerprint() ignores comments, empty lines, line ends and trailing white space", () => {
  const edited = `# A licence.\r\n${
    VISION.replaceAll("\n", "  \r\n\r\n")
  }    # the end`;
  assert.notEqual(edited, VISION);
  assert.equal(fingerprint(edited), fingerprint(VISION));
  const lines = VISION.split("\n").filter(Boolean).join("\n") + "\n";
  assert.equal(
    fingerprint(VISION),
    createHash("sha256").update(lines).digest("hex"),
  );
});

Deno.test("fingerprint() sees every other change", () => {
  for (
    const edited of [
      VISION.replace("base.Base", "base.Base2"),
      VISION.replace("        return", "    return"),
      `${VISION}handle = None\n`,
    ]
  ) {
    assert.notEqual(fingerprint(edited), fingerprint(VISION));
  }
});

Deno.test("STOCK_SERVICES names roles of the services that are known", () => {
  const roles: Record<StockRole, number> = {
    "base": 44,
    "image": 15,
    "image-batching": 6,
    "gluon-base": 3,
    "gluon-image": 5,
    "gluon-alexnet": 3,
    "single-node": 54,
    "handler": 5,
    "utils-image": 8,
    "utils-ndarray": 6,
    "utils-nlp": 6,
    "ssd": 6,
    "lstm": 9,
  };
  const counts = Map.groupBy(STOCK_SERVICES, ([, role]) => role);
  assert.deepEqual(
    Object.fromEntries([...counts].map(([role, { length }]) => [role, length])),
    roles,
  );
});

Deno.test("chooseService() runs an unedited service of the original built in", async () => {
  assert.deepEqual(
    await choose({ ...manifest("vision:handle"), "vision.py": VISION }),
    {
      handler: "mms:image",
      reason: `"vision.py" is the original server's, unedited`,
    },
  );
});

Deno.test("chooseService() has a built-in twin for every service of the original", async () => {
  const twins = {
    "base": "mms:json",
    "image": "mms:image",
    "image-batching": "mms:image-batching",
    "gluon-base": "mms:gluon-base",
    "gluon-image": "mms:gluon-image",
    "gluon-alexnet": "mms:gluon-alexnet",
    "ssd": "mms:ssd",
    "lstm": "mms:lstm",
  } as const;
  const files = { ...manifest("vision:handle"), "vision.py": VISION };
  for (const [role, twin] of Object.entries(twins)) {
    const stock = new Map([[fingerprint(VISION), role as keyof typeof twins]]); // its own key
    assert.equal((await choose(files, { stock })).handler, twin);
  }
});

Deno.test("chooseService() finds the service file as the original did", async () => {
  for (const handler of ["pkg/vision.py:handle", "pkg.vision", "pkg/vision"]) {
    const files = { ...manifest(handler), "pkg/vision.py": VISION };
    assert.equal((await choose(files)).handler, "mms:image", handler);
  }
});

Deno.test("chooseService() knows the service that a caller names instead", async () => {
  const files = { ...manifest("own:handle"), "vision.py": VISION };
  const { handler } = await choose(files, { handler: "vision:handle" });
  assert.equal(handler, "mms:image");
});

Deno.test("chooseService() leaves an edited service to its author", async () => {
  const edited = VISION.replace("return data", "return data[:10]");
  assert.deepEqual(
    await choose({ ...manifest("vision:handle"), "vision.py": edited }),
    { handler: "vision:handle", reason: `"vision.py" is code of its own` },
  );
});

Deno.test("chooseService() looks at what a service imports from beside it", async () => {
  const files = {
    ...manifest("vision:handle"),
    "vision.py": VISION,
    "mxnet_utils/__init__.py": "# Nothing.\n",
    "mxnet_utils/image.py": UTILITIES,
  };
  assert.equal((await choose(files)).handler, "mms:image");
  assert.deepEqual(
    await choose({
      ...files,
      "mxnet_utils/image.py": UTILITIES.replace("data\n", "data[::-1]\n"),
    }),
    {
      handler: "vision:handle",
      reason:
        `"vision.py" is the original server's, but "mxnet_utils/image.py" is not`,
    },
  );
});

Deno.test("chooseService() says what it has compared with nothing", async () => {
  assert.deepEqual(await choose(manifest("gone:handle")), {
    handler: "gone:handle",
    reason: `there is no "gone.py"`,
  });
  const { handler, reason } = await choose(manifest("../out:handle"));
  assert.equal(handler, "../out:handle");
  assert.match(reason, /is code|there is no|cannot be compared/);
});

Deno.test("chooseService() leaves a network that only its code holds to it", async () => {
  await using folder = await tempFolder();
  await folder.write("vision.py", VISION);
  await folder.write(
    "MAR-INF/MANIFEST.json",
    manifest("vision:handle")["MAR-INF/MANIFEST.json"]!,
  );
  const archive = await openFolder(folder.path);
  const choice = await chooseService(archive, { stock: STOCK });
  assert.equal(choice.handler, "vision:handle");
  assert.match(choice.reason, /there is no graph to run without it$/);
});

Deno.test("chooseService() leaves a service to Python where that is asked for", async () => {
  const files = { ...manifest("vision:handle"), "vision.py": VISION };
  assert.deepEqual(await choose(files, { service: "python" }), {
    handler: "vision:handle",
    reason: "service=python asks for it",
  });
  await assert.rejects(choose({}, { service: "python" }), {
    code: "invalid_model",
    message:
      'Cannot run model "net" in Python: its handler is not named, the module of a service would be right',
  });
});

Deno.test("chooseService() takes built-in services by their names", async () => {
  assert.deepEqual(await choose(manifest("mms:gluon-image")), {
    handler: "mms:gluon-image",
    reason: "the manifest names it",
  });
  assert.deepEqual(await choose({}), {
    handler: undefined,
    reason: "no handler is named",
  });
});

Deno.test("chooseService() knows the services that mms export writes", async () => {
  const folder = `${root}/src/export/python`;
  for (
    const [file, service] of [
      ["mxnet_vision_service.py", "mms:image"],
      ["mxnet_model_service.py", "mms:json"],
    ] as const
  ) {
    const text = await Deno.readTextFile(`${folder}/${file}`);
    const { handler } = await choose({ ...manifest(file), [file]: text });
    assert.equal(handler, service);
  }
});
