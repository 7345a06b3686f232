import { GET_MANY_MAX_KEYS } from "./limits.ts";

/** A handle on a store. Other folders name Deno KV's types by these, so that only this one knows them. */
export type Kv = Deno.Kv;
export type KvKey = Deno.KvKey;
export type KvEntry<T> = Deno.KvEntry<T>;
export type KvEntryMaybe<T> = Deno.KvEntryMaybe<T>;
export type KvListSelector = Deno.KvListSelector;
export type AtomicOperation = Deno.AtomicOperation;
export type CommitResult = Awaited<ReturnType<AtomicOperation["commit"]>>;

/** The part of a KV handle that reading needs. */
export type ReadableKv = Pick<Deno.Kv, "get" | "getMany" | "list">;

/** The part of a KV handle that writing needs. */
export type WritableKv = ReadableKv & Pick<Deno.Kv, "atomic">;

/** Opens a handle on a file, `:memory:` or a KV Connect server. Whoever opens it closes it. */
export function openKv(path: string): Promise<Kv> {
  return Deno.openKv(path);
}

/** Does a commit as `commit` would, or something else, or more; it may add to the operation first. */
export type CommitAct = (
  commit: () => Promise<CommitResult>,
  operation: AtomicOperation,
) => Promise<CommitResult>;

/** A handle whose commits are done by `act`; its reads stay as they are. */
export function aroundCommit(kv: WritableKv, act: CommitAct): WritableKv {
  return {
    get: (key, options) => kv.get(key, options),
    getMany: (keys, options) => kv.getMany(keys, options),
    list: (selector, options) => kv.list(selector, options),
    atomic() {
      const operation = kv.atomic();
      const commit = operation.commit.bind(operation);
      operation.commit = () => act(commit, operation);
      return operation;
    },
  };
}

/** Any number of entries, read in as few and as parallel calls as the store allows. */
export async function getAll<T>(
  kv: ReadableKv,
  keys: readonly KvKey[],
): Promise<KvEntryMaybe<T>[]> {
  const groups: Promise<KvEntryMaybe<T>[]>[] = [];
  for (let at = 0; at < keys.length; at += GET_MANY_MAX_KEYS) {
    groups.push(kv.getMany<T[]>(keys.slice(at, at + GET_MANY_MAX_KEYS)));
  }
  return (await Promise.all(groups)).flat();
}
