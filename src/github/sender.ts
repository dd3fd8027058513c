import { Octokit } from "@octokit/core";
import type { HostingFault } from "../work/hosting-fault.ts";
import { answerFault, noAnswer, pauseAfter, type Refusal } from "./answer-fault.ts";
import type { Charges, Params } from "./api.ts";
import type { Clock } from "./clock.ts";

/** One request, as it is sent however often it takes. */
export interface Outgoing {
  /** `GET /repos/{owner}/{repo}`. */
  readonly route: string;
  readonly params: Params;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether sending it twice does no more than sending it once. */
  readonly repeatable: boolean;
  /** Requests of one lane pause together when GitHub asks for it. */
  readonly lane: string;
  readonly signal: AbortSignal;
  readonly charges: Charges;
}

/** An answer with status 2xx or 304. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The request without its query, for messages. */
  readonly place: string;
}

/** Sends requests to one GitHub. */
export interface Sender {
  /** The address that a request would be sent to. */
  urlOf(route: string, params: Params): string;
  send(outgoing: Outgoing): Promise<Answer>;
}

/** Where GitHub is, and how much it is waited for. */
export interface SenderSettings {
  /** `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /** The longest that one request waits for limits to be over, in milliseconds; beyond, it is a fault that says when. */
  readonly patience: number;
  /** The longest that one answer may take, in milliseconds. */
  readonly timeout: number;
}

/** How often a request without an answer, or with a server's error, is sent in all. */
const ATTEMPTS = 3;
const FIRST_PAUSE = 400;

/** Makes a sender. Octokit builds the requests; proxy and certificates are Node's own settings. */
export function sender(settings: SenderSettings): Sender {
  const silent = () => {};
  const octokit = new Octokit({
    baseUrl: settings.baseUrl.replace(/\/+$/, ""),
    userAgent: "countersign",
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  const lanes = new Map<string, number>();
  return {
    urlOf: (route, params) => octokit.request.endpoint(route, { ...params }).url,
    send: (outgoing) => persistently(settings, lanes, outgoing, () => once(octokit, settings, outgoing)),
  };
}

type Outcome =
  | { readonly answer: Answer }
  | { readonly refusal: Refusal; readonly place: string }
  | { readonly reason: unknown; readonly place: string };

async function persistently(
  { clock, patience }: SenderSettings,
  lanes: Map<string, number>,
  { repeatable, lane, signal, charges }: Outgoing,
  attempt: () => Promise<Outcome>,
): Promise<Answer> {
  let waited = 0;
  const wait = async (milliseconds: number, fault: () => HostingFault) => {
    if (waited + milliseconds > patience) throw fault();
    waited += milliseconds;
    await clock.sleep(milliseconds, signal);
  };
  for (let failures = 0; ; ) {
    signal.throwIfAborted();
    const blocked = (lanes.get(lane) ?? 0) - clock.now();
    if (blocked > 0) await wait(blocked, () => answerFault("GitHub", LIMITED, blocked, clock.now()));
    else lanes.delete(lane);
    const outcome = await attempt();
    signal.throwIfAborted();
    if ("answer" in outcome) {
      if (outcome.answer.status === 304) charges.unchanged += 1;
      else charges.requests += 1;
      return outcome.answer;
    }
    charges.requests += 1;
    const pause = "refusal" in outcome ? pauseAfter(outcome.refusal, clock.now()) : null;
    if (pause !== null) {
      lanes.set(lane, clock.now() + pause);
      continue;
    }
    const fault = faultOf(outcome, clock.now());
    failures += 1;
    if (fault.code !== "hosting/unavailable" || !repeatable || failures === ATTEMPTS) throw fault;
    // Many workers that lost the same server must not come back at the same instant.
    await wait(FIRST_PAUSE * 4 ** (failures - 1) * (0.5 + Math.random() / 2), () => fault);
  }
}

const LIMITED: Refusal = { status: 429, headers: {}, message: "asked for a pause" };

function faultOf(outcome: Exclude<Outcome, { answer: Answer }>, now: number): HostingFault {
  return "refusal" in outcome
    ? answerFault(outcome.place, outcome.refusal, null, now)
    : noAnswer(outcome.place, outcome.reason);
}

async function once(octokit: Octokit, { timeout }: SenderSettings, outgoing: Outgoing): Promise<Outcome> {
  const { route, params, headers, signal } = outgoing;
  const options = { ...params, headers };
  const { method, url } = octokit.request.endpoint(route, options);
  const place = `${method} ${new URL(url).pathname}`;
  try {
    const response = await octokit.request(route, {
      ...options,
      request: { signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]), parseSuccessResponseBody: false },
    });
    const text = response.data === "" ? "" : await new Response(response.data as ReadableStream).text();
    return { answer: { status: response.status, headers: headersOf(response.headers), text, place } };
  } catch (reason) {
    const response = responseOf(reason);
    if (response === null) return { reason, place };
    const answered = headersOf(response.headers);
    if (response.status === 304) return { answer: { status: 304, headers: answered, text: "", place } };
    return { refusal: { status: response.status, headers: answered, message: messageOf(response.data) }, place };
  }
}

interface Responded {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

/** The answer inside of what Octokit throws; null where there was none. */
function responseOf(reason: unknown): Responded | null {
  const response = (reason as { response?: Responded } | null)?.response;
  return response && typeof response.status === "number" ? response : null;
}

function headersOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function messageOf(data: unknown): string {
  if (typeof data !== "object" || data === null || !("message" in data)) return "";
  const { message, errors } = data as { message: unknown; errors?: unknown };
  return `${String(message)}${Array.isArray(errors) ? `: ${JSON.stringify(errors)}` : ""}`;
}
