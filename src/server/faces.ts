import type { Metrics } from "../metrics.ts";
import type { Registry } from "../workload/mod.ts";
import { type Gate, gate, isLoopback, loopbackNames } from "./access.ts";
import { answerPreflight, type CorsOptions, isPreflight } from "./cors.ts";
import { descriptionRoute } from "./description.ts";
import { type Face, resourceNotFound, type Route } from "./face.ts";
import { healthRoute } from "./health.ts";
import { inferenceRoute } from "./inference.ts";
import type { ListenAddress } from "./listen_address.ts";
import type { ChangeJournal } from "./management.ts";
import { metricsRoute } from "./metrics_route.ts";
import type { RequestHead } from "./request.ts";
import { webRoute } from "./web_route.ts";

/** What callers have to know to be answered; `undefined`: nothing. */
export interface Tokens {
  /** For predictions; health is told to everybody. */
  readonly inference: string | undefined;
  /** For the management of models. */
  readonly management: string | undefined;
}

/** What the faces of a server need. */
export interface FaceOptions {
  /** The models. */
  readonly registry: Registry;
  /** Resolves when the models that are served from the start are registered. */
  readonly started: Promise<void>;
  /** Counts what is answered, and shows it on `/metrics`. */
  readonly metrics: Metrics;
  /** Whether the server is about to stop. */
  readonly isStopping: () => boolean;
  /** Whether `/ping` answers 503 while no model can be served; MMS answers 200. */
  readonly pingFailsWhenUnhealthy: boolean;
  /** What browsers are told. */
  readonly cors: CorsOptions;
  /** What callers have to know. */
  readonly tokens: Tokens;
  /** Where models are registered. */
  readonly managementAddress: ListenAddress;
  /** Workers of a model that is registered without a number of them. */
  readonly defaultWorkers: number;
  /** Workers that callers may give a model. */
  readonly maxWorkers: number;
  /** How long unregistering waits for the model's last predictions, in ms. */
  readonly unregisterTimeout: number;
  /** Hears of every change that callers make to the models. */
  readonly journal?: ChangeJournal | undefined;
}

/** Returns what answers predictions, and about health. */
export function inferenceFace(options: FaceOptions): Face {
  return face(options, {
    admit: inferenceGate(options),
    routes: [
      healthRoute(options),
      metricsRoute(options.metrics),
      descriptionRoute("inference", options),
      inferenceRoute(options),
    ],
  });
}

/** Returns what answers the management of models. */
export function managementFace(options: FaceOptions): Face {
  return face(options, {
    admit: managementGate(options),
    routes: [
      metricsRoute(options.metrics),
      descriptionRoute("management", options),
      managementRoute(options),
    ],
  });
}

/** Returns what answers both on one address. */
export function sharedFace(options: FaceOptions): Face {
  const [inference, management] = [
    inferenceGate(options),
    managementGate(options),
  ];
  return face(options, {
    admit: (head) => isManagement(head) ? management(head) : inference(head),
    routes: [
      healthRoute(options),
      metricsRoute(options.metrics),
      descriptionRoute("shared", options),
      inferenceRoute(options),
      managementRoute(options),
    ],
  });
}

function face(
  { cors }: FaceOptions,
  { admit, routes }: {
    readonly admit: Gate;
    readonly routes: readonly Route[];
  },
): Face {
  return {
    admit,
    async answer(request) {
      if (isPreflight(request, cors)) return answerPreflight();
      for (const route of routes) {
        const answer = route(request);
        if (answer !== undefined) return await answer;
      }
      throw resourceNotFound();
    },
  };
}

function managementRoute(options: FaceOptions): Route {
  return webRoute(async () => {
    const { managementApp } = await import(
      import.meta.resolve("./app.ts")
    ) as typeof import("./app.ts");
    return managementApp(options);
  });
}

function isManagement({ segments }: RequestHead): boolean {
  return segments[0] === "models" && segments[2] !== "invoke";
}

function inferenceGate({ cors, tokens }: FaceOptions): Gate {
  const closed = gate({
    token: tokens.inference,
    hosts: undefined,
    refusesOtherOrigins: false,
  }, cors);
  return (head) => isAboutHealth(head) ? undefined : closed(head);
}

function isAboutHealth({ segments: [first] }: RequestHead): boolean {
  return first === "ping" || first === "health";
}

/** Without a token it matters all the more which page and which name it came by. */
function managementGate(
  { cors, tokens, managementAddress: address }: FaceOptions,
): Gate {
  const isLocal = address.scheme !== "unix" && isLoopback(address.host);
  return gate({
    token: tokens.management,
    hosts: tokens.management === undefined && isLocal
      ? loopbackNames(address.host)
      : undefined,
    refusesOtherOrigins: true,
  }, cors);
}
