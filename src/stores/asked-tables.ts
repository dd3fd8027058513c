import type { DatabaseSync } from "node:sqlite";
import type { Store, StoredAsk, StoredNotSecret, StoredReviewer } from "./store.ts";

/** What people asked for with commands and buttons, whom the App asked to review, and what is known to be no secret. */
export const ASKED_TABLES = `
CREATE TABLE ask (
  repository INTEGER NOT NULL, pull_request INTEGER NOT NULL, key TEXT NOT NULL,
  name TEXT NOT NULL, argument TEXT NOT NULL, reason TEXT NOT NULL, login TEXT NOT NULL, at TEXT NOT NULL,
  counts INTEGER NOT NULL, tier TEXT, answered INTEGER NOT NULL,
  PRIMARY KEY (repository, pull_request, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE reviewer (
  repository INTEGER NOT NULL, pull_request INTEGER NOT NULL, name TEXT NOT NULL, refused TEXT,
  PRIMARY KEY (repository, pull_request, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE not_secret (
  repository INTEGER NOT NULL, path TEXT NOT NULL, rule TEXT NOT NULL, fingerprint TEXT NOT NULL,
  person TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (repository, path, rule, fingerprint)
) STRICT, WITHOUT ROWID;
`;

type Asked = Pick<Store, "putAsk" | "asksOf" | "putReviewer" | "reviewersOf" | "putNotSecret" | "notSecretsOf">;

/** The part of a store that keeps them, over one SQLite database. */
export function askedTables(database: DatabaseSync): Asked {
  const putAsk = database.prepare(`
    INSERT INTO ask (repository, pull_request, key, name, argument, reason, login, at, counts, tier, answered)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (repository, pull_request, key) DO UPDATE SET
      name = excluded.name, argument = excluded.argument, reason = excluded.reason, login = excluded.login,
      at = excluded.at, counts = excluded.counts, tier = excluded.tier, answered = excluded.answered`);
  const asks = database.prepare("SELECT * FROM ask WHERE repository = ? AND pull_request = ? ORDER BY key");
  const putReviewer = database.prepare(`
    INSERT INTO reviewer (repository, pull_request, name, refused) VALUES (?, ?, ?, ?)
    ON CONFLICT (repository, pull_request, name) DO UPDATE SET refused = excluded.refused`);
  const reviewers = database.prepare("SELECT * FROM reviewer WHERE repository = ? AND pull_request = ? ORDER BY name");
  const putNotSecret = database.prepare(`
    INSERT INTO not_secret (repository, path, rule, fingerprint, person, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`);
  const notSecrets = database.prepare("SELECT * FROM not_secret WHERE repository = ? ORDER BY path, rule, fingerprint");
  return {
    async putAsk({ repository, pullRequest, key, name, argument, reason, login, at, counts, tier, answered }) {
      const [counting, done] = [counts ? 1 : 0, answered ? 1 : 0];
      putAsk.run(repository, pullRequest, key, name, argument, reason, login, at, counting, tier, done);
    },
    asksOf: async (repository, pullRequest) => asks.all(repository, pullRequest).map(askOf),
    async putReviewer({ repository, pullRequest, name, refused }) {
      putReviewer.run(repository, pullRequest, name, refused);
    },
    reviewersOf: async (repository, pullRequest) =>
      reviewers
        .all(repository, pullRequest)
        .map(({ name, refused }) => ({ repository, pullRequest, name, refused }) as StoredReviewer),
    async putNotSecret({ repository, path, rule, fingerprint, person, reason, at }) {
      putNotSecret.run(repository, path, rule, fingerprint, person, reason, at);
    },
    notSecretsOf: async (repository) =>
      notSecrets.all(repository).map((row) => ({ ...row }) as unknown as StoredNotSecret),
  };
}

function askOf({ pull_request: pullRequest, counts, answered, ...row }: Readonly<Record<string, unknown>>): StoredAsk {
  return { ...row, pullRequest, counts: counts === 1, answered: answered === 1 } as StoredAsk;
}
