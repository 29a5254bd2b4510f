import type { ModelArchive } from "../../archive/mod.ts";
import type { Session } from "../../engine/mod.ts";
import { MmsError } from "../../errors.ts";
import { VERSION } from "../../version.ts";
import { GraphService } from "../graph_service.ts";
import type { Handler, Service, ServiceKind } from "../service.ts";
import { Complaints } from "./complaints.ts";
import { errands } from "./errands.ts";
import { HandleService } from "./handle_service.ts";
import { findHandlerModule, type HandlerModule } from "./handler_module.ts";
import { API } from "./inside/api.ts";
import type { About, Thrown } from "./messages.ts";
import { readModuleGraph } from "./module_graph.ts";
import { Sandbox } from "./sandbox.ts";
import { type LoadedForm, ServiceError } from "./sandbox_parts.ts";
import { SourcePlaces } from "./source_places.ts";
import { type StagedModules, stageModules } from "./staged_modules.ts";
import { StepHandler } from "./step_handler.ts";

/** What a service has where it may fetch. */
const NETWORK: readonly string[] = ["fetch", "Request", "Response"];

/** What a custom service is loaded with. */
export interface CustomServiceOptions {
  readonly archive: ModelArchive;
  /** `module[:function]` */
  readonly handler: string;
  /** Why it is that. */
  readonly reason: string;
  /** The model's graph; `undefined` where there is none. */
  readonly session: Session | undefined;
  /** Returns a built-in handler; the one that suits the model if unnamed. */
  readonly builtIn: (name?: string) => Promise<Handler>;
  /** What the model is registered as. */
  readonly name: string;
  /** Requests in a batch at most. */
  readonly batchSize: number;
  /** Hosts that it may fetch from. */
  readonly net: readonly string[];
  /** Where copies of its modules are kept. */
  readonly cacheFolder: string | undefined;
  /** What the service needs for as long as it lives. */
  readonly resources: AsyncDisposableStack;
}

/**
 * Loads a service in TypeScript or JavaScript: in a thread of its own that can
 * do nothing but compute, with modules that were checked.
 *
 * @throws {MmsError} `invalid_model` if it cannot be loaded; the message names
 * file, line and code
 */
export async function loadCustomService(
  options: CustomServiceOptions,
): Promise<Service> {
  const { archive, handler, reason } = options;
  await using resources = options.resources;
  const module = await findHandlerModule(archive.folder, handler);
  const graph = await readModuleGraph(archive.folder, module.file);
  const staged = resources.use(
    await stageModules(graph, { ...options, exported: Object.keys(API) }),
  );
  const places = new SourcePlaces(graph.files, staged.folder);
  const complaints = new Complaints(places);
  const { sandbox, form } = await load(options, {
    ...{ module, staged, places },
    onStray: (thrown) => complaints.tell(thrown),
  });
  resources.use(sandbox);
  const kind = { name: "deno", reason };
  const parts = { kind, sandbox, complaints };
  return form.form === "handle"
    ? new HandleService({ ...parts, resources: resources.move() })
    : await aroundGraph({ ...options, resources }, parts, form);
}

async function load(
  options: CustomServiceOptions,
  { module, staged, places, onStray }: {
    readonly module: HandlerModule;
    readonly staged: StagedModules;
    readonly places: SourcePlaces;
    readonly onStray: (thrown: Thrown) => void;
  },
): Promise<{ readonly sandbox: Sandbox; readonly form: LoadedForm }> {
  const { callee } = module;
  const { entry, own, folder } = staged;
  const about = aboutModel(options);
  const granted = options.net.length > 0 ? NETWORK : [];
  try {
    return await Sandbox.load({
      folder,
      net: options.net,
      load: { type: "load", entry, own, callee, granted, about },
      errand: errands(options),
      onStray,
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new MmsError(
      "invalid_model",
      `Cannot load "${module.file}": ${places.explain(error.thrown).summary}`,
      { cause: error },
    );
  }
}

function aboutModel(options: CustomServiceOptions): About {
  const { archive, name, batchSize, session } = options;
  return {
    modelName: name,
    modelDir: archive.folder,
    manifest: archive.manifest.raw,
    signature: archive.signature,
    labels: archive.labels,
    batchSize,
    version: VERSION,
    graph: session && { inputs: session.inputs, outputs: session.outputs },
  };
}

async function aroundGraph(
  { archive, session, builtIn, resources }: CustomServiceOptions,
  { kind, sandbox, complaints }: {
    readonly kind: ServiceKind;
    readonly sandbox: Sandbox;
    readonly complaints: Complaints;
  },
  { base, own }: LoadedForm,
): Promise<Service> {
  if (session === undefined) {
    throw new MmsError(
      "invalid_model",
      `Cannot load model "${archive.name}": its service leaves the graph to mms, but there is none`,
    );
  }
  const handler = new StepHandler({
    ...{ sandbox, complaints, own },
    base: await builtIn(base),
  });
  const held = resources.move();
  return new GraphService({ session, kind, handler, resources: held });
}
