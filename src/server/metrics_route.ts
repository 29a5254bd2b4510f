import { Buffer } from "node:buffer";
import type { Metrics } from "../metrics.ts";
import type { Answer } from "./exchange/answer.ts";
import { MethodNotAllowed, type Route } from "./exchange/face.ts";

/** Returns what answers `GET /metrics`, for Prometheus. */
export function metricsRoute(metrics: Metrics): Route {
  return ({ segments, method }) => {
    // A model may be called so.
    if (segments[0] !== "metrics" || segments.length > 1) return undefined;
    if (method !== "GET" && method !== "HEAD") {
      throw new MethodNotAllowed("GET", "HEAD");
    }
    return page(metrics);
  };
}

async function page(metrics: Metrics): Promise<Answer> {
  const { contentType, text } = await metrics.page();
  return {
    status: 200,
    reason: "OK",
    headers: {},
    contentType,
    body: Buffer.from(text),
  };
}
