import type { DatabaseSync } from "node:sqlite";
import { transaction } from "./database.ts";
import type { Store } from "./store.ts";

/** Whom the rules of repositories name. */
export const NAMED_TABLES = `
CREATE TABLE named_person (
  repository INTEGER NOT NULL, login TEXT NOT NULL, account INTEGER, PRIMARY KEY (repository, login)
) STRICT, WITHOUT ROWID;
`;

/** The part of a store that keeps them, over one SQLite database. */
export function namedTables(database: DatabaseSync): Pick<Store, "namedPeople" | "putNamedPeople"> {
  const all = database.prepare("SELECT login, account FROM named_person WHERE repository = ?");
  const clear = database.prepare("DELETE FROM named_person WHERE repository = ?");
  const put = database.prepare("INSERT INTO named_person (repository, login, account) VALUES (?, ?, ?)");
  return {
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
