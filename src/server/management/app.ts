import { Hono } from "hono";
import type { Answer } from "../exchange/answer.ts";
import { resourceNotFound } from "../exchange/face.ts";
import { parseParameters } from "../inference/lenient_json.ts";
import {
  describeModel,
  listModels,
  type ManagementOptions,
  registerModel,
  scaleModel,
  unregisterModel,
} from "./management.ts";
import { LIST, REGISTER, SCALE, UNREGISTER } from "./management_parameters.ts";
import type { Parameters } from "./parameters.ts";
import { problemAnswer } from "../problem.ts";
import { bareMediaType } from "../exchange/request.ts";
import type { Registration } from "./registration.ts";
import { warnOfUnknown } from "./unknown_parameters.ts";
import { type Fetch, managementMethods } from "../exchange/web_route.ts";

/** Returns what answers the management API. */
export function managementApp(options: ManagementOptions): Fetch {
  const app = new Hono();
  app.get("/models", (c) => {
    const query = queryOf(c.req.raw);
    warnOfUnknown(query, LIST);
    return respond(listModels(options, query));
  });
  app.post("/models", async (c) => {
    const registration = await readRegistration(c.req.raw);
    warnOfUnknown(registration.parameters, REGISTER);
    return respond(await registerModel(options, registration));
  });
  app.get("/models/:name", (c) => {
    return respond(describeModel(options, c.req.param("name")));
  });
  app.put("/models/:name", async (c) => {
    const query = queryOf(c.req.raw);
    warnOfUnknown(query, SCALE);
    return respond(await scaleModel(options, c.req.param("name"), query));
  });
  app.delete("/models/:name", async (c) => {
    warnOfUnknown(queryOf(c.req.raw), UNREGISTER);
    return respond(await unregisterModel(options, c.req.param("name")));
  });
  app.all("/models/:name?", (c) => {
    throw managementMethods(c.req.param("name"));
  });
  app.notFound(() => {
    throw resourceNotFound();
  });
  app.onError((error, c) =>
    respond(problemAnswer(error, c.req.header("x-request-id") ?? ""))
  );
  return async (request) => await app.fetch(request);
}

function respond(
  { status, reason, headers, contentType, body }: Answer,
): Response {
  return new Response(new Uint8Array(body), {
    status,
    statusText: reason,
    headers: { ...headers, "content-type": contentType },
  });
}

/** Of equal names the first counts. */
function queryOf(request: Request): Parameters {
  return new Map([...new URL(request.url).searchParams].reverse());
}

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** JSON is the only source where it is sent; a form is not one. */
async function readRegistration(request: Request): Promise<Registration> {
  const contentType = request.headers.get("content-type") ?? "";
  return bareMediaType(contentType).toLowerCase() === "application/json"
    ? {
      parameters: parseParameters(await request.text()),
      timeoutUnit: SECOND_MS,
    }
    : { parameters: queryOf(request), timeoutUnit: MINUTE_MS };
}
