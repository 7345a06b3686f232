// Console sessions that were ended before their time: their cookies count no more.
import { ENDED_SESSIONS_PREFIX } from "./kv/keys.ts";
import type { ReadableKv, WritableKv } from "./kv/kv.ts";
import { SIDE_MAX_MUTATIONS } from "./kv/limits.ts";

/** Remembers that a session has ended, until its cookie would have ended anyway. */
export async function endSession(
  kv: WritableKv,
  { id, endMs, nowMs }: {
    readonly id: string;
    readonly endMs: number;
    readonly nowMs: number;
  },
): Promise<void> {
  const operation = kv.atomic().set([...ENDED_SESSIONS_PREFIX, id], endMs);
  const all = kv.list<number>({ prefix: ENDED_SESSIONS_PREFIX });
  let count = 1;
  for await (const { key, value } of all) {
    if (value > nowMs) continue;
    operation.delete(key);
    if (++count === SIDE_MAX_MUTATIONS) break;
  }
  await operation.commit();
}

/** Lists the ids of the sessions that have ended. */
export async function listEndedSessions(kv: ReadableKv): Promise<string[]> {
  const ids: string[] = [];
  for await (const { key } of kv.list({ prefix: ENDED_SESSIONS_PREFIX })) {
    ids.push(String(key[1]));
  }
  return ids;
}
