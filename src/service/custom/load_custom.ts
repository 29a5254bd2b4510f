import {
  BUILT_IN_SERVICES,
  type ModelArchive,
  type ServiceChoice,
} from "../../archive/mod.ts";
import type { Session } from "../../engine/mod.ts";
import { MmsError } from "../../errors.ts";
import { loadHandler } from "../load_handler.ts";
import type { LoadServiceOptions } from "../load_service.ts";
import { bindModel, openSession } from "../open_session.ts";
import type { Handler, Service } from "../service.ts";
import { loadCustomService } from "./load_custom_service.ts";

/**
 * Loads the custom service that a choice names, and the model's graph if there
 * is one.
 *
 * @throws {MmsError} `invalid_model` if either cannot be loaded
 */
export async function loadCustom(
  archive: ModelArchive,
  { handler, reason }: ServiceChoice & { readonly handler: string },
  options: LoadServiceOptions,
): Promise<Service> {
  await using resources = new AsyncDisposableStack();
  const session = archive.graph &&
    await openSession(archive, options, resources);
  return await loadCustomService({
    archive,
    handler,
    reason,
    session,
    builtIn: builtInHandlers(archive, session, options.top),
    name: options.name ?? archive.name,
    batchSize: options.batchSize ?? 1,
    net: options.net ?? [],
    cacheFolder: options.cacheFolder,
    resources: resources.move(),
  });
}

/** Makes each built-in handler once, when it is asked for. */
function builtInHandlers(
  archive: ModelArchive,
  session: Session | undefined,
  top: number | undefined,
): (name?: string) => Promise<Handler> {
  const made = new Map<string | undefined, Promise<Handler>>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const handler = makeHandler({ archive, session, top }, name);
    made.set(name, handler);
    return handler;
  };
}

async function makeHandler(
  { archive, session, top }: {
    readonly archive: ModelArchive;
    readonly session: Session | undefined;
    readonly top: number | undefined;
  },
  name: string | undefined,
): Promise<Handler> {
  if (session === undefined) {
    throw new MmsError(
      "invalid_model",
      `Cannot use a built-in service for model "${archive.name}": it has no graph`,
    );
  }
  const binding = bindModel(archive, session, top);
  const suited = binding.inputType === "image/jpeg" ? "mms:image" : "mms:json";
  const service = BUILT_IN_SERVICES.find((it) => it === (name ?? suited));
  if (service !== undefined) {
    return await loadHandler(service, { ...archive, binding });
  }
  throw new MmsError(
    "invalid_model",
    `Cannot use the built-in service "${name}": there is none of that name`,
  );
}
