import type { DatabaseSync } from "node:sqlite";
import { transaction, unforced } from "./database.ts";
import type { Store } from "./store.ts";

/** Whom the rules of repositories name. */
export const NAMED_TABLES = `
CREATE TABLE named_person (
  repository INTEGER NOT NULL, login TEXT NOT NULL, account INTEGER, PRIMARY KEY (repository, login)
) STRICT, WITHOUT ROWID;
`;

/** The commits that the policies of repositories are shown at. */
export const SHOWN_POLICY_TABLE = `
CREATE TABLE shown_policy (repository INTEGER PRIMARY KEY, blob TEXT NOT NULL, at_commit TEXT NOT NULL) STRICT;
`;

/** The part of a store that keeps them, over one SQLite database. */
export function namedTables(database: DatabaseSync): Pick<Store, "namedPeople" | "putNamedPeople" | "policyShownAt"> {
  const all = database.prepare("SELECT login, account FROM named_person WHERE repository = ?");
  const clear = database.prepare("DELETE FROM named_person WHERE repository = ?");
  const put = database.prepare("INSERT INTO named_person (repository, login, account) VALUES (?, ?, ?)");
  const shown = database.prepare("SELECT at_commit FROM shown_policy WHERE repository = ? AND blob = ?");
  const show = database.prepare(`
    INSERT INTO shown_policy (repository, blob, at_commit) VALUES (?, ?, ?)
    ON CONFLICT (repository) DO UPDATE SET blob = excluded.blob, at_commit = excluded.at_commit`);
  return {
    async policyShownAt(repository, blob, commit) {
      const known = shown.get(repository, blob);
      if (known !== undefined) return String(known.at_commit);
      unforced(database, () => show.run(repository, blob, commit));
      return commit;
    },
    namedPeople: async (repository) =>
      new Map(all.all(repository).map(({ login, account }) => [String(login), account as number | null])),
    async putNamedPeople(repository, people) {
      transaction(database, () => {
        clear.run(repository);
        for (const [login, account] of people) put.run(repository, login, account);
      });
    },
  };
}
