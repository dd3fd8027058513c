import type { AppService } from "../../src/app-service.ts";

/** Where a running App is struck: `ledger append`, `store putLanding`, or `fetch PATCH /issues/comments/`. */
export interface Strike {
  readonly at: string;
  /** Before it is done, or when it was and the answer is not in yet. */
  readonly when: "before" | "after";
}

/** From the record of a merge to everything that is told of it: each step that leaves something behind. */
export const STEPS: readonly Strike[] = [
  "store putBasePush",
  "store putMerge",
  "ledger append",
  "store putLanding",
  "store dropDossiers",
  "store putBranch",
  "fetch PATCH /issues/comments/",
  "store putComment",
  "fetch PATCH /check-runs/",
  "store putView",
].flatMap((at) => [
  { at, when: "before" as const },
  { at, when: "after" as const },
]);

/** Has a strike happen the first time that its step is reached; returns what takes the sabotage back. */
export function sabotage(service: AppService, { at, when }: Strike, strike: () => void): () => void {
  const [what, ...rest] = at.split(" ");
  if (what === "fetch") return sabotagedFetch(rest, when, strike);
  const target = (what === "ledger" ? service.evidence.ledger : service.store) as unknown as Record<
    string,
    (...args: readonly unknown[]) => Promise<unknown>
  >;
  const method = rest[0] ?? "";
  const own = target[method];
  if (own === undefined) throw new Error(`nothing is named ${at}`);
  target[method] = async (...args) => {
    if (when === "before") strike();
    const result = await own.apply(target, args as unknown[]);
    if (when === "after") strike();
    return result;
  };
  return () => {
    target[method] = own;
  };
}

function sabotagedFetch([method, path]: readonly string[], when: Strike["when"], strike: () => void): () => void {
  const own = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    const meant = init?.method === method && url.includes(path ?? "");
    if (meant && when === "before") strike();
    const response = await own(input, init);
    if (meant && when === "after") strike();
    return response;
  };
  return () => {
    globalThis.fetch = own;
  };
}
