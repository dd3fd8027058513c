/** The App in a process of its own, which kills itself at one step. Its settings, its clock and the step are its argument. */
import { startApp } from "../../src/app-service.ts";
import { jsonLog } from "../../src/web/log.ts";
import { sabotage } from "./sabotage.ts";

const { settings, now, strike } = JSON.parse(process.argv[2] as string);
const started = performance.now();
const service = await startApp(settings, {
  log: jsonLog("error", { write: () => {} }),
  now: () => now + Math.round(performance.now() - started),
  queue: { backoff: 20, attempts: 4 },
});
sabotage(service, strike, () => process.kill(process.pid, "SIGKILL"));
process.stdout.write(`${service.url}\n`);
