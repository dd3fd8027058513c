/** People's part of a rollback plan as a pull request's body may give it. */
export interface RollbackSection {
  readonly owner: string | null;
  readonly trigger: readonly string[];
  readonly verification: readonly string[];
}

/**
 * Reads the section headed `Rollback` of a pull request's body: lines `Owner: @login`, `Trigger: …`, `Verification: …`,
 * with or without a list dash. Null when the body has no such section.
 */
export function rollbackSection(body: string): RollbackSection | null {
  const lines = body.slice(0, 65_536).split(/\r?\n/);
  const start = lines.findIndex((line) => /^#{1,4} {1,3}rollback$/i.test(line.trim()));
  if (start < 0) return null;
  const found: { owner: string | null; trigger: string[]; verification: string[] } = {
    owner: null,
    trigger: [],
    verification: [],
  };
  for (const line of lines.slice(start + 1)) {
    if (line.startsWith("#")) break;
    const [, name, value] = /^(?:[-*] )?(owner|trigger|verification): ?(\S.*)$/i.exec(line.trim()) ?? [];
    if (name === undefined || value === undefined) continue;
    const field = name.toLowerCase();
    if (field === "owner") found.owner = /^@[A-Za-z0-9-]+$/.test(value.trim()) ? value.trim() : null;
    else found[field === "trigger" ? "trigger" : "verification"].push(value.trim());
  }
  return found;
}
