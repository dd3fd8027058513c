import { schema } from "@octokit/graphql-schema";
import { buildSchema, type DocumentNode, execute, GraphQLError, parse, validate } from "graphql";
import { type Actor, grants, Refused, sees } from "./access.ts";
import { accountOf } from "./callers.ts";
import { graphqlCost } from "./graphql-cost.ts";
import { NOT_FOUND } from "./graphql-objects.ts";
import { type DequeueInput, dequeued, type EnqueueInput, enqueued } from "./graphql-queue.ts";
import { repositoryNode } from "./graphql-repository.ts";
import { type RevertInput, reverted } from "./graphql-revert.ts";
import type { Call, Route } from "./server.ts";
import type { Repository, World } from "./world.ts";

/** GitHub's published GraphQL schema. */
const SCHEMA = buildSchema(schema.idl, { assumeValidSDL: true });

/** What an installation must have been granted to read a field; GitHub refuses the field, not the whole query. */
const FIELD_NEEDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:object|file)\s*\(/, "contents"],
  [/\bpullRequests?\s*\(/, "pull_requests"],
  [/\bmergeQueue(?:Entry)?\b/, "merge_queues"],
];

function visible(world: World, actor: Actor, owner: string, name: string): Repository {
  // GraphQL follows renames by itself (`followRenames`).
  const repository = world.find(`${owner}/${name}`) ?? world.moved(`${owner}/${name}`);
  if (!repository || !sees(world, actor, repository))
    throw new GraphQLError(`Could not resolve to a Repository with the name '${owner}/${name}'.`, NOT_FOUND);
  return repository;
}

const documents = new Map<string, { document: DocumentNode; problems: readonly GraphQLError[] }>();

/** A document with what is wrong with it; the schema is large, so that each text is held against it once. */
function understood(source: string) {
  const known = documents.get(source);
  if (known) return known;
  const document = parse(source);
  const found = { document, problems: validate(SCHEMA, document) };
  documents.set(source, found);
  return found;
}

/** GraphQL, executed against GitHub's own schema. */
export const graphqlRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/graphql",
    async handle(call: Call) {
      const { actor, world } = call;
      if (actor.kind === "anonymous") throw new Refused(401, "This endpoint requires you to be authenticated.");
      const source = String(call.body.query);
      const { document, problems } = understood(source);
      if (problems.length > 0)
        return { status: 200, body: { errors: problems.map(({ message, locations }) => ({ message, locations })) } };
      if (actor.kind === "installation") {
        for (const [pattern, permission] of FIELD_NEEDS)
          if (pattern.test(source) && !grants(actor.permissions, permission, "read"))
            return {
              status: 200,
              body: { data: null, errors: [{ type: "FORBIDDEN", message: "Resource not accessible by integration" }] },
            };
      }
      const variables = (call.body.variables as Record<string, unknown> | undefined) ?? {};
      const { owner, name } = variables;
      if (typeof owner === "string" && typeof name === "string") {
        const ids = Object.values(variables).filter((value) => typeof value === "string");
        world.find(`${owner}/${name}`)?.store.preload(ids);
      }
      const result = await execute({
        schema: SCHEMA,
        document,
        variableValues: variables,
        rootValue: {
          repository: ({ owner, name }: { owner: string; name: string }) =>
            repositoryNode(world, visible(world, actor, owner, name)),
          user: ({ login }: { login: string }) => {
            const account = world.accounts.get(login.toLowerCase());
            if (account?.type !== "User" || account.gone)
              throw new GraphQLError(`Could not resolve to a User with the login of '${login}'.`, NOT_FOUND);
            return { __typename: "User", login: account.login, databaseId: account.id };
          },
          viewer: () => ({ __typename: "User", login: accountOf(call).login }),
          enqueuePullRequest: ({ input }: { input: EnqueueInput }) => enqueued(call, input),
          revertPullRequest: ({ input }: { input: RevertInput }) => reverted(call, input),
          dequeuePullRequest: ({ input }: { input: DequeueInput }) => dequeued(call, input),
          rateLimit: () => ({
            cost: graphqlCost(document, variables),
            limit: 5000,
            remaining: 4999,
            nodeCount: 1,
            resetAt: new Date().toISOString(),
            used: 1,
          }),
        },
      });
      const errors = result.errors?.map(({ message, path, locations, extensions: { type } }) => ({
        ...(type === undefined ? {} : { type }),
        path,
        locations,
        message,
      }));
      return { status: 200, body: JSON.parse(JSON.stringify({ data: result.data, errors })) };
    },
  },
];
