/** A fault to inject: every request that `matches` is answered so, `times` times. */
export interface Fault {
  matches(method: string, path: string): boolean;
  times: number;
  readonly answer: FaultAnswer | "hang up";
}

interface FaultAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What goes wrong with a request. */
export type FaultKind =
  /** 500 as JSON, 502, 503 and 504 as the page of the proxy in front. */
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** 403 of a secondary limit, with `retry-after`. */
  | { readonly secondaryLimit: number }
  /** 429 with `retry-after`. */
  | { readonly tooMany: number }
  /** The hour's requests are used up until so many seconds from now: 403, or an error of GraphQL. */
  | { readonly exhausted: number }
  /** Answered after so many milliseconds. */
  | { readonly slow: number }
  /** The connection breaks: before anything is answered, or in the middle of the body. */
  | "reset"
  | "truncated"
  /** 200 with a body that is no JSON, or one that is another thing altogether. */
  | "no json"
  | "wrong json"
  /** GraphQL answers what it has, with null and an error at each of these paths (`repository.pullRequest.reviews`). */
  | { readonly partial: readonly string[]; readonly type?: string };

/** Which requests a fault meets. */
export interface FaultPlan {
  /** `GET /repos/{owner}/{repo}/pulls/{number}`, whatever the names in braces are; without a method, every one. */
  readonly route?: string;
  /** The name of a GraphQL operation. */
  readonly operation?: string;
  /** How many such requests go well before; none where left out. */
  readonly after?: number;
  /** How many meet it; 1 where left out. */
  readonly times?: number;
  readonly fault: FaultKind;
  /** Whether GitHub did what was asked, and only its answer is lost or spoilt. */
  readonly done?: boolean;
}

/** How a planned fault went. */
export interface PlannedFault {
  readonly plan: FaultPlan;
  /** How many requests met it. */
  readonly met: number;
}

/** The faults of one loopback GitHub: a list, and plans for the next requests of a kind. */
export interface Faults extends Array<Fault> {
  next(plan: FaultPlan): PlannedFault;
}

/** A request as faults see it. */
export interface Faulted {
  readonly method: string;
  readonly path: string;
  readonly template: string | null;
  readonly operation: string | null;
}

/** Keeps the faults of one loopback GitHub; `take` gives the one that a request meets. */
export function faultList(): { faults: Faults; take(request: Faulted): FaultPlan | null } {
  const planned: { plan: FaultPlan; after: number; left: number; met: number }[] = [];
  const faults: Faults = Object.assign([] as Fault[], {
    next(plan: FaultPlan) {
      const one = { plan, after: plan.after ?? 0, left: plan.times ?? 1, met: 0 };
      planned.push(one);
      return one;
    },
  });
  return {
    faults,
    take(request) {
      const listed = faults.find((one) => one.times > 0 && one.matches(request.method, request.path));
      if (listed) {
        listed.times -= 1;
        return { fault: listed.answer === "hang up" ? "reset" : { body: {}, ...listed.answer } };
      }
      for (const one of planned) {
        if (one.left === 0 || !isMeant(one.plan, request)) continue;
        if (one.after > 0) {
          one.after -= 1;
          continue;
        }
        one.left -= 1;
        one.met += 1;
        return one.plan;
      }
      return null;
    },
  };
}

function isMeant({ route, operation }: FaultPlan, request: Faulted): boolean {
  if (operation !== undefined) return operation === request.operation;
  if (route === undefined) return true;
  const plain = (text: string) => text.replaceAll(/\{\w+\}/g, "{}");
  const template = plain(request.template ?? request.path);
  return plain(route) === (route.startsWith("/") ? template : `${request.method} ${template}`);
}

/** The name of a GraphQL operation in its text. */
export function graphqlOperation(path: string, body: Readonly<Record<string, unknown>>): string | null {
  if (path !== "/graphql") return null;
  return /^\s*(?:query|mutation)\s+(\w+)/.exec(String(body.query))?.[1] ?? null;
}
