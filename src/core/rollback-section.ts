import { type RollbackStrategy, STRATEGIES } from "./rollback-plan.ts";

/** People's part of a rollback plan as a pull request's body may give it. */
export interface RollbackSection {
  readonly owner: string | null;
  readonly strategy: RollbackStrategy | null;
  readonly reason: string | null;
  readonly trigger: readonly string[];
  readonly verification: readonly string[];
}

/**
 * Reads the section headed `Rollback` of a pull request's body: lines `Owner: @login`, `Trigger: …`, `Verification: …`,
 * `Strategy: …`, `Reason: …`, with or without a list dash. Empty where the body has no such section.
 */
export function rollbackSection(body: string): RollbackSection {
  const lines = body.slice(0, 65_536).split(/\r?\n/);
  const start = lines.findIndex((line) => /^#{1,4} {1,3}rollback$/i.test(line.trim()));
  const own = start < 0 ? [] : lines.slice(start + 1);
  const end = own.findIndex((line) => line.startsWith("#"));
  const said = own.slice(0, end < 0 ? undefined : end).flatMap((line) => {
    const [, name = "", value = ""] = LINE.exec(line.trim().slice(0, LONGEST)) ?? [];
    return name === "" ? [] : [{ name: name.toLowerCase(), value: value.trim() }];
  });
  const all = (wanted: string) => said.filter(({ name }) => name === wanted).map(({ value }) => value);
  return {
    owner: all("owner").findLast((value) => /^@[A-Za-z0-9-]+$/.test(value)) ?? null,
    strategy: STRATEGIES.find((one) => one === all("strategy").at(-1)?.toLowerCase()) ?? null,
    reason: all("reason").at(-1) ?? null,
    trigger: all("trigger"),
    verification: all("verification"),
  };
}

const LINE = /^(?:[-*] )?(owner|strategy|reason|trigger|verification): ?(\S.*)$/i;
const LONGEST = 2_000;
