import { type Logger, pino } from "pino";

/** Where the program writes what it does. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

/** Levels, the loudest last. */
export const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;

/**
 * A log of JSON lines. Payloads of webhooks hold what people wrote, and Probot hangs them on every error: of an event only
 * its number and name are written, of an error only its kind, message and place.
 */
export function jsonLog(level: (typeof LOG_LEVELS)[number], write?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: null,
    timestamp: isoTime,
    formatters: { level: levelName },
    serializers: SERIALIZERS,
  };
  return write ? pino(options, write) : pino(options);
}

const isoTime = () => `,"time":"${new Date().toISOString()}"`;
const levelName = (level: string) => ({ level });

const SERIALIZERS = {
  err: errorLine,
  error: errorLine,
  event: (event: unknown) =>
    typeof event === "object" && event !== null
      ? { id: (event as { id?: unknown }).id, name: (event as { name?: unknown }).name }
      : event,
};

function errorLine(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { code, remedy, address } = error as { code?: unknown; remedy?: unknown; address?: unknown };
  const page = typeof address === "string" ? { address } : {};
  return { type: error.name, code, message: error.message, remedy, ...page, stack: error.stack };
}
