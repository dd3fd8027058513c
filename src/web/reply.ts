import type { ServerResponse } from "node:http";

/** How long the rest of a refused request is read and thrown away, in milliseconds: or the answer would be lost with it. */
const LINGER = 2_000;

/** Answers with a little JSON. A connection whose request was not read to its end is closed. */
export function reply(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent || response.destroyed) return;
  const { req: request } = response;
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  const unread = !request.complete && (length !== "0" || encoding !== undefined);
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(unread ? { connection: "close" } : {}),
  });
  if (!unread) {
    response.end(text);
    return;
  }
  response.write(text);
  const timer = setTimeout(() => response.end(), LINGER);
  request.once("close", () => clearTimeout(timer));
  request.once("end", () => response.end());
  request.resume();
}
