import {
  addressText,
  type ListenAddress,
  type ModelServer,
} from "../../server/mod.ts";
import { VERSION } from "../../version.ts";
import type { Registry } from "../../workload/mod.ts";
import { curlCommand, type ShellText } from "./curl_command.ts";
import { findPicture, sampleCommand } from "./sample_command.ts";
import type { Security } from "./serve_security.ts";

/** What the original says when it answers: the last word of a start. */
export const STARTED = "Model server started.";

/** What there is to tell of a server besides its addresses. */
export interface HelloOptions {
  /** The models that it serves. */
  readonly registry: Registry;
  /** Whom it trusts. */
  readonly security: Security;
}

/** Says where a server answers, which models it has, and how to try one. */
export async function hello(
  server: ModelServer,
  { registry, security }: HelloOptions,
): Promise<string> {
  const { inferenceAddress, managementAddress } = server;
  const models = registry.list().map(({ name }) => name);
  return [
    `mms ${VERSION}`,
    `  inference   ${addressText(inferenceAddress)}`,
    `  management  ${addressText(managementAddress)}`,
    ...security.newToken === undefined
      ? []
      : [`  its token   ${security.newToken}`],
    `  models      ${models.join(", ") || "none"}`,
    await invitation(server, { registry, security }),
    STARTED,
    "",
  ].join("\n");
}

async function invitation(
  { inferenceAddress, managementAddress }: ModelServer,
  { registry, security }: HelloOptions,
): Promise<string> {
  const { tokens, newToken } = security;
  const [model] = registry.list();
  if (model === undefined) {
    const token = tokens.management &&
      (newToken ?? "$MMS_MANAGEMENT_TOKEN");
    const path = "/models?url=digits&initial_workers=1";
    const options = [
      ...callerOptions(managementAddress, security, token),
      ...["-X", "POST"],
    ];
    return `Register a model: ${curlCommand(managementAddress, path, options)}`;
  }
  const token = tokens.inference && "$MMS_INFERENCE_TOKEN";
  const sample = sampleCommand(inferenceAddress, {
    model,
    picture: await findPicture("."),
    options: callerOptions(inferenceAddress, security, token),
  });
  return `Try it: ${sample}`;
}

/** What curl needs to be let in, and to trust a certificate that nobody does. */
function callerOptions(
  { scheme }: ListenAddress,
  { tls }: Security,
  token: string | undefined,
): readonly (string | ShellText)[] {
  return [
    ...(scheme === "https" && tls.kind === "self-signed" ? ["-k"] : []),
    ...(token === undefined
      ? []
      : ["-H", { shell: `Authorization: Bearer ${token}` }]),
  ];
}
