/** Why something happened, and what is done about it. */
export interface CauseAndAction {
  readonly cause: string;
  readonly action: string;
}

const CAUSE = "cause:";
const ACTION = "action:";

/** Reads `cause: ... action: ...`, in this order; null where one of them is missing or says nothing. */
export function causeAndAction(reason: string): CauseAndAction | null {
  const text = reason.trim();
  if (!text.toLowerCase().startsWith(CAUSE)) return null;
  const at = text.toLowerCase().indexOf(` ${ACTION}`);
  if (at < 0) return null;
  const cause = text.slice(CAUSE.length, at).trim();
  const action = text.slice(at + ACTION.length + 1).trim();
  return cause === "" || action === "" ? null : { cause, action };
}
