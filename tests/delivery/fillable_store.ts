import type { Store } from "../../src/store/open.ts";

/** A store whose disk is full whenever a test says so: its consumers' commits throw then. */
export function fillable(
  store: Store,
): { readonly store: Store; readonly disk: { isFull: boolean } } {
  const disk = { isFull: false };
  const { fenced } = store;
  const atomic = () => {
    const operation = fenced.atomic();
    const commit = operation.commit.bind(operation);
    operation.commit = () =>
      disk.isFull ? Promise.reject(new TypeError("disk is full")) : commit();
    return operation;
  };
  return {
    disk,
    store: {
      ...store,
      fenced: {
        get: fenced.get.bind(fenced),
        getMany: fenced.getMany.bind(fenced),
        list: fenced.list.bind(fenced),
        atomic,
      },
    },
  };
}
