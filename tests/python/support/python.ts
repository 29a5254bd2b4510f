/**
 * Tests that need a Python, where there is one.
 *
 * @module
 */

/** The Python that tests run services with. */
export const PYTHON: string = Deno.env.get("MMS_TEST_PYTHON") ??
  (Deno.build.os === "windows" ? "python" : "python3");

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
  const missing = canRun("import sys; sys.exit(sys.version_info < (3, 8))")
    ? packages.find((it) => !canRun(`import ${it}`))
    : "Python 3.8 or later";
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

function canRun(code: string): boolean {
  try {
    const { success } = new Deno.Command(PYTHON, {
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
