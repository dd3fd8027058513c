import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";

type Variables = Readonly<Record<string, unknown>>;

/**
 * The points of a query, by the rule that GitHub documents: every connection takes a request for each node that it can
 * hang on, supposing that all reach their `first` or `last`; a hundred requests are a point, and no query costs less.
 * What a directive leaves out is not counted.
 */
export function graphqlCost(document: DocumentNode, variables: Variables): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  let requests = 0;
  const walk = ({ selections }: SelectionSetNode, parents: number): void => {
    for (const one of selections) {
      if (isLeftOut(one.directives ?? [], variables)) continue;
      if (one.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(one.name.value);
        if (fragment) walk(fragment.selectionSet, parents);
        continue;
      }
      const size = one.kind === Kind.FIELD ? sizeOf(one, variables) : null;
      if (size !== null) requests += parents;
      if (one.selectionSet) walk(one.selectionSet, parents * (size ?? 1));
    }
  };
  for (const one of document.definitions) if (one.kind === Kind.OPERATION_DEFINITION) walk(one.selectionSet, 1);
  return Math.max(1, Math.round(requests / 100));
}

/** How many nodes a connection is asked for; null for what is none. */
function sizeOf({ arguments: all = [] }: FieldNode, variables: Variables): number | null {
  const limit = all.find(({ name }) => name.value === "first" || name.value === "last");
  return limit ? Number(given(limit.value, variables)) : null;
}

function isLeftOut(directives: readonly DirectiveNode[], variables: Variables): boolean {
  return directives.some(({ name, arguments: all = [] }) => {
    const [condition] = all;
    const holds = condition !== undefined && given(condition.value, variables) === true;
    return name.value === "include" ? !holds : name.value === "skip" && holds;
  });
}

function given(value: ValueNode, variables: Variables): unknown {
  if (value.kind === Kind.VARIABLE) return variables[value.name.value];
  return value.kind === Kind.BOOLEAN ? value.value : value.kind === Kind.INT ? Number(value.value) : null;
}
