import { z } from "zod";
import { HostingFault } from "../work/hosting-fault.ts";
import { unexpected } from "./answer-fault.ts";
import type { Charges, Missing } from "./api.ts";
import { redacted } from "./redacted.ts";

const GraphqlError = z.object({
  type: z.string().optional(),
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])).nullish(),
});
const GraphqlAnswer = z.object({ data: z.unknown().optional(), errors: z.array(GraphqlError).optional() });
const Cost = z.object({ rateLimit: z.object({ cost: z.number() }) });

/** How often a query that GitHub gave up on is run in all. */
const ATTEMPTS = 2;

/** The data of a GraphQL answer. Errors come with status 200; any but those of `missing` makes the whole answer a fault. */
export async function graphqlData(
  charges: Charges,
  missing: Missing,
  ask: () => Promise<{ readonly data: unknown; readonly place: string }>,
  attempts = ATTEMPTS,
): Promise<{ readonly data: unknown; readonly place: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const { data, place } = await ask();
    const answer = GraphqlAnswer.safeParse(data);
    if (!answer.success) throw unexpected(place, "neither data nor errors");
    const cost = Cost.safeParse(answer.data.data);
    charges.points += cost.success ? cost.data.rateLimit.cost : 1;
    const error = answer.data.errors?.find((one) => !isExpected(one, missing));
    if (error === undefined) return { data: answer.data.data, place };
    const fault = graphqlFault(place, error.type ?? "", error.message);
    if (fault.code !== "hosting/unavailable" || attempt === attempts) throw fault;
  }
}

function isExpected({ type, path }: z.infer<typeof GraphqlError>, missing: Missing): boolean {
  return (
    path?.some((name) => (Object.hasOwn(missing, name) ? missing[name] : [])?.some((kind) => kind === type)) ?? false
  );
}

function graphqlFault(place: string, type: string, message: string): HostingFault {
  const said = redacted(message);
  const fault = (code: HostingFault["code"], remedy: string) =>
    new HostingFault(code, `${place} answered an error (${said})`, { status: 200, cause: new Error(said), remedy });
  switch (type) {
    case "NOT_FOUND":
      return fault("hosting/not-found", "Check that the repository still exists and that the App is installed on it.");
    case "FORBIDDEN":
    case "INSUFFICIENT_SCOPES":
      return fault("hosting/forbidden", "Accept the permissions that the App asks for in its installation's settings.");
    case "RATE_LIMITED":
      return fault("hosting/rate-limited", "Wait; GitHub's limit on queries is counted anew every hour.");
    default:
      // GitHub gives no type where it ran out of time or failed inside.
      return /something went wrong|timed? ?out|timeout/i.test(message)
        ? fault("hosting/unavailable", "Look at GitHub's status page; it is tried again by itself.")
        : fault("hosting/refused", "Send this text to the makers of Countersign.");
  }
}
