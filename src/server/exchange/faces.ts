import type { Metrics } from "../../metrics.ts";
import type { Registry } from "../../workload/mod.ts";
import { type Gate, gate, isLoopback, loopbackNames } from "./access.ts";
import { answerPreflight, type CorsOptions, isPreflight } from "./cors.ts";
import { descriptionRoute } from "../description.ts";
import { type Face, resourceNotFound, type Route } from "./face.ts";
import { healthRoute, isAboutHealth } from "../health.ts";
import { inferenceRoute } from "../inference/inference.ts";
import type { ListenAddress } from "../listener/listen_address.ts";
import type { ChangeJournal } from "../management/management.ts";
import { metricsRoute } from "../metrics_route.ts";
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
  /** Whether `/metrics` answers where predictions are, and not with the management alone. */
  readonly inferenceMetrics: boolean;
  /** Where predictions are answered. */
  readonly inferenceAddress: ListenAddress;
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
      ...options.inferenceMetrics ? [metricsRoute(options.metrics)] : [],
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
    answer(request) {
      if (isPreflight(request, cors)) return Promise.resolve(answerPreflight());
      for (const route of routes) {
        const answer = route(request);
        if (answer !== undefined) return answer;
      }
      throw resourceNotFound();
    },
  };
}

function managementRoute(options: FaceOptions): Route {
  return webRoute(async () => {
    const { managementApp } = await import(
      import.meta.resolve("../management/app.ts")
    ) as typeof import("../management/app.ts");
    return managementApp(options);
  });
}

function isManagement({ segments }: RequestHead): boolean {
  return segments[0] === "models" && segments[2] !== "invoke";
}

function inferenceGate(options: FaceOptions): Gate {
  const { cors, tokens } = options;
  const anyHost = { hosts: undefined, refusesOtherOrigins: false };
  const predict = gate({ token: tokens.inference, ...anyHost }, cors);
  const measure = gate({ token: metricsToken(options), ...anyHost }, cors);
  return (head) => {
    if (isAboutHealth(head)) return;
    return isAboutMetrics(head) ? measure(head) : predict(head);
  };
}

/**
 * Metrics name the models and tell how they are used. Where managing takes a
 * token, other machines that may predict without one are not told.
 */
function metricsToken(
  { tokens, inferenceAddress: address }: FaceOptions,
): string | undefined {
  const isReachable = address.scheme !== "unix" && !isLoopback(address.host);
  return tokens.inference ?? (isReachable ? tokens.management : undefined);
}

function isAboutMetrics({ segments }: RequestHead): boolean {
  return segments.length === 1 && segments[0] === "metrics";
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
