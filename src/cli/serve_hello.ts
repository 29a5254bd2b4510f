import { addressText, type ModelServer } from "../server/mod.ts";
import { VERSION } from "../version.ts";
import type { Registry } from "../workload/mod.ts";
import { curlCommand } from "./curl_command.ts";
import { findPicture, sampleCommand } from "./sample_command.ts";

/** What the original says when it answers: the last word of a start. */
export const STARTED = "Model server started.";

/** Says where a server answers, which models it has, and how to try one. */
export async function hello(
  server: ModelServer,
  registry: Registry,
): Promise<string> {
  const { inferenceAddress, managementAddress } = server;
  const models = registry.list();
  const [model] = models;
  const invitation = model === undefined
    ? `Register a model: ${
      curlCommand(managementAddress, "/models?url=digits&initial_workers=1", [
        "-X",
        "POST",
      ])
    }`
    : `Try it: ${
      sampleCommand(inferenceAddress, {
        model,
        picture: await findPicture("."),
      })
    }`;
  return [
    `mms ${VERSION}`,
    `  inference   ${addressText(inferenceAddress)}`,
    `  management  ${addressText(managementAddress)}`,
    `  models      ${models.map(({ name }) => name).join(", ") || "none"}`,
    invitation,
    STARTED,
    "",
  ].join("\n");
}
