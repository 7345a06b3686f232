import type { ReadableKv } from "../../../src/store/kv/kv.ts";

/** A handle that lets something happen before its read of this number, counted from 1. */
export function beforeRead(
  kv: ReadableKv,
  { read, happen }: {
    readonly read: number;
    readonly happen: () => Promise<unknown>;
  },
): ReadableKv {
  let reads = 0;
  const tick = async () => {
    if (++reads === read) await happen();
  };
  return {
    get: async (...args: Parameters<Deno.Kv["get"]>) => {
      await tick();
      return await kv.get(...args);
    },
    getMany: async (keys: readonly Deno.KvKey[]) => {
      await tick();
      return await kv.getMany([...keys]);
    },
    list: (...args: Parameters<Deno.Kv["list"]>) => {
      const entries = kv.list(...args);
      const next = entries.next.bind(entries);
      entries.next = async () => {
        entries.next = next;
        await tick();
        return await next();
      };
      return entries;
    },
    // Each method answers as the real handle does.
  } as unknown as ReadableKv;
}
