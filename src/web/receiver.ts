import type { IncomingMessage, ServerResponse } from "node:http";
import { Webhooks } from "@octokit/webhooks";
import { type BodyBudget, type BodyRefusal, readBody } from "./body.ts";
import type { Log } from "./log.ts";
import { reply } from "./reply.ts";

/** A webhook whose signature holds. */
export interface SignedDelivery {
  /** `X-GitHub-Delivery`. */
  readonly id: string;
  readonly name: string;
  readonly payload: object;
}

/** How webhooks are received. */
export interface ReceiverOptions {
  /** Any of them may have signed: two while one replaces the other. */
  readonly secrets: readonly string[];
  /** Events that somebody listens to; others are accepted and forgotten. */
  readonly events: ReadonlySet<string>;
  /** Resolves when the delivery and its work are on disk. */
  readonly accept: (delivery: SignedDelivery) => Promise<void>;
  readonly log: Log;
  readonly budget?: BodyBudget;
  /** GitHub waits ten seconds for an answer; the program says before that that it could not, in milliseconds. */
  readonly patience?: number;
}

/** GitHub sends no longer webhooks. */
const LONGEST_BODY = 25 << 20;
const BODIES_TOGETHER = 128 << 20;
const PATIENCE = 9_000;
const CONTENT_TYPE = /^application\/(json|x-www-form-urlencoded)(?:\s*;\s*charset="?utf-8"?)?\s*$/i;
const GUID = /^[\w-]{1,100}$/;
const EVENT = /^[a-z0-9_]{1,60}$/;
const SIGNATURE = /^sha256=[0-9a-f]{64}$/;

interface Refusal {
  readonly status: number;
  readonly sentence: string;
}

type Headers = { readonly id: string; readonly name: string; readonly signature: string; readonly form: boolean };

/** Receives webhooks: nothing is believed before the signature holds, nothing acknowledged before it is stored. */
export function webhookReceiver(options: ReceiverOptions) {
  const signers = options.secrets.map((secret) => new Webhooks({ secret }));
  const budget = options.budget ?? { longest: LONGEST_BODY, together: BODIES_TOGETHER, held: 0 };
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = ({ status, sentence }: Refusal, about?: Headers): void => {
      options.log.warn({ status, id: about?.id, event: about?.name }, `webhook refused: ${sentence}`);
      reply(response, status, { error: sentence });
    };
    const headers = headersOf(request);
    if ("status" in headers) return refuse(headers);
    const body = await readBody(request, response, budget);
    if (typeof body === "number") return refuse(BODY_REFUSALS[body], headers);
    const text = body.toString("utf8");
    if (text === "") return refuse({ status: 400, sentence: "the body is empty" }, headers);
    if (!(await isSigned(signers, text, headers.signature))) return refuse(UNSIGNED, headers);
    const payload = payloadOf(text, headers.form);
    if (payload === null) return refuse({ status: 400, sentence: "the payload is not a JSON object" }, headers);
    const { id, name } = headers;
    if (!options.events.has(name)) return reply(response, 202, { accepted: true });
    const stored = await inTime(options.accept({ id, name, payload }), options.patience ?? PATIENCE);
    if (stored) return reply(response, 202, { accepted: true });
    refuse({ status: 503, sentence: "the delivery could not be stored; ask GitHub to redeliver it" }, headers);
  };
}

const UNSIGNED: Refusal = { status: 401, sentence: "X-Hub-Signature-256 does not fit the body and the webhook secret" };
const BODY_REFUSALS: Readonly<Record<BodyRefusal, Refusal>> = {
  408: { status: 408, sentence: "the body did not arrive" },
  413: { status: 413, sentence: "the body is longer than 25 MB" },
  503: { status: 503, sentence: "too many bodies are being received; ask GitHub to redeliver this one" },
};

/** Everything that can be refused before the body is read. */
function headersOf({ headers }: IncomingMessage): Headers | Refusal {
  const type = CONTENT_TYPE.exec(headers["content-type"] ?? "")?.[1]?.toLowerCase();
  if (type === undefined || headers["content-encoding"] !== undefined)
    return { status: 415, sentence: "expected application/json or application/x-www-form-urlencoded, not encoded" };
  const [signature, id, name] = [
    headers["x-hub-signature-256"],
    headers["x-github-delivery"],
    headers["x-github-event"],
  ].map((value) => String(value ?? "")) as [string, string, string];
  if (!SIGNATURE.test(signature))
    return { status: 401, sentence: "expected one X-Hub-Signature-256: the webhook needs a secret" };
  if (!GUID.test(id)) return { status: 400, sentence: "expected one X-GitHub-Delivery" };
  if (!EVENT.test(name)) return { status: 400, sentence: "expected one X-GitHub-Event" };
  return { id, name, signature, form: type !== "json" };
}

/** Every secret is tried, whichever fits, each compared in constant time. */
async function isSigned(signers: readonly Webhooks[], text: string, signature: string): Promise<boolean> {
  const fits = await Promise.all(signers.map((signer) => signer.verify(text, signature)));
  return fits.includes(true);
}

function payloadOf(text: string, form: boolean): object | null {
  const json = form ? new URLSearchParams(text).get("payload") : text;
  try {
    const payload: unknown = JSON.parse(json ?? "");
    return typeof payload === "object" && payload !== null && !Array.isArray(payload) ? payload : null;
  } catch {
    return null;
  }
}

/** Whether something was done in time; why not is for the log of whoever did it. */
async function inTime(doing: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, milliseconds, false);
  });
  const done = doing.then(
    () => true,
    () => false,
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}
