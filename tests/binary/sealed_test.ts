import assert from "node:assert/strict";
import type { RunOptions } from "../support/binary.ts";
import { type TempFolder, tempFolder } from "../support/temp.ts";
import {
  assertSeven,
  emptyMachine,
  filesIn,
  onLinux,
  post,
  predict,
  serve,
} from "./machine.ts";
import { needing } from "../support/needing.ts";

/** Where it is missing, the run without a network has to do. */
const withStrace = needing(
  await succeeds("strace", "-V") ? undefined : "strace",
);

onLinux("where only temporary files can be written", async (t) => {
  await using folder = await tempFolder();
  const options = await sealedMachine(folder);

  await t.step("mms predict answers", async () => {
    assertSeven(await predict("digits", options));
  });

  await t.step("mms serve answers", async () => {
    await using server = await serve(["--models", "digits"], options);
    assertSeven(await post(server.address, "digits"));
  });
});

onLinux("no library is loaded from where others can write", async () => {
  await using folder = await tempFolder();
  const options = await sealedMachine(folder);
  const name = `mms-${Deno.uid()}`;
  const planted = `${folder.path}/tmp/${name}`;
  await Deno.mkdir(planted);
  await Deno.chmod(planted, 0o777);
  assertSeven(await predict("digits", options));
  assert.deepEqual(await filesIn(planted), []);
  const left = await filesIn(`${folder.path}/tmp`);
  assert.deepEqual(left.filter((file) => file.startsWith("mms-")), [name]);
});

onLinux("mms predict works without a network", async () => {
  await using folder = await tempFolder();
  const under = await emptyNetwork();
  assertSeven(
    await predict("digits", { ...await emptyMachine(folder), under }),
  );
});

withStrace("mms predict opens no connection", async () => {
  await using folder = await tempFolder();
  const trace = `${folder.path}/trace`;
  const under = ["strace", "-f", "-qq", "-e", "connect", "-o", trace];
  assertSeven(
    await predict("digits", { ...await emptyMachine(folder), under }),
  );
  assert.doesNotMatch(await Deno.readTextFile(trace), /connect\(/);
});

/** A machine where nobody, not even root, can keep a file. */
async function sealedMachine(folder: TempFolder): Promise<RunOptions> {
  const { env } = await emptyMachine(folder);
  return { cwd: "/proc", env: { ...env, HOME: "/proc/home" } };
}

/** Words that run a program where there is no network but an idle loopback. */
async function emptyNetwork(): Promise<readonly string[]> {
  for (const words of [["unshare", "-rn"], ["sudo", "-n", "unshare", "-n"]]) {
    if (await succeeds(...words, "true")) return words;
  }
  return assert.fail("Cannot make a network namespace: unshare is not allowed");
}

async function succeeds(...words: readonly string[]): Promise<boolean> {
  const [program, ...args] = words;
  try {
    return (await new Deno.Command(program!, { args }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
