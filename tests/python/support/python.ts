/**
 * Tests that need a Python, where there is one.
 *
 * @module
 */

/** The Python that tests run services with. */
export const PYTHON: string = Deno.env.get("MMS_TEST_PYTHON") ??
  (Deno.build.os === "windows" ? "python" : "python3");

/** The Pythons that may have MXNet, which is there for 3.8 at most. */
const MXNET_PYTHONS: readonly string[] = [
  Deno.env.get("MMS_TEST_MXNET_PYTHON") ?? PYTHON,
  "python3.8",
];

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
  if (missing === undefined) {
    Deno.test(name, run);
    return;
  }
  const required = packages.length === 0 && Deno.env.get("CI") === "true";
  Deno.test({
    name: `${name} (needs ${missing})`,
    ignore: !required,
    fn() {
      throw new Error(`Cannot test Python services: there is no ${missing}`);
    },
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
  if (python === undefined) {
    Deno.test.ignore(
      `${name} (needs MXNet: MMS_TEST_MXNET_PYTHON names a Python that has it)`,
      () => {},
    );
  } else Deno.test(name, (t) => run(t, python));
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
