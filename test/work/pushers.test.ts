import { describe, expect, it } from "vitest";
import { type PushedCommit, pushersOf } from "../../src/work/pushers.ts";

const commit = (id: string, parents: readonly string[], governed = true): PushedCommit => ({
  id,
  parents,
  governed,
  logins: [],
});
/** base <- a <- b <- c, newest first, as the source gives them. */
const LINE = [commit("c", ["b"], false), commit("b", ["a"]), commit("a", ["base"])];
const push = (before: string | null, after: string, login: string) => ({ before, after, login });

describe("P26 pushers", () => {
  it("are those whose pushes brought governed commits, each once", () => {
    const pushes = [push(null, "a", "olga"), push("a", "b", "ben"), push("b", "c", "anna")];
    expect(pushersOf(pushes, LINE)).toEqual({ pushers: ["olga", "ben"] });
    expect(pushersOf([push(null, "a", "Olga"), push("a", "c", "olga")], LINE)).toEqual({ pushers: ["olga"] });
  });

  it("S11 are not all known when one governed commit came by no known push, and those who are known stay", () => {
    expect(pushersOf([push("a", "b", "ben")], LINE)).toEqual({ pushers: ["ben"], pushersIncomplete: true });
    expect(pushersOf([], LINE)).toEqual({ pushers: null });
    expect(pushersOf([push(null, "elsewhere", "ben")], LINE)).toEqual({ pushers: null });
  });

  it("of a force-push are whoever made it, for all that it brought back", () => {
    const pushes = [push(null, "b", "olga"), push("b", "old", "ben"), push("old", "c", "anna")];
    expect(pushersOf(pushes, LINE)).toEqual({ pushers: ["olga", "anna"] });
  });

  it("follow both parents of a merge, and cycles of nonsense end", () => {
    const merged = [commit("m", ["b", "x"], false), commit("x", ["base"]), commit("b", ["a"]), commit("a", ["base"])];
    expect(pushersOf([push(null, "b", "olga"), push("b", "m", "ben")], merged)).toEqual({ pushers: ["olga", "ben"] });
    expect(pushersOf([push(null, "p", "olga")], [commit("p", ["q"]), commit("q", ["p"])])).toEqual({
      pushers: ["olga"],
    });
  });

  it("where no commit changed governed content, are everybody who pushed", () => {
    const none = LINE.map((one) => ({ ...one, governed: false }));
    expect(pushersOf([push(null, "c", "olga")], none)).toEqual({ pushers: ["olga"] });
    expect(pushersOf([], none)).toEqual({ pushers: null });
  });
});
