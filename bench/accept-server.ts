/** What the bench of accepting measures, as a process of its own: `node bench/accept-server.ts countersign|probot SECRET FOLDER`. */
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createNodeMiddleware, Probot } from "probot";
import { embeddedDatabase } from "../src/queues/embedded-database.ts";
import { startService } from "../src/service.ts";
import { jsonLog } from "../src/web/log.ts";

const [kind = "", secret = "", folder = ""] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** Countersign as it receives. What it accepted is not worked off: the yardstick's handler does nothing either. */
async function countersign(): Promise<string> {
  const { store, queue } = embeddedDatabase(join(folder, "countersign.db"));
  const settings = { appId: 1, privateKey: key, webhookSecrets: [secret], webhookPath: "/webhook" };
  const service = await startService({
    settings: { ...settings, host: "127.0.0.1", port: 0 },
    queue: { ...queue, run: () => ({ stop: async () => {}, idle: async () => {} }) },
    known: store,
    renew: () => {},
    runJob: async () => {},
    log: jsonLog("warn"),
  });
  return `${service.url}/webhook`;
}

/** Probot as its documentation shows it, with a handler that does nothing. */
async function probot(): Promise<string> {
  const app = new Probot({ appId: 1, privateKey: key, secret, logLevel: "warn" });
  const middleware = await createNodeMiddleware((one) => void one.on("pull_request", () => {}), {
    probot: app,
    webhooksPath: "/webhook",
  });
  const server = createServer((request, response) => void middleware(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
}

const url = await (kind === "probot" ? probot() : countersign());
const memory = () => process.memoryUsage().rss / 2 ** 20;
process.on("message", () => process.send?.({ memory: memory() }));
process.on("disconnect", () => process.exit());
process.send?.({ url, memory: memory() });
