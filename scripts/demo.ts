/**
 * The main job, as it happens: a GitHub on this machine, the App beside it over HTTP, and a pull request that swaps a
 * model and adds a credential. Every step is asked of the API and must be so; exits 0 only if all of it happened.
 */
import { styleText } from "node:util";
import { forge, seenIn, verified } from "./demo-evidence.ts";
import { type Answer, type Endings, endings, filesBelow, type Shown, type Stage, stage } from "./demo-stage.ts";

const PEOPLE = ["neo", "octocat", "hubot", "trinity", "mona"];
const PROMPT = "prompts/support/triage.md";
const BODY =
  "A newer snapshot, and refunds through the API.\n\n## Rollback\nOwner: @octocat\nVerification: the evaluation passes again\n";
const width = Math.min(process.stdout.columns || 100, 110);
type Format = Parameters<typeof styleText>[0];
const style = (format: Format, text: string) => (process.stdout.isTTY ? styleText(format, text) : text);
let steps = 0;

function step(text: string): void {
  steps += 1;
  console.log();
  line(text, { format: "bold", first: `${String(steps).padStart(2)}. `, rest: "    " });
}

/** Prints a text in as many rows as the terminal needs for it. */
function line(
  text: string,
  { first = "    ", rest = "      ", format }: { first?: string; rest?: string; format?: Format } = {},
): void {
  const rows: string[] = [];
  let row = "";
  for (const word of text.split(" ")) {
    const before = rows.length === 0 ? first : rest;
    if (row !== "" && `${before}${row} ${word}`.length > width) {
      rows.push(row);
      row = word;
    } else row = row === "" ? word : `${row} ${word}`;
  }
  for (const [index, shown] of [...rows, row].entries()) {
    const whole = `${index === 0 ? first : rest}${shown}`;
    console.log(format === undefined ? whole : style(format, whole));
  }
}

/** Markdown as a terminal shows it best: as little of it as possible. */
function plain(text: string): string {
  return text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\*\*|`|\u2060/g, "")
    .replace(/^#+ /, "")
    .replace(/\\(.)/g, "$1");
}

/** What one heading of the summary holds. */
function section({ summary }: Shown, heading: string): readonly string[] {
  const rows = summary.split("\n");
  const start = rows.indexOf(`### ${heading}`);
  if (start < 0) return [];
  const length = rows.slice(start + 1).findIndex((row) => row.startsWith("### "));
  return rows.slice(start + 1, length < 0 ? undefined : start + 1 + length).filter((row) => row.startsWith("- "));
}

const COLOUR = { success: "green", failure: "red" } as const;

function show(shown: Shown, ...headings: string[]): void {
  const colour = COLOUR[shown.conclusion as keyof typeof COLOUR] ?? "yellow";
  line(`countersign: ${shown.conclusion}`, { format: colour });
  line(shown.title, { format: "bold", rest: "    " });
  for (const heading of headings) {
    const rows = section(shown, heading);
    if (rows.length > 0) line(heading, { format: "dim" });
    for (const row of rows) line(plain(row.slice(2)));
  }
}

