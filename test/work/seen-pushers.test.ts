import { describe, expect, it } from "vitest";
import type { PushedCommit } from "../../src/work/pushers.ts";
import { seenPushers } from "../../src/work/seen-pushers.ts";

/** base <- a <- b, and what was pushed on top of it and taken away again: b <- c, base <- x. */
const PARENTS: Readonly<Record<string, string>> = { a: "base", b: "a", c: "b", x: "base" };
const commit = (id: string): PushedCommit => ({ id, parents: [PARENTS[id] as string], logins: [], governed: true });
const push = (before: string | null, after: string, login: string) => ({ before, after, login });

function change(heads: readonly string[], gone: readonly string[] = []) {
  const asked: string[] = [];
  const line = (head: string): string[] => (head in PARENTS ? [head, ...line(PARENTS[head] as string)] : []);
  const source = {
    async commitsBetween(_: string, head: string) {
      asked.push(head);
      if (gone.includes(head)) throw new Error("no such commit");
      return line(head).map((id) => ({ ...commit(id), authorEmail: "", committerEmail: "", coAuthors: [] }));
    },
  };
  return { asked, mergeBase: "base", commits: heads.flatMap(line).map(commit), authors: ["Dora"], source };
}

describe("P26 pushers of heads that are gone", () => {
  it("asks nothing where only the author rewrote the branch", async () => {
    const of = change(["b"]);
    expect(await seenPushers([push(null, "x", "dora"), push("x", "b", "dora")], of)).toEqual({ pushers: ["dora"] });
    expect(of.asked).toEqual([]);
  });

  it("a commit whose head was taken away again is still known by who pushed it", async () => {
    const of = change(["b"]);
    const pushes = [push(null, "a", "dora"), push("a", "c", "anna"), push("c", "b", "dora")];
    expect(await seenPushers(pushes, of)).toEqual({ pushers: ["dora", "anna"] });
    expect(of.asked).toEqual(["c"]);
  });

  it("going back to what was there brings nothing", async () => {
    const pushes = [push(null, "b", "dora"), push("b", "c", "dora"), push("c", "b", "olga")];
    expect(await seenPushers(pushes, change(["b"]))).toEqual({ pushers: ["dora"] });
  });

  it("a head that cannot be read counts as holding all of it", async () => {
    const pushes = [push(null, "b", "dora"), push("b", "c", "anna"), push("c", "b", "dora")];
    expect(await seenPushers(pushes, change(["b"], ["c"]))).toEqual({ pushers: ["dora", "anna"] });
  });

  it("of a branch that is rewritten again and again the newest heads are read", async () => {
    const heads = Array.from({ length: 30 }, (_, at) => `head-${at}`);
    const pushes = heads.map((head, at) => push(heads[at - 1] ?? null, head, "anna"));
    const of = change(["b"]);
    expect(await seenPushers([...pushes, push("head-29", "b", "dora")], of)).toEqual({ pushers: ["dora", "anna"] });
    expect(of.asked).toEqual(heads.slice(10).reverse());
  });
});
