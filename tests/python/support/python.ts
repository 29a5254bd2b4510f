/**
 * Tests that need a Python, where there is one.
 *
 * @module
 */

import { needing } from "../../support/needing.ts";

/** The Python that tests run services with. */
export const PYTHON: string = Deno.env.get("MMS_TEST_PYTHON") ??
  (Deno.build.os === "windows" ? "python" : "python3");

/** The Pythons that may have MXNet, which is there for 3.8 at most. */
const MXNET_PYTHONS: readonly string[] = [
  Deno.env.get("MMS_TEST_MXNET_PYTHON") ?? PYTHON,
  "python3.8",
];

const NO_MXNET = "MXNet: MMS_TEST_MXNET_PYTHON names a Python that has it";

/**
 * Registers a test that needs Python and its `packages`. Where one is absent
 * the test is reported as ignored with the reason in its name, except on the
 * project's own CI, where the absence of Python itself is a failure.
 */
export function pythonTest(
  name: string,
  run: (t: Deno.TestContext) => Promise<void>,
  packages: readonly string[] = [],
): void {
  const missing = missingPackage(packages);
  const isRequired = packages.length === 0 && Deno.env.get("CI") === "true";
  if (missing === undefined || !isRequired) return needing(missing)(name, run);
  Deno.test(`${name} (needs ${missing})`, () => {
    throw new Error(`Cannot test Python services: there is no ${missing}`);
  });
}

/** Returns what Python, or which of the packages, is not there. */
export function missingPackage(
  packages: readonly string[],
): string | undefined {
  return canRun(PYTHON, "import sys; sys.exit(sys.version_info < (3, 8))")
    ? packages.find((it) => !canRun(PYTHON, `import ${it}`))
    : "Python 3.8 or later";
}

/**
 * Registers a test that needs MXNet itself, and gives it the Python that has it:
 * the one that `MMS_TEST_MXNET_PYTHON` names, the one of all tests, or
 * `python3.8`. Where none has, the test is reported as ignored for that reason.
 */
export function mxnetTest(
  name: string,
  run: (t: Deno.TestContext, python: string) => Promise<void>,
): void {
  const python = MXNET_PYTHONS.find((it) => canRun(it, "import mxnet"));
  needing(python === undefined ? NO_MXNET : undefined)(
    name,
    (t) => run(t, python!), // Where there is none, it is not run.
  );
}

function canRun(python: string, code: string): boolean {
  try {
    const { success } = new Deno.Command(python, {
      args: ["-c", code],
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
