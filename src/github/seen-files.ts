import type { ObjectId } from "../core/change-set.ts";
import { objectId } from "../objects/tree-object.ts";
import { POLICY_PATH, REGISTRY_PATH } from "../work/configuration.ts";
import type { ObjectStore } from "./object-store.ts";
import type { SeenFile } from "./pull-request.ts";

/** Keeps the files of configuration that came along with a pull request; those that it does not name are not there. */
export function keepSeen(store: ObjectStore, commit: ObjectId, files: readonly SeenFile[]): void {
  for (const path of [POLICY_PATH, REGISTRY_PATH]) {
    const file = files.find((one) => one.path === path);
    store.files.put(file ? { mode: file.mode, id: file.id } : null, commit, path);
    if (file === undefined || file.text === null) continue;
    const bytes = Buffer.from(file.text);
    // A text that GitHub changed on its way (no UTF-8, another encoding) is read by its id instead.
    if (objectId("blob", bytes, file.id) === file.id) store.blobs.put(bytes, file.id);
  }
}
