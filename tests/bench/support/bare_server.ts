/**
 * The control of the server's overhead: a bare `node:http` handler that reads
 * the body and answers `OK`. Prints its port.
 *
 * @module
 */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { print } from "./statistics.ts";

const server = createServer((request, response) => {
  const chunks: Uint8Array[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    response.writeHead(200, { "content-length": 2 });
    response.end("OK");
  });
});
server.listen(0, "127.0.0.1", () => {
  print(String((server.address() as AddressInfo).port));
});
