import type { Case } from "./case.ts";
import type { Command } from "./facts.ts";
import { hindered, holdersOf, personRefused } from "./people.ts";

/** The newest command of a name that fits, by somebody independent who holds a role; those given before a retarget are void. */
export function commandBy(
  role: string,
  name: string,
  matter: Case,
  fits: (command: Command) => boolean,
): Command | undefined {
  const { facts } = matter;
  const holders = holdersOf(role, matter).logins;
  return commandsNamed(name, matter).find(
    (command) =>
      personRefused(command.person, facts) === null &&
      holders.has(command.person?.login.toLowerCase() ?? "") &&
      hindered(command.person?.login.toLowerCase() ?? "", matter) === null &&
      fits(command),
  );
}

/** The commands of a name that the pull request's present base branch has seen, newest first. */
export function commandsNamed(name: string, { facts }: Case): readonly Command[] {
  const since = Date.parse(facts.pullRequest?.retargetedAt ?? "1970-01-01T00:00:00Z");
  return facts.commands
    .filter((command) => command.name === name && Date.parse(command.createdAt) >= since)
    .sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
}
