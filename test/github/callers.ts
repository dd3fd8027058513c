import { Refused } from "./access.ts";
import type { Call } from "./server.ts";
import type { Account, PullRequest } from "./world.ts";

/** The account that acts: a person, or the App's bot. */
export function accountOf(call: Call): Account {
  const { actor, world } = call;
  if (actor.kind === "user") return actor.account;
  const slug = actor.kind === "installation" ? actor.installation.app.slug : actor.kind === "app" ? actor.app.slug : "";
  const bot = world.accounts.get(`${slug}[bot]`);
  if (!bot) throw new Refused(401, "Requires authentication");
  return bot;
}

/** The pull request a path names. */
export function pullOf(call: Call): PullRequest {
  const found = call.repository.pulls.get(Number(call.params.number));
  if (!found) throw new Refused(404, "Not Found");
  return found;
}
