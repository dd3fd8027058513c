import { type ZodType, z } from "zod";
import { HostingFault } from "../work/hosting-fault.ts";

/** How many pages of one list are read; GitHub ends the comments of a pull request at 2,500. */
const MAX_PAGES = 100;

/** One page of a connection, as every document here asks for it. */
export function connectionPage<T>(node: ZodType<T>) {
  return z.object({
    nodes: z.array(node),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  });
}

/** What is told of one page: its items, and where it goes on. */
export interface ConnectionPage<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Collects a list page by page; a list that ends before it is complete is a fault. */
export interface Collected<T> {
  readonly items: T[];
  /** Where to go on; null at the end. */
  cursor: string | null;
}

/** Takes a page in; `what` names the list where it is too long. */
export function collect<T>(list: Collected<T>, page: ConnectionPage<T>, what: string): void {
  list.items.push(...page.nodes);
  list.cursor = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  if (page.pageInfo.hasNextPage && (list.cursor === null || list.items.length >= MAX_PAGES * 100))
    throw new HostingFault(
      "hosting/incomplete",
      `the ${what} are more than ${MAX_PAGES * 100}, and not all were read`,
      {
        remedy: "Open another pull request with the same change.",
      },
    );
}

/** A list that nothing was read of yet. */
export function collected<T>(): Collected<T> {
  return { items: [], cursor: null };
}
