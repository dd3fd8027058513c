import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What is known of a new App. */
export interface NewApp {
  readonly id: number;
  readonly slug: string;
  readonly privateKey: string;
  readonly webhookSecret: string | null;
  readonly webhookPath: string;
  /** Null for github.com. */
  readonly apiUrl: string | null;
}

/** The files that were written. */
export interface SettingsFiles {
  readonly settings: string;
  readonly key: string;
}

/** Writes the App's key and `.env` beside it, for this user alone. What is there is never overwritten. */
export async function writeSettings(folder: string, app: NewApp): Promise<SettingsFiles> {
  const key = await written(
    folder,
    [`${app.slug}.private-key.pem`, `${app.slug}.${app.id}.private-key.pem`],
    app.privateKey,
  );
  // GitHub tells the secrets once: should somebody have made a `.env` meanwhile, they go beside it.
  const settings = await written(folder, [".env", `.env.${app.slug}`, `.env.${app.slug}.${app.id}`], textOf(app, key));
  return { settings, key };
}

function textOf({ id, webhookSecret, webhookPath, apiUrl }: NewApp, key: string): string {
  return [
    `APP_ID=${id}`,
    `PRIVATE_KEY_PATH=${key}`,
    webhookSecret === null
      ? "# GitHub made no webhook secret: set one on the App's page (openssl rand -hex 32), and here as WEBHOOK_SECRET="
      : `WEBHOOK_SECRET=${webhookSecret}`,
    ...(webhookPath === "/webhook" ? [] : [`WEBHOOK_PATH=${webhookPath}`]),
    ...(apiUrl === null ? [] : [`GITHUB_API_URL=${apiUrl}`]),
    "",
  ].join("\n");
}

/** Writes under the first name that is free. */
async function written(folder: string, names: readonly string[], text: string): Promise<string> {
  for (const name of names) {
    try {
      await writeFile(join(folder, name), text, { flag: "wx", mode: 0o600 });
      return name;
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== "EEXIST") throw fault;
    }
  }
  throw new Error(`${names.join(" and ")} exist already; move them away, and generate a new key on the App's page`);
}
