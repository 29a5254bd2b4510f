import { MmsError } from "../../errors.ts";
import { numbersOf, type Pixels, type Tensor } from "../../tensor/mod.ts";
import type { Prediction } from "../service.ts";
import { encodeJpeg } from "./mozjpeg.ts";

/** The longest side that a JPEG can have (ITU-T T.81). */
const MAX_SIDE = 65500;

/**
 * Answers with an output as a JPEG: `[1, 3, h, w]` in R, G, B, or `[1, 1, h, w]`
 * in grey; values are rounded and cut off at 0 and 255.
 *
 * @throws {MmsError} `prediction_failed` if the output has another shape
 */
export async function jpegAnswer(
  name: string,
  output: Tensor,
): Promise<Prediction> {
  return {
    status: 200,
    reason: "",
    headers: {},
    contentType: "image/jpeg",
    body: await encodeJpeg(toPixels(name, output)),
  };
}

function toPixels(name: string, output: Tensor): Pixels {
  const [rows, channels, height = 0, width = 0] = output.shape;
  const values = numbersOf(output);
  const isPicture = output.shape.length === 4 && rows === 1 &&
    (channels === 1 || channels === 3) && values !== undefined &&
    Math.min(height, width) > 0 && Math.max(height, width) <= MAX_SIDE;
  if (!isPicture) {
    throw new MmsError(
      "prediction_failed",
      `Cannot answer with output "${name}" as a JPEG: it is ${output.type} [${output.shape}], numbers of [1, 3, h, w] or [1, 1, h, w] would be right`,
    );
  }
  const area = height * width;
  const data = new Uint8ClampedArray(4 * area); // rounds and cuts off
  for (let channel = 0; channel < 3; channel++) {
    const plane = channels === 1 ? 0 : channel * area;
    for (let i = 0; i < area; i++) data[4 * i + channel] = values[plane + i]!;
  }
  return { width, height, data: new Uint8Array(data.buffer) };
}
