import { describe } from "vitest";
import { table } from "./situation.ts";

const reviews = ["wendy", "olga"];

describe("S07 a base that moved", () => {
  const moved = (path: string, wholeFile = false) => ({ baseChanges: [{ path, wholeFile }] });
  const sentence = (path: string) => [`waiting: update the branch: its base has changed ${path} since`];
  table([
    [
      "under a governed path asks for an update",
      { facts: moved("bot/agent.py"), reviews },
      "waiting",
      "high",
      sentence("bot/agent.py"),
    ],
    [
      "P05 whatever the case of its letters",
      { facts: moved("Bot/Agent.py"), reviews },
      "waiting",
      "high",
      sentence("Bot/Agent.py"),
    ],
    [
      "under a whole-file kind of a touched system asks too",
      { facts: moved("bot/guard.md", true), reviews },
      "waiting",
      "high",
      sentence("bot/guard.md"),
    ],
    [
      "elsewhere does not",
      { facts: moved("web/page.ts", true), reviews },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "under other code of the system does not",
      { facts: moved("bot/http.py"), reviews },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
    [
      "under a path with a trivial finding only does not",
      { changes: [{}, { path: "bot/notes.md", severity: "trivial" }], facts: moved("bot/notes.md"), reviews },
      "approved",
      "high",
      [
        "system bot is high (declared) -> material x high = high",
        "met: system-owner for system bot: approved by @wendy",
        "counted @olga: holds risk-owner for this tier",
      ],
    ],
  ]);
});
