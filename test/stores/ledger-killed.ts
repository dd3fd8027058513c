/** Appends three records and is killed while the fourth is signed: run as a program of its own, with the database's path. */
import { MIGRATIONS } from "../../src/queues/embedded-database.ts";
import { openDatabase } from "../../src/stores/database.ts";
import { sqliteLedger } from "../../src/stores/sqlite-ledger.ts";
import { signing, testSigner } from "./ledger-records.ts";

const ledger = sqliteLedger(openDatabase(process.argv[2] as string, MIGRATIONS));
const signer = testSigner();
for (const id of ["a", "b", "c"]) await ledger.append(id, signing(signer, id));
await Promise.all([
  ledger.append("d", signing(signer, "d")),
  ledger.append("e", async () => {
    process.kill(process.pid, "SIGKILL");
    return new Promise(() => {});
  }),
]);
