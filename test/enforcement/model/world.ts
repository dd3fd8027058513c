import { createHash } from "node:crypto";
import type { HostedEvent } from "../../../src/enforcement/hosted-event.ts";
import type { Place } from "../../../src/enforcement/job.ts";
import { FILES } from "../repository-files.ts";
import { type Rules, rulesText } from "./rules.ts";

/** A commit: its whole tree, and who made it. */
export interface Commit {
  readonly id: string;
  readonly parents: readonly string[];
  readonly tree: ReadonlyMap<string, string>;
  /** A login, or an address that names nobody. */
  readonly by: string;
  /** Logins that its message names as co-authors. */
  readonly with: readonly string[];
}

/** A review as it was given: everything about that moment is kept, so that nobody need compute it from events. */
export interface GivenReview {
  readonly id: number;
  readonly login: string;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  readonly at: number;
  readonly head: string;
  readonly baseRef: string;
  readonly mergeBase: string;
}

export interface Pull {
  readonly number: number;
  readonly author: string;
  readonly branch: string;
  base: string;
  state: "open" | "closed" | "merged";
  /** Its head when it was merged. */
  merged: string | null;
  retargetedAt: number | null;
  readonly assignees: string[];
  readonly commands: { readonly login: string; readonly at: number; readonly text: string }[];
  readonly reviews: GivenReview[];
  readonly forcePushes: { readonly at: number; readonly before: string; readonly after: string }[];
  readonly pushes: { readonly before: string | null; readonly after: string; readonly login: string }[];
}

export interface Run {
  readonly passing: boolean;
  readonly said: string;
}

export interface Evaluation {
  readonly conclusion: string | null;
  readonly at: number;
}

const REPOSITORY = { installation: 1, repository: 7, owner: "acme", name: "agent" } as const;
const START = Date.parse("2026-11-24T12:00:00Z");
export const WORKFLOW = ".github/workflows/evals.yml";
export const POLICY = ".github/countersign.yml";

/** A repository at a hosting service as plain data: what happened, with nothing derived from it. */
export class World {
  readonly commits = new Map<string, Commit>();
  readonly blobs = new Map<string, Uint8Array>();
  readonly branches = new Map<string, string>();
  readonly pulls: Pull[] = [];
  readonly team = new Set(["anna", "ben"]);
  readonly access = new Map<string, string>();
  /** What kind of account it is, where that is not a person's. */
  readonly kinds = new Map<string, string>();
  readonly evaluations = new Map<string, Evaluation>();
  /** Our check runs, by `head name`. */
  readonly runs = new Map<string, Run>();
  /** What was said to the program and has not arrived yet. */
  readonly events: HostedEvent[] = [];
  /** The rules that each policy file means, by blob. */
  readonly written = new Map<string, Rules>();
  now = START;
  #number = 0;

