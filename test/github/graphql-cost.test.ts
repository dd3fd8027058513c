import { parse } from "graphql";
import { expect, it } from "vitest";
import { graphqlCost } from "./graphql-cost.ts";

const cost = (source: string, variables: Record<string, unknown> = {}) => graphqlCost(parse(source), variables);

it("the example of GitHub's documentation is 51 points", () => {
  const source = `query { viewer { repositories(first: 100) { edges { node { issues(first: 50) {
    edges { node { labels(first: 60) { edges { node { name } } } } } } } } } } }`;
  expect(cost(source)).toBe(51);
});

it("what holds no connection is one point, however much of it there is", () => {
  const objects = Array.from({ length: 800 }, (_, at) => `o${at}: object(oid: "${at}") { ... on Blob { text } }`);
  expect(cost(`query { repository(owner: "a", name: "b") { ${objects.join(" ")} } }`)).toBe(1);
});

it("connections in fragments count, with limits from variables, and not where they are left out", () => {
  const source = `query ($size: Int!, $all: Boolean!) { repository(owner: "a", name: "b") { pullRequests(last: $size) {
    nodes { ...Lists } } } }
    fragment Lists on PullRequest { reviews(first: 100) @include(if: $all) { nodes { id } }
      comments(first: 10) @skip(if: $all) { nodes { reactions(first: 10) { totalCount } } } }`;
  expect(cost(source, { size: 99, all: true })).toBe(1);
  expect(cost(source, { size: 400, all: true })).toBe(4);
  // One page of pull requests, 100 of comments, 1,000 of reactions.
  expect(cost(source, { size: 100, all: false })).toBe(11);
});
