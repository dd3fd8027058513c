import { HostingFault } from "../work/hosting-fault.ts";
import { redacted } from "./redacted.ts";

/** An answer that is not what was asked for: its status, headers in lower case, and what GitHub says. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly message: string;
}

/** How long GitHub wants to be left alone after an answer, in milliseconds; null when it is not about too many requests. */
export function pauseAfter({ status, headers, message }: Refusal, now: number): number | null {
  if (status !== 403 && status !== 429) return null;
  const asked = Number(headers["retry-after"] ?? Number.NaN);
  if (asked >= 0) return Math.max(1000, asked * 1000);
  const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
  if (headers["x-ratelimit-remaining"] === "0" && reset >= 0) return Math.max(1000, reset * 1000 - now);
  // GitHub asks for a minute at least where it names no time.
  return status === 429 || /secondary rate limit|abuse detection/i.test(message) ? 60_000 : null;
}

/** A refusal as the program tells it; `place` is the request without its query. */
export function answerFault(place: string, refusal: Refusal, pause: number | null, now: number): HostingFault {
  const { status, headers } = refusal;
  const said = redacted(refusal.message);
  const details = { status, cause: new Error(said) };
  if (pause !== null) {
    const retryAt = new Date(now + pause).toISOString();
    return new HostingFault("hosting/rate-limited", `GitHub limits requests: ${place} answered ${status} (${said})`, {
      ...details,
      retryAt,
      remedy: `Wait; another try makes sense at ${retryAt}.`,
    });
  }
  const message = `${place} answered ${status}${said === "" ? "" : ` (${said})`}`;
  if (status >= 500)
    return new HostingFault("hosting/unavailable", message, {
      ...details,
      remedy: "Look at GitHub's status page; it is tried again by itself.",
    });
  const [code, remedy] = REFUSED[status] ?? ["hosting/refused", "Send this text to the makers of Countersign."];
  const accepted = headers["x-accepted-github-permissions"];
  const missing = status === 403 && accepted !== undefined ? ` Any of these would do: ${redacted(accepted)}.` : "";
  return new HostingFault(code, message, { ...details, remedy: `${remedy}${missing}` });
}

const REFUSED: Readonly<Record<number, readonly [HostingFault["code"], string]>> = {
  401: [
    "hosting/unauthorized",
    "Check that APP_ID and PRIVATE_KEY belong together and that this machine's clock is right.",
  ],
  403: [
    "hosting/forbidden",
    "Look at the App's installation: accept the permissions it asks for, and lift a suspension or the repository's archiving.",
  ],
  404: [
    "hosting/not-found",
    "Check that the repository still exists and that the App is installed on it with the permissions it asks for.",
  ],
  422: [
    "hosting/refused",
    "Check that the App is installed on the repository and was granted the permissions it asks for.",
  ],
};

/** GitHub gave no answer that could be read to its end. */
export function noAnswer(place: string, reason: unknown): HostingFault {
  const said = redacted(reasonOf(reason));
  return new HostingFault("hosting/unavailable", `${place} was not answered (${said})`, {
    cause: new Error(said),
    remedy: "Check the way from here to GitHub (GITHUB_API_URL, proxy, certificates) and GitHub's status page.",
  });
}

function reasonOf(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  const inner = reason.cause instanceof Error ? reason.cause : null;
  return inner === null ? reason.message : `${reason.message}: ${inner.message}`;
}

/** An answer that cannot be understood; `problem` must quote nothing of it that could be a secret. */
export function unexpected(place: string, problem: string): HostingFault {
  return new HostingFault(
    "hosting/unexpected",
    `${place} answered what GitHub does not describe: ${redacted(problem)}`,
    {
      remedy:
        "If a proxy stands between, let it pass answers unchanged; else send this text to the makers of Countersign.",
    },
  );
}