  constructor(rules: Rules, people: readonly string[], more: Readonly<Record<string, string>> = {}) {
    for (const login of people) this.access.set(login, "write");
    const files = Object.entries({ ...FILES, [POLICY]: rulesText(rules), ...more });
    this.written.set(this.#blob(rulesText(rules)), rules);
    const first = this.commit([], new Map(files.map(([path, text]) => [path, this.#blob(String(text))])), "root");
    for (const branch of ["main", "dev", "release/1", "release/2"]) this.branches.set(branch, first);
  }

  commit(
    parents: readonly string[],
    tree: ReadonlyMap<string, string>,
    by: string,
    coAuthors: readonly string[] = [],
  ): string {
    const id = sha(`commit ${this.commits.size} ${by} ${parents.join()}`);
    this.commits.set(id, { id, parents, tree, by, with: coAuthors });
    return id;
  }

  treeOf(commit: string): ReadonlyMap<string, string> {
    return this.at(commit).tree;
  }

  at(commit: string): Commit {
    const found = this.commits.get(commit);
    if (!found) throw new Error(`no commit ${commit}`);
    return found;
  }

  headOf(pull: Pull): string {
    return this.tip(pull.branch);
  }

  tip(branch: string): string {
    return this.branches.get(branch) as string;
  }

  /** The commit and all before it. */
  history(commit: string): ReadonlySet<string> {
    const found = new Set<string>();
    const next = [commit];
    for (let id = next.pop(); id !== undefined; id = next.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      next.push(...this.at(id).parents);
    }
    return found;
  }

  /** What the policy on a branch says. */
  rulesOn(branch: string): Rules {
    return this.written.get(this.treeOf(this.tip(branch)).get(POLICY) ?? "") as Rules;
  }

  /** The newest commit that both have; histories here never have two. */
  mergeBase(one: string, other: string): string {
    const both = this.history(other);
    const order = [...this.commits.keys()];
    const shared = [...this.history(one)].filter((id) => both.has(id));
    return shared.sort((a, b) => order.indexOf(b) - order.indexOf(a))[0] as string;
  }

  #blob(text: string): string {
    const bytes = Buffer.from(text);
    const id = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
    this.blobs.set(id, bytes);
    return id;
  }

  /** The tree of a commit with some files changed; null takes one away. */
  changed(commit: string, files: Readonly<Record<string, string | null>>): ReadonlyMap<string, string> {
    const tree = new Map(this.treeOf(commit));
    for (const [path, text] of Object.entries(files))
      if (text === null) tree.delete(path);
      else tree.set(path, this.#blob(text));
    return tree;
  }

  /** Both sides joined file by file; where both changed one, ours stays. */
  joined(ours: string, theirs: string): ReadonlyMap<string, string> {
    const base = this.treeOf(this.mergeBase(ours, theirs));
    const tree = new Map(this.treeOf(ours));
    for (const path of new Set([...base.keys(), ...this.treeOf(theirs).keys()])) {
      const was = base.get(path);
      if (tree.get(path) !== was) continue;
      const is = this.treeOf(theirs).get(path);
      if (is === undefined) tree.delete(path);
      else tree.set(path, is);
    }
    return tree;
  }

  open(author: string, branch: string, base: string): Pull | null {
    const twice = this.pulls.some((pull) => pull.state === "open" && pull.branch === branch && pull.base === base);
    if (twice || branch === base) return null;
    const head = this.tip(branch);
    const pull: Pull = {
      ...{ number: ++this.#number, author, branch, base, state: "open", merged: null, retargetedAt: null },
      ...{
        assignees: [],
        commands: [],
        reviews: [],
        forcePushes: [],
        pushes: [{ before: null, after: head, login: author }],
      },
    };
    this.pulls.push(pull);
    this.#said(pull, "opened", { before: null, after: head, login: author, at: this.time() });
    return pull;
  }

  /** Moves a branch, and says so to the pull requests from it and the ones into it. */
  push(branch: string, commit: string, login: string): void {
    const before = this.tip(branch);
    if (before === commit) return;
    this.branches.set(branch, commit);
    const forced = !this.history(commit).has(before);
    for (const pull of this.pulls) {
      if (pull.state !== "open" || pull.branch !== branch) continue;
      if (forced) pull.forcePushes.push({ at: this.now, before, after: commit });
      pull.pushes.push({ before, after: commit, login });
      this.#said(pull, "synchronize", { before, after: commit, login, at: this.time() });
    }
    const rules = branch === "main" && this.treeOf(before).get(POLICY) !== this.treeOf(commit).get(POLICY);
    this.events.push({ type: "branch", repository: REPOSITORY, ref: branch, rules, baseline: false });
  }

  setRules(rules: Rules): void {
    this.written.set(this.#blob(rulesText(rules)), rules);
    const tip = this.tip("main");
    const tree = this.changed(tip, { [POLICY]: rulesText(rules) });
    this.push("main", this.commit([tip], tree, "root"), "root");
  }

  retarget(pull: Pull, base: string): void {
    const twice = this.pulls.some((one) => one !== pull && one.branch === pull.branch && one.base === base);
    if (pull.state !== "open" || pull.base === base || twice) return;
    pull.base = base;
    pull.retargetedAt = this.now;
    this.#said(pull, "edited", null);
  }

  setOpen(pull: Pull, open: boolean): void {
    const twice = this.pulls.some(
      (one) => one !== pull && one.state === "open" && one.branch === pull.branch && one.base === pull.base,
    );
    if (pull.state === "merged" || (pull.state === "open") === open || (open && twice)) return;
    pull.state = open ? "open" : "closed";
    if (open) this.#said(pull, "reopened", null);
    else this.#ended(pull);
  }

  review(pull: Pull, login: string, state: GivenReview["state"]): void {
    if (pull.state !== "open" || (login === pull.author && state !== "COMMENTED")) return;
    const head = this.headOf(pull);
    const mergeBase = this.mergeBase(this.tip(pull.base), head);
    const id = ++this.#number;
    pull.reviews.push({ id, login, state, at: this.now, head, baseRef: pull.base, mergeBase });
    if (state === "COMMENTED") return;
    const vote = { review: id, person: this.idOf(login), commit: head, baseRef: pull.base };
    this.events.push({
      ...{ type: "review", place: this.#place(pull), head, reason: "review" },
      vote: { ...vote, submittedAt: this.time(), login },
    });
  }

  dismiss(pull: Pull, at: number): void {
    const standing = pull.reviews.filter(({ state }) => state === "APPROVED" || state === "CHANGES_REQUESTED");
    const review = standing[at % Math.max(1, standing.length)];
    if (!review || pull.state !== "open") return;
    review.state = "DISMISSED";
    this.events.push({
      type: "review",
      place: this.#place(pull),
      head: this.headOf(pull),
      reason: "dismissed",
      vote: null,
    });
  }

  /** A comment that is a command. */
  command(pull: Pull, login: string, text: string): void {
    pull.commands.push({ login, at: this.now, text });
    this.events.push({ type: "command", place: this.#place(pull), fresh: true, reason: "comment" });
  }

  setMember(login: string, member: boolean): void {
    if (member) this.team.add(login);
    else this.team.delete(login);
    this.events.push({ type: "people", installation: 1, teams: ["acme/ml"], login, reason: "membership" });
  }

  setAccess(login: string, role: string): void {
    this.access.set(login, role);
    this.events.push({ type: "access", repository: REPOSITORY, login, reason: "member" });
  }

  evaluate(pull: Pull, conclusion: string | null): void {
    const head = this.headOf(pull);
    this.evaluations.set(head, { conclusion, at: this.now });
    for (const name of ["evals", WORKFLOW])
      this.events.push({ type: "checks", repository: REPOSITORY, head, name, numbers: [pull.number], reason: "check" });
  }

  merge(pull: Pull, login: string): void {
    const tip = this.tip(pull.base);
    const merged = this.commit([tip, this.headOf(pull)], this.joined(this.headOf(pull), tip), login);
    pull.state = "merged";
    pull.merged = this.headOf(pull);
    this.#ended(pull);
    this.push(pull.base, merged, login);
  }

  time(at = this.now): string {
    return new Date(at).toISOString();
  }

  idOf(login: string): number {
    return Number.parseInt(sha(login).slice(0, 6), 16);
  }

  #place({ number }: Pull): Place {
    return { ...REPOSITORY, number };
  }

  #said(pull: Pull, action: string, push: { before: string | null; after: string; login: string; at: string } | null) {
    const place = this.#place(pull);
    const head = this.headOf(pull);
    const pushed = push && { ...push, person: this.idOf(push.login) };
    this.events.push({ type: "pull-request", place, head, always: true, reason: action, push: pushed });
  }

  #ended(pull: Pull): void {
    this.events.push({ type: "closed", place: this.#place(pull), head: this.headOf(pull), baseRef: pull.base });
  }
}

function sha(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
