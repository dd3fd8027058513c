import type { ModelId } from "./model-id.ts";

/** Whether an id moves by itself: it says so, or dated snapshots of its family exist and it names none. */
export function isFloating(id: ModelId): boolean {
  return id.floating;
}
