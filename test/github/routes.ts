import { accountRoutes } from "./routes-accounts.ts";
import { appRoutes } from "./routes-app.ts";
import { branchRoutes } from "./routes-branches.ts";
import { checkRoutes } from "./routes-checks.ts";
import { gitRoutes } from "./routes-git.ts";
import { gitDataRoutes } from "./routes-git-data.ts";
import { graphqlRoutes } from "./routes-graphql.ts";
import { issueRoutes } from "./routes-issues.ts";
import { manifestRoutes } from "./routes-manifest.ts";
import { peopleRoutes } from "./routes-people.ts";
import { protectionRoutes } from "./routes-protection.ts";
import { pullRoutes } from "./routes-pulls.ts";
import { ruleRoutes } from "./routes-rules.ts";
import { rulesetRoutes } from "./routes-rulesets.ts";
import { teamRoutes } from "./routes-teams.ts";
import type { Route } from "./server.ts";

/** Every operation this GitHub has. */
export const ROUTES: readonly Route[] = [
  ...appRoutes,
  ...accountRoutes,
  ...gitRoutes,
  ...gitDataRoutes,
  ...protectionRoutes,
  ...branchRoutes,
  ...pullRoutes,
  ...checkRoutes,
  ...issueRoutes,
  ...peopleRoutes,
  ...teamRoutes,
  ...ruleRoutes,
  ...rulesetRoutes,
  ...manifestRoutes,
  ...graphqlRoutes,
];
