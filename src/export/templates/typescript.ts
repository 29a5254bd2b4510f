/** What `mms init` writes for services in TypeScript. */

/** A service that answers pictures with some classes. */
export const IMAGE_SERVICE = `import {
  type Context,
  type Feeds,
  ImageService,
  type Request,
  topClasses,
} from "mms";

/** Answers a picture with the classes that it most likely shows. */
export class Classifier extends ImageService {
  override postprocess(outputs: Feeds, _request: Request, context: Context) {
    const [scores] = Object.values(outputs);
    return topClasses(scores!, context.labels, 3);
  }
}
`;

/** A service that answers JSON without a graph. */
export const JSON_SERVICE =
  `import { type Context, PredictionError, type Request } from "mms";

/** Answers each request of a batch: here with the mean of its numbers. */
export function handle(data: readonly Request[], context: Context): unknown[] {
  context.metrics.add("Requests", data.length);
  return data.map(meanOf);
}

function meanOf(request: Request): unknown {
  const { values } = (request.json() ?? {}) as { readonly values?: unknown };
  const isRight = Array.isArray(values) && values.length > 0 &&
    values.every((it) => typeof it === "number");
  if (!isRight) {
    return new PredictionError('Send numbers: {"values": [1, 2, 3]}', 400);
  }
  const sum = values.reduce((total: number, it: number) => total + it, 0);
  return { mean: sum / values.length, count: values.length };
}
`;

/** A service that answers pictures with boxes. */
export const DETECTOR_SERVICE = `import {
  type Context,
  type Feeds,
  ImageService,
  type Request,
} from "mms";

/** What is less likely than this is not answered with. */
const THRESHOLD = 0.5;

/** Numbers that the graph gives for each box. */
const FIELDS = 6;

/** Answers a picture with what is where: corners as shares of its size. */
export class Detector extends ImageService {
  override postprocess(outputs: Feeds, _request: Request, context: Context) {
    const [boxes] = Object.values(outputs);
    const values = Array.from(boxes!.data as Float32Array);
    return Array.from({ length: values.length / FIELDS }, (_, i) => {
      const [label, score, xmin, ymin, xmax, ymax] = values.slice(i * FIELDS);
      const name = context.labels[label!] ?? String(label);
      return { class: name, score: score!, box: [xmin, ymin, xmax, ymax] };
    }).filter(({ score }) => score >= THRESHOLD);
  }
}
`;

/** How editors find the types of `mms`, offline. */
export const DENO_JSON = `{
  "imports": {
    "mms": "./mms.d.ts"
  }
}
`;

/** What leads editors that know TypeScript alone there. */
export const TSCONFIG_JSON = `{
  "compilerOptions": {
    "allowImportingTsExtensions": true,
    "module": "esnext",
    "moduleResolution": "bundler",
    "noEmit": true,
    "paths": { "mms": ["./mms.d.ts"] },
    "strict": true,
    "target": "esnext"
  }
}
`;
