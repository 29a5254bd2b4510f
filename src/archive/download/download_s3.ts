import { AwsV4Signer } from "aws4fetch";
import { MmsError } from "../../errors.ts";
import type { Environment } from "./download_options.ts";
import type { Request } from "./download_request.ts";
import type { Source } from "./download_source.ts";

/** Bucket naming rules of Amazon S3, old buckets' upper case and `_` included. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/;
const REGION = /^[a-z0-9-]{1,32}$/;
const DEFAULT_REGION = "us-east-1";

/**
 * Returns where an object of Amazon S3, or of what speaks its protocol, comes
 * from: `s3://BUCKET/KEY`. Requests are signed if the environment has
 * `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, and anonymous otherwise;
 * `AWS_REGION` and `AWS_ENDPOINT_URL` count as everywhere.
 *
 * @throws {MmsError} `model_not_found` if the url names no bucket or no key
 */
export function s3Source(
  url: URL,
  env: Environment,
  region: string = env("AWS_REGION") || env("AWS_DEFAULT_REGION") ||
    DEFAULT_REGION,
): Source {
  const location = httpLocation(url, env, region);
  return {
    location,
    request: (headers) => sign(location, headers, { env, region }),
    elsewhere(answer) {
      const told = answer.header("x-amz-bucket-region");
      const isNews = told !== undefined && told !== region && REGION.test(told);
      return isNews && answer.status >= 300 && answer.status !== 304
        ? { ...s3Source(url, env, told), elsewhere: () => undefined }
        : undefined;
    },
  };
}

/** Path style where the host is not Amazon's, or cannot hold the bucket. */
function httpLocation(url: URL, env: Environment, region: string): URL {
  const bucket = url.host;
  // In a path a plus is a plus, but signers take it for a space.
  const path = url.pathname.replaceAll("+", "%2B");
  if (!BUCKET.test(bucket) || url.pathname.length < 2) {
    throw new MmsError("model_not_found", `Invalid model url: ${url.href}`);
  }
  const endpoint = env("AWS_ENDPOINT_URL_S3") || env("AWS_ENDPOINT_URL");
  if (endpoint) {
    const base = endpoint.replace(/\/+$/, "");
    return new URL(`${base}/${bucket}${path}`);
  }
  return /[._A-Z]/.test(bucket)
    ? new URL(`https://s3.${region}.amazonaws.com/${bucket}${path}`)
    : new URL(`https://${bucket}.s3.${region}.amazonaws.com${path}`);
}

async function sign(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { env, region }: { readonly env: Environment; readonly region: string },
): Promise<Request> {
  const accessKeyId = env("AWS_ACCESS_KEY_ID");
  const secretAccessKey = env("AWS_SECRET_ACCESS_KEY");
  const sessionToken = env("AWS_SESSION_TOKEN");
  if (!accessKeyId || !secretAccessKey) return { url, headers, follow: false };
  const signer = new AwsV4Signer({
    url: url.href,
    headers: { ...headers },
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    service: "s3",
    region,
  });
  const signed = await signer.sign();
  const { host: _, ...rest } = Object.fromEntries(signed.headers);
  return { url: signed.url, headers: rest, follow: false };
}
