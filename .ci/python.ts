/**
 * The Pythons that tests run people's services with, and what such services
 * import: numpy and the like, MXNet itself where there is a Python as old as it
 * needs, and schemathesis, which asks the server all sorts of things.
 *
 * @module
 */

import { messageOf } from "../src/errors.ts";
import { run } from "./process.ts";

/** What tests look for, and which packages it takes. */
interface Environment {
  /** The variable that names the program. */
  readonly variable: string;
  /** What is in its `bin`. */
  readonly program: string;
  /** Makes it. */
  readonly python: string;
  readonly packages: readonly string[];
}

const ENVIRONMENTS: readonly Environment[] = [
  {
    variable: "MMS_TEST_PYTHON",
    program: "python",
    python: "python3",
    packages: ["numpy", "onnxruntime", "pillow"],
  },
  {
    variable: "MMS_TEST_SCHEMATHESIS",
    program: "schemathesis",
    python: "python3",
    packages: ["schemathesis>=4,<5"],
  },
  {
    variable: "MMS_TEST_MXNET_PYTHON",
    program: "python",
    python: "python3.8",
    packages: ["mxnet==1.9.1", "numpy==1.23.5"],
  },
];

/** What became of the environments. */
export interface Pythons {
  /** Variables that lead tests to what there is. */
  readonly env: Readonly<Record<string, string>>;
  /** Why others are not there: their tests are reported as ignored. */
  readonly obstacles: readonly string[];
}

/** Makes the environments in `folder`, but those that a variable names already. */
export async function makePythons(folder: string): Promise<Pythons> {
  const env: Record<string, string> = {};
  const obstacles: string[] = [];
  const wanted = ENVIRONMENTS.filter(({ variable }) => !Deno.env.has(variable));
  await Promise.all(wanted.map(async (one) => {
    try {
      env[one.variable] = await make(one, `${folder}/${one.variable}`);
    } catch (error) {
      obstacles.push(`${one.packages.join(" ")}: ${messageOf(error).trim()}`);
    }
  }));
  return { env, obstacles };
}

async function make(
  { python, packages, program }: Environment,
  folder: string,
): Promise<string> {
  const { path, env } = await findPython(python);
  await run(path, ["-m", "venv", folder], ".", env);
  const pip = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
  ];
  await run(`${folder}/bin/python`, [...pip, ...packages], ".");
  return `${folder}/bin/${program}`;
}

/** A Python by its name, or by its version among those that pyenv keeps. */
async function findPython(
  name: string,
): Promise<{ readonly path: string; readonly env: Record<string, string> }> {
  const versions = await run("pyenv", ["versions", "--bare"], ".")
    .catch(() => "");
  const version = name.slice("python".length);
  const kept = versions.split("\n").find((it) => it.startsWith(`${version}.`));
  const env: Record<string, string> = kept && version.includes(".")
    ? { PYENV_VERSION: kept }
    : {};
  await run(name, ["--version"], ".", env);
  return { path: name, env };
}
