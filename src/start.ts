import { existsSync } from "node:fs";
import { startApp } from "./app-service.ts";
import { isUnconfigured, readEnvironment } from "./environment.ts";
import { failureText, HOW_TO_BEGIN, problemText } from "./environment-text.ts";
import { jsonLog } from "./web/log.ts";

/** How long jobs under way may take to end when the program is told to, in milliseconds; the queue keeps what they leave. */
const PATIENCE = 20_000;

function refuse(text: string): void {
  process.stderr.write(text);
  process.exitCode = 2;
}

async function start(): Promise<void> {
  // What is set outside of the file wins.
  if (existsSync(".env")) process.loadEnvFile(".env");
  if (isUnconfigured(process.env)) return refuse(HOW_TO_BEGIN);
  const read = readEnvironment(process.env);
  if ("problems" in read) return refuse(problemText(read.problems));
  const log = jsonLog(read.settings.logLevel);
  const service = await startApp(read.settings, { log });
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    // Told twice: whoever waits wants it to end now.
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, "stopping");
    setTimeout(() => process.exit(1), PATIENCE).unref();
    await service.stop();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, (name) => void stop(name));
}

start().catch((fault: unknown) => refuse(failureText(fault)));
