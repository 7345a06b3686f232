import type { Store } from "../../../src/store/open.ts";
import { aroundCommit } from "./around_commit.ts";

/** A store whose disk is full whenever a test says so: its consumers' commits throw then. */
export function fillable(
  store: Store,
): { readonly store: Store; readonly disk: { isFull: boolean } } {
  const disk = { isFull: false };
  const fenced = aroundCommit(store.fenced, async (commit) => {
    if (disk.isFull) throw new TypeError("disk is full");
    return await commit();
  });
  return { disk, store: { ...store, fenced } };
}
