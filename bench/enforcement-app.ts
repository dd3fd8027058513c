/** The App as the bench of enforcement measures it, as a process of its own that is told its settings by its parent. */
import { startApp } from "../src/app-service.ts";
import type { Settings } from "../src/environment.ts";
import { jsonLog } from "../src/web/log.ts";

/** What the parent says first; whatever it says later asks to hear when nothing is left to do. */
export interface AppOrders {
  readonly settings: Settings;
  /** What the App takes for the present. */
  readonly now: number;
}

process.once("message", async ({ settings, now }: AppOrders) => {
  const started = performance.now();
  const service = await startApp(settings, {
    log: jsonLog(settings.logLevel),
    now: () => now + Math.round(performance.now() - started),
  });
  process.on("message", () => void service.idle().then(() => process.send?.({ idle: true })));
  process.on("disconnect", () => void service.stop().then(() => process.exit()));
  process.send?.({ url: service.url });
});
