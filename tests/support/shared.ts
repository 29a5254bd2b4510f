/**
 * Tests on the reference data that lies beside the repository, where it does.
 *
 * @module
 */

import { needing } from "./needing.ts";
import { fromFileUrl } from "./paths.ts";

/** The folder with real models, images and reference results, or `undefined`. */
export const sharedFolder: string | undefined = locate();

/**
 * Registers a test that needs the reference data. Where the data is absent the
 * test is reported as ignored with the reason in its name, except on the
 * project's own CI, where its absence is a failure.
 */
export function sharedTest(
  name: string,
  run: (folder: string, t: Deno.TestContext) => void | Promise<void>,
): void {
  const isRequired = Deno.env.get("CI") === "true" &&
    Deno.env.get("GITHUB_ACTIONS") !== "true";
  if (sharedFolder !== undefined || !isRequired) {
    const missing = sharedFolder === undefined ? "../shared" : undefined;
    needing(missing)(name, (t) => run(sharedFolder!, t)); // Where there is none, it is not run.
    return;
  }
  Deno.test(`${name} (needs ../shared)`, () => {
    throw new Error("Cannot test against ../shared: it is not there");
  });
}

function locate(): string | undefined {
  const folder = fromFileUrl(new URL("../../../shared", import.meta.url));
  try {
    return Deno.statSync(`${folder}/models`).isDirectory ? folder : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
