import type { WritableKv } from "../../../src/store/kv/kv.ts";

type Outcome = Awaited<ReturnType<Deno.AtomicOperation["commit"]>>;

/** Does a commit as it would be done, or something else, or more. */
export type CommitAct = (
  commit: () => Promise<Outcome>,
  keys: readonly Deno.KvKey[],
) => Promise<Outcome>;

/** A handle whose commits are done by `act`, which is told the keys that they set. */
export function aroundCommit(kv: WritableKv, act: CommitAct): WritableKv {
  return {
    get: (key) => kv.get(key),
    getMany: (keys) => kv.getMany(keys),
    list: (selector, options) => kv.list(selector, options),
    atomic() {
      const operation = kv.atomic();
      const set = operation.set.bind(operation);
      const commit = operation.commit.bind(operation);
      const keys: Deno.KvKey[] = [];
      operation.set = (key, ...rest) => {
        keys.push(key);
        return set(key, ...rest);
      };
      operation.commit = () => act(commit, keys);
      return operation;
    },
  };
}
