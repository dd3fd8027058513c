import { z } from "zod";
import { unexpected } from "./answer-fault.ts";
import { type Clock, systemClock } from "./clock.ts";
import { sender } from "./sender.ts";

const Converted = z.object({
  id: z.int(),
  slug: z.string().regex(/^[\w-]{1,100}$/),
  html_url: z.string().regex(/^https?:\/\//),
  owner: z.object({ login: z.string() }),
  pem: z.string().startsWith("-----BEGIN"),
  // It is written into a file of settings, where these signs would mean something.
  webhook_secret: z
    .string()
    .regex(/^[^\s"'`#\\$]{1,200}$/)
    .nullable(),
});

/** An App that was just registered, with the secrets that GitHub tells only once. */
export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  readonly url: string;
  readonly owner: string;
  readonly privateKey: string;
  readonly webhookSecret: string | null;
}

/** Takes the App that a code stands for; GitHub gives it once, within the hour. */
export async function takeRegisteredApp(
  code: string,
  baseUrl: string,
  signal: AbortSignal,
  clock: Clock = systemClock,
): Promise<RegisteredApp> {
  const { text, place } = await sender({ baseUrl, clock, patience: 10_000, timeout: 30_000 }).send({
    route: "POST /app-manifests/{code}/conversions",
    params: { code },
    headers: {},
    repeatable: false,
    lane: "registration",
    signal,
    charges: { requests: 0, points: 0, unchanged: 0, writes: 0 },
  });
  const parsed = Converted.safeParse(jsonOf(text));
  // Nothing of the answer is repeated: it is made of secrets. Neither is the code.
  if (!parsed.success) throw unexpected(place.replace(code, "CODE"), "no App");
  const { id, slug, html_url: url, owner, pem: privateKey, webhook_secret: webhookSecret } = parsed.data;
  return { id, slug, url, owner: owner.login, privateKey, webhookSecret };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
