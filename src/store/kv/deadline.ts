import { within } from "../../base/wait.ts";
import type { Kv, ReadableKv } from "./kv.ts";
import { SILENT } from "./health.ts";

/** Longest time for a read of a store on another machine, ms. */
export const READ_MAX_MS = 5_000;

/** The store has not answered in time. */
export class StoreSilentError extends Error {
  override name = "StoreSilentError";
}

/** The answer of a store, unless it takes longer than `ms`. @throws {StoreSilentError} then */
export async function answered<T>(
  asking: Promise<T>,
  ms: number = READ_MAX_MS,
): Promise<T> {
  const answer = await within<T, typeof SILENT>(asking, { ms, late: SILENT });
  if (answer !== SILENT) return answer;
  throw new StoreSilentError(`Store: no answer within ${ms / 1_000} s`);
}

/** The reads of a handle, each answer of the store passed through `inTime`. */
export function readsWithin(
  kv: ReadableKv,
  inTime: <T>(asking: Promise<T>) => Promise<T>,
): ReadableKv {
  return {
    get: (...args) => inTime(kv.get(...args)) as never,
    getMany: (...args) => inTime(kv.getMany(...args)) as never,
    list: (...args) => {
      const entries = kv.list(...args);
      const next = entries.next.bind(entries);
      entries.next = () => inTime(next());
      return entries as never;
    },
  };
}

/**
 * Gives each read and commit of a handle a deadline: a store on another machine may be silent for ever.
 * The operation goes on by itself; a commit that is late may still be done.
 */
export function withDeadline(kv: Kv, ms: number = READ_MAX_MS): Kv {
  const own = {
    get: kv.get.bind(kv),
    getMany: kv.getMany.bind(kv),
    list: kv.list.bind(kv),
    atomic: kv.atomic.bind(kv),
  };
  Object.assign(kv, readsWithin(own, (asking) => answered(asking, ms)));
  kv.atomic = () => {
    const operation = own.atomic();
    const commit = operation.commit.bind(operation);
    operation.commit = () => answered(commit(), ms);
    return operation;
  };
  return kv;
}
