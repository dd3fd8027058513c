import { execFileSync } from "node:child_process";
import { sign, verify } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { canonicalBytes } from "../src/evidence/canonical.ts";
import { type Signer, signEnvelope } from "../src/evidence/envelope.ts";
import type { Ledger, LedgerTip } from "../src/evidence/ledger.ts";
import { statementOf } from "../src/evidence/statement.ts";
import { consistencyProof, inclusionProof, type ReadNodes } from "../src/evidence/tree.ts";
import { embeddedDatabase } from "../src/queues/embedded-database.ts";
import { localSigner } from "../src/signing/local-signer.ts";
import { LEDGER_TABLE } from "../src/stores/sqlite-ledger.ts";
import { newKey, publicPem, sampleRecord } from "../test/evidence/sample-record.ts";
import { type Bench, median, type Outcome } from "./measure.ts";

const ROUNDS = 9;
/** Records of a round, each way. */
const A_ROUND = 320;
const BATCH = 32;
const RECORDS = 100_000;
const MEMORY = 200;
const AT = "2026-11-24T12:00:00Z";

/** Records signed, chained and on disk, and verified again, against what the disk and the signatures alone take. */
export const ledgerBench: Bench = {
  name: "ledger",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "countersign-ledger-"));
    const key = newKey();
    const database = embeddedDatabase(join(folder, "countersign.db"));
    try {
      const ledger = appending(database.ledger, localSigner(key));
      const appends = await appended(ledger, join(folder, "bare.db"));
      const growth = await grown(ledger);
      const proofs = await proven(database.ledger);
      writeFileSync(join(folder, "public.pem"), publicPem(localSigner(key)));
      return [...appends, growth, proofs, ...verified(folder, key)];
    } finally {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Appending {
  readonly ledger: Ledger;
  size(): number;
  /** Appends one record more. */
  one(): Promise<unknown>;
  /** A record's envelope as it is kept, canonical JSON. */
  text(): Promise<string>;
}

function appending(ledger: Ledger, signer: Signer): Appending {
  let size = 0;
  const build = (id: string) => (tip: LedgerTip) => signEnvelope(statementOf(sampleRecord(id), tip, AT), signer);
  return {
    ledger,
    size: () => size,
    one() {
      const id = `landing/7/main/${size++}`;
      return ledger.append(id, build(id));
    },
    async text() {
      const tip = { size: 1_000, previous: "0".repeat(64), root: "0".repeat(64) };
      return canonicalBytes(await build("landing/7/main/1000")(tip)).toString();
    },
  };
}

/** One row a transaction, synchronous: the same rows, in a table that keeps nobody from anything. */
function bareLoop(path: string, text: string): { run(): void; close(): void } {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 16000");
  database.exec(LEDGER_TABLE.slice(0, LEDGER_TABLE.indexOf("CREATE TRIGGER")));
  const insert = database.prepare(
    "INSERT INTO ledger_entry (sequence, id, digest, root, nodes, envelope) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const hash = "0".repeat(64);
  let size = 0;
  return {
    run() {
      for (let at = 0; at < A_ROUND; at += 1) {
        database.exec("BEGIN IMMEDIATE");
        insert.run(size, `landing/7/main/${size}`, hash, hash, hash + hash, text);
        database.exec("COMMIT");
        size += 1;
      }
    },
    close: () => database.close(),
  };
}

async function appended(records: Appending, path: string): Promise<readonly Outcome[]> {
  const text = await records.text();
  const bare = bareLoop(path, text);
  const times: { bare: number; single: number; batch: number }[] = [];
  const single = async () => {
    for (let at = 0; at < A_ROUND; at += 1) await records.one();
  };
  const batch = async () => {
    for (let at = 0; at < A_ROUND; at += BATCH) await Promise.all(Array.from({ length: BATCH }, records.one));
  };
  for (let round = 0; round <= ROUNDS; round += 1)
    times.push({ bare: await timed(bare.run), single: await timed(single), batch: await timed(batch) });
  bare.close();
  // The first warms up.
  times.shift();
  const micro = (time: number) => `${((time / A_ROUND) * 1000).toFixed(0)} µs`;
  const of = (kind: "bare" | "single" | "batch") => median(times.map((round) => round[kind]));
  const outcome = (what: string, kind: "single" | "batch", target: number): Outcome => {
    const ratio = median(times.map((round) => round.bare / round[kind]));
    return {
      what: `${what}, ${text.length} bytes each`,
      value: `${micro(of(kind))} a record`,
      yardstick: `node:sqlite, one row a transaction: ${micro(of("bare"))}; ${ratio.toFixed(2)} times as fast`,
      target: `>= ${target} times`,
      met: ratio >= target,
    };
  };
  return [
    outcome("one signed, chained, durable record at a time", "single", 0.5),
    outcome(`the same, ${BATCH} at once`, "batch", 5),
  ];
}

/** Fills the ledger, and tells what the program keeps of it. */
async function grown(records: Appending): Promise<Outcome> {
  const fill = async (size: number): Promise<number> => {
    while (records.size() < size)
      await Promise.all(Array.from({ length: Math.min(64, size - records.size()) }, records.one));
    for await (const { sequence } of records.ledger.entries(size - 1_000))
      if (sequence < 0) throw new Error("no such record");
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  const [early, late] = [await fill(RECORDS / 10), await fill(RECORDS)];
  return {
    what: `memory that the program keeps at ${RECORDS.toLocaleString("en")} records`,
    value: `${late.toFixed(1)} MiB`,
    yardstick: `at ${(RECORDS / 10).toLocaleString("en")} records: ${early.toFixed(1)} MiB`,
    target: "no more than 1 MiB beyond",
    met: late - early <= 1,
  };
}

/** The most reads that any of some proofs takes. */
async function proven(ledger: Ledger): Promise<Outcome> {
  const { size } = await ledger.tip();
  let [reads, most] = [0, 0];
  const read: ReadNodes = (wanted) => {
    reads += wanted.length;
    return ledger.nodes(wanted);
  };
  for (let at = 0; at < 1_000; at += 1) {
    const index = Math.floor((at * size) / 1_000);
    reads = 0;
    await inclusionProof(index, size, read);
    most = Math.max(most, reads);
    reads = 0;
    await consistencyProof(index, size, read);
    most = Math.max(most, reads);
  }
  const bound = 2 * Math.ceil(Math.log2(size));
  return {
    what: `reads of rows for one of 2,000 proofs over ${size.toLocaleString("en")} records`,
    value: `${most} at most`,
    yardstick: `twice the binary logarithm: ${bound}`,
    target: "no more",
    met: most <= bound,
  };
}

/** Runs `countersign verify` over the whole ledger, and the signatures alone. */
function verified(folder: string, key: ReturnType<typeof newKey>): readonly Outcome[] {
  const runs = Array.from({ length: 3 }, () => ({ ours: verifyCommand(folder), bare: signaturesAlone(key) }));
  const ours = median(runs.map((one) => one.ours.time));
  const bare = median(runs.map((one) => one.bare));
  const ratio = median(runs.map((one) => one.bare / one.ours.time));
  const memory = Math.max(...runs.map((one) => one.ours.memory));
  const rate = (time: number) => `${(RECORDS / (time / 1000)).toFixed(0)} a second`;
  return [
    {
      what: `countersign verify over ${RECORDS.toLocaleString("en")} records`,
      value: rate(ours),
      yardstick: `node:crypto verifying as many signatures: ${rate(bare)}; ${ratio.toFixed(2)} times as fast`,
      target: ">= 0.5 times",
      met: ratio >= 0.5,
    },
    {
      what: "largest memory of that command",
      value: `${memory.toFixed(0)} MiB`,
      yardstick: "resident size as the system reports it",
      target: `< ${MEMORY} MiB`,
      met: memory < MEMORY,
    },
  ];
}

/** Milliseconds, and MiB of resident memory, of the command in a process of its own. */
function verifyCommand(folder: string): { readonly time: number; readonly memory: number } {
  const script = `
    process.argv.splice(1, 1, "countersign");
    process.on("exit", (code) => console.error("\\n" + code, performance.now(), process.resourceUsage().maxRSS / 1024));
    await import(${JSON.stringify(new URL("../src/cli.ts", import.meta.url).href)});`;
  const args = ["verify", join(folder, "countersign.db"), "--key", join(folder, "public.pem")];
  const out = execFileSync(
    "sh",
    [
      "-c",
      'script="$1"; shift; "$0" --input-type=module -e "$script" -- cli "$@" 2>&1',
      process.execPath,
      script,
      ...args,
    ],
    { encoding: "utf8" },
  );
  const [, time = "", memory = ""] = /\n0 ([\d.]+) ([\d.]+)\s*$/.exec(out) ?? [];
  if (time === "" || !out.includes(`${RECORDS.toLocaleString("en")} records`)) throw new Error(`verify failed: ${out}`);
  return { time: Number(time), memory: Number(memory) };
}

function signaturesAlone(key: ReturnType<typeof newKey>): number {
  const { publicKey } = localSigner(key);
  const bytes = canonicalBytes(
    statementOf(sampleRecord("landing/7/main/1000"), { size: 1_000, previous: "0".repeat(64), root: "" }, AT),
  );
  const signature = sign(null, bytes, key);
  const start = performance.now();
  for (let at = 0; at < RECORDS; at += 1) if (!verify(null, bytes, publicKey, signature)) throw new Error("not signed");
  return performance.now() - start;
}

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
