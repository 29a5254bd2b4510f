/**
 * Packs a binary with its licence and its README for one system.
 *
 * ```sh
 * deno task release:pack TRIPLE FOLDER
 * ```
 *
 * @module
 */

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../src/version.ts";
import { run } from "./process.ts";
import { binaryName, findTarget, type Target } from "./targets.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DOCUMENTS = ["LICENSE", "README.md"];

if (import.meta.main) {
  const [triple = Deno.build.target, output = "dist"] = Deno.args;
  await pack(findTarget(triple), resolve(output));
}

/** Windows unpacks `.zip` by itself, everybody else `.tar.gz`. */
async function pack(target: Target, output: string): Promise<void> {
  const name = `mms-${VERSION}-${target.triple}`;
  const folder = await Deno.makeTempDir({ prefix: "mms-release-" });
  try {
    await Deno.mkdir(`${folder}/${name}`);
    for (const file of [binaryName(target), ...DOCUMENTS]) {
      await Deno.copyFile(`${ROOT}/${file}`, `${folder}/${name}/${file}`);
    }
    await Deno.mkdir(output, { recursive: true });
    // The tar of Windows is bsdtar, which takes the format from the name.
    const args = target.os === "win32"
      ? ["-a", "-cf", `${output}/${name}.zip`, name]
      : ["-czf", `${output}/${name}.tar.gz`, name];
    await run(tarProgram(), args, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Git for Windows puts a tar of its own before the system's. */
function tarProgram(): string {
  const system = Deno.env.get("SystemRoot");
  return Deno.build.os === "windows" && system !== undefined
    ? `${system}\\System32\\tar.exe`
    : "tar";
}
