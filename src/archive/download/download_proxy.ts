import { isIP } from "node:net";
import { hostOf } from "./download_address.ts";
import type { Environment } from "./download_options.ts";

/**
 * Returns the proxy that the environment names for a url: `http_proxy` or
 * `https_proxy`, else `all_proxy`, unless `no_proxy` lists its host. Names
 * count in lower and upper case, as for curl.
 */
export function proxyFor(url: URL, env: Environment): string | undefined {
  const scheme = url.protocol.slice(0, -1);
  const proxy = variable(env, `${scheme}_proxy`) ?? variable(env, "all_proxy");
  if (proxy === undefined || isExcepted(url, env)) return undefined;
  return /^[a-z\d]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

function isExcepted(url: URL, env: Environment): boolean {
  const host = hostOf(url).toLowerCase();
  if (host === "localhost" || isIP(host) !== 0 && isLoopback(host)) return true;
  return (variable(env, "no_proxy") ?? "").split(",")
    .map((entry) => entry.trim().toLowerCase().replace(/^\*?\./, ""))
    .some((entry) =>
      entry === "*" || entry !== "" &&
        (host === entry || host.endsWith(`.${entry}`) || url.host === entry)
    );
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}

function variable(env: Environment, name: string): string | undefined {
  return env(name) || env(name.toUpperCase()) || undefined;
}
