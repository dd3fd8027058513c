import type { IncomingMessage, ServerResponse } from "node:http";

/** Why a body was not read, as the status to answer. */
export type BodyRefusal = 408 | 413 | 503;

/** Memory for bodies that are being received, shared by all connections. */
export interface BodyBudget {
  /** The longest body, in bytes. */
  readonly longest: number;
  /** All bodies together, in bytes: strangers can send many at once, and nothing is known of them before the last byte. */
  readonly together: number;
  held: number;
}

/** Reads a body within a budget; the refusal comes as soon as it is certain, with the rest unread. */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  budget: BodyBudget,
): Promise<Buffer | BodyRefusal> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > budget.longest) return Promise.resolve(413);
  if (budget.held + announced > budget.together) return Promise.resolve(503);
  // Whoever asks first whether to send it is not refused by now.
  if (request.headers.expect !== undefined) response.writeContinue();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let held = 0;
    const end = (result: Buffer | BodyRefusal): void => {
      request.off("data", take).off("end", done).off("error", lost).off("close", lost);
      request.pause();
      budget.held -= held;
      held = 0;
      resolve(result);
    };
    const take = (chunk: Buffer): void => {
      held += chunk.length;
      budget.held += chunk.length;
      if (held > budget.longest) end(413);
      else if (budget.held > budget.together) end(503);
      else chunks.push(chunk);
    };
    const done = (): void => end(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    const lost = (): void => end(408);
    request.on("data", take).on("end", done).on("error", lost).on("close", lost);
  });
}