function sentenceOf({ status, body }: Answer): string {
  return `GitHub answered ${status}: ${(body.message ?? "").trim().replace(/\s+/g, " ")}`;
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected ${what}`);
}

/** Whether a summary names the commit that ended an approval, and the path. */
function invalidated(summary: string, commit: string): boolean {
  return plain(summary).includes(`commit ${commit.slice(0, 12)} changed prompts/support/triage.md`);
}

const waits = ({ conclusion }: Shown) => conclusion === "action_required";
const passes = ({ conclusion }: Shown) => conclusion === "success";

async function play(stop: Endings): Promise<void> {
  console.log(
    "A GitHub on this machine, and Countersign beside it as `npm start` runs it: real git, HTTP, signatures.",
  );
  const scene = await stage(PEOPLE, stop);
  const { repository, act, request, check, comment, folder } = scene;
  const push = (files: Record<string, string>) => act.push(repository, "new-snapshot", files, { by: "neo" });
  const evals = (sha: string) =>
    act.workflow(repository, {
      ...{ path: ".github/workflows/evals.yml", job: "evals / regression", branch: "new-snapshot" },
      ...{ sha, conclusion: "success" },
    });
  const approve = (login: string) => request("POST", "/pulls/1/reviews", login, { event: "APPROVE", body: "read" });
  const merge = (sha: string, ...allowed: number[]) => request("PUT", "/pulls/1/merge", "neo", { sha }, ...allowed);
  const lacks = (name: string) => (shown: Shown) => waits(shown) && !shown.title.includes(name);

  step("@neo opens a pull request: another model, and a credential for refunds.");
  const first = push(filesBelow("second"));
  const opened = await request("POST", "/pulls", "neo", {
    ...{ title: "A newer snapshot, and refunds", head: "new-snapshot", base: "main", body: BODY },
  });
  expect(opened.body.number === 1, "pull request 1");
  show(
    await check(first, "a high risk that waits", (shown) => waits(shown) && shown.title.startsWith("High risk")),
    "What to do now",
    "Why",
  );

  step("@neo tries to merge all the same.");
  const refused = await merge(first, 405);
  expect(refused.status === 405, "a refusal with 405");
  line(sentenceOf(refused));

  step("The evaluation passes, and @octocat, the system's owner, approves with an ordinary review.");
  evals(first);
  await approve("octocat");
  show(
    await check(
      first,
      "that only people are missing",
      (shown) => lacks("evals")(shown) && lacks("identity owner")(shown),
    ),
  );

  step("@trinity approves for security.");
  await approve("trinity");
  const approved = await check(first, "an approval", passes);
  show(approved, "Approvals");

  step("@neo pushes a commit that leaves all of this alone. The approvals stay; the evaluation runs again.");
  const second = push({ "docs/opening-hours.md": "# Monday to Friday\n" });
  show(
    await check(
      second,
      "that only the evaluation is missing",
      (shown) => waits(shown) && shown.title.includes("evals"),
    ),
  );
  evals(second);
  show(await check(second, "an approval that lasted", passes));

  step("@neo edits the prompt. Nobody has approved that, so the approvals are gone.");
  const prompt = filesBelow("second")["prompts/support/triage.md"] ?? "";
  const third = push({ "prompts/support/triage.md": prompt.replace("five sentences", "two sentences") });
  evals(third);
  const died = await check(
    third,
    "approvals that died",
    (shown) => lacks("evals")(shown) && invalidated(shown.summary, third),
  );
  show(died, "What to do now", "Approvals");
  const again = await merge(third, 405);
  expect(again.status === 405, "a refusal with 405");
  line(sentenceOf(again));

  step("They read the edit and approve it.");
  for (const login of ["octocat", "trinity"]) await approve(login);
  show(await check(third, "an approval of the edit", passes));

  step("@neo merges.");
  const merged = await merge(third);
  expect(merged.body.merged === true, "a merge");
  const after = await request("GET", "/pulls/1", "neo");
  expect(after.body.merged === true, "that the pull request is merged");
  line(sentenceOf(merged));
  const evidence = await comment(1, "the record in the comment", (text) => seenIn(text) !== null);
  const comments = (await request("GET", "/issues/1/comments", "neo")).body as unknown as unknown[];
  expect(comments.length === 1, "one comment in all that time");
  line("The comment on the pull request, the only one in all that time, is the evidence now:");
  for (const row of evidence.split("\n").filter((text) => /^\| (?:Record|Number|Root|Signed)/.test(text)))
    line(plain(row).replace(/^\| (.*?) \| (.*) \|$/, "$1: $2"), { format: "dim", rest: "    " });

  const seen = seenIn(evidence) ?? "";
  step("An auditor verifies it, offline: with the ledger, the public key, and what the comment shows.");
  const stands = verified(folder, "countersign.db", "--seen", seen);
  for (const row of stands.lines) line(row, { first: "    ", rest: "      " });
  expect(stands.exit === 0, "a ledger that stands");

  step("Somebody with the database in hand makes @hubot the one who approved, not @trinity.");
  const { refusal } = forge(folder, "forged.db", "trinity", "hubot");
  line(`The database refuses: ${refusal}. So they drop its trigger first, and verify says:`);
  const caught = verified(folder, "forged.db", "--seen", seen);
  for (const row of caught.lines) line(row, { first: "    ", rest: "      " });
  expect(caught.exit === 1, "an edit that is caught");
  await takeBack(scene);
  console.log(`\n${style("green", `All ${steps} steps happened.`)}`);
}

/** A merge that turns out wrong, taken back by one command and one approval; the time is on record. */
async function takeBack({ repository, act, request, check, comment, folder }: Stage): Promise<void> {
  const review = (pull: number, login: string) =>
    request("POST", `/pulls/${pull}/reviews`, login, { event: "APPROVE", body: "read" });
  step("Another prompt is approved and merged, and turns out wrong.");
  const prompt = repository.store.entry(repository.refs.get("refs/heads/main") ?? "", PROMPT);
  const wrong = act.push(
    repository,
    "generous",
    { [PROMPT]: `${repository.store.blob(prompt?.sha ?? "")}\nPromise refunds generously.\n` },
    { by: "neo" },
  );
  const opened = await request("POST", "/pulls", "neo", {
    title: "A kinder tone",
    head: "generous",
    base: "main",
    body: BODY,
  });
  expect(opened.body.number === 2, "pull request 2");
  act.workflow(repository, {
    ...{ path: ".github/workflows/evals.yml", job: "evals / regression", branch: "generous" },
    ...{ sha: wrong, conclusion: "success" },
  });
  for (const login of ["octocat", "trinity"]) await review(2, login);
  show(await check(wrong, "an approval of the prompt", passes));
  expect((await request("PUT", "/pulls/2/merge", "neo", { sha: wrong })).body.merged === true, "a merge");
  await comment(2, "the record in the comment", (text) => seenIn(text) !== null);

  step("@hubot comments: /countersign rollback it promises refunds to everybody");
  await request("POST", "/issues/2/comments", "hubot", {
    body: "/countersign rollback it promises refunds to everybody",
  });
  const answer = await comment(2, "the App's answer", (text) => text.includes("takes it back"));
  line(plain(answer.split("\n").find((text) => text.includes("takes it back")) ?? ""));
  const back = await request("GET", "/pulls/3", "neo");
  const { sha } = back.body.head as { sha: string };
  line(`#3 by the App: ${back.body.title}`);
  show(await check(sha, "a low risk that waits", (shown) => waits(shown) && shown.title.startsWith("Low risk")));

  step("One approval is enough for what brings back exactly what stood there, and it merges.");
  await review(3, "octocat");
  show(await check(sha, "an approval of the revert", passes));
  expect((await request("PUT", "/pulls/3/merge", "neo", { sha })).body.merged === true, "a merge");
  const done = await comment(2, "the time to restore", (text) => /taken back by #3 after/.test(text));
  line(plain(done.split("\n").find((text) => text.includes("taken back")) ?? ""));
  const stands = verified(folder, "countersign.db");
  line(stands.lines[0] ?? "");
  expect(stands.exit === 0, "a ledger that stands");
}

const stop = endings();
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => {
    interrupted = true;
    void stop.close().finally(() => process.exit(130));
  });

try {
  await play(stop);
} catch (fault) {
  if (!interrupted) console.error(`\nThe demo stopped: ${fault instanceof Error ? fault.message : String(fault)}`);
  process.exitCode = interrupted ? 130 : 1;
} finally {
  await stop.close();
}
