import type { ReadableKv, WritableKv } from "../../store/kv/kv.ts";
import { SIDE_MAX_MUTATIONS } from "../../store/kv/limits.ts";
import { deadLetterKey, deadLettersPrefix } from "./keys.ts";
import { DEAD_LETTERS_COUNTED_MAX } from "./limits.ts";

/** The reason why an event was set aside; the event itself is in the journal. */
export interface DeadLetter {
  readonly atMs: number;
  /** The cause in a word or two: `timeout`, `status 500`, `skipped`. */
  readonly cause: string;
  /** Attempts that had failed. */
  readonly failures: number;
}

/** A dead letter with its event's number. */
export interface NumberedDeadLetter extends DeadLetter {
  readonly seq: number;
}

/** Dead letters of an endpoint behind `after`, in order; `next` is where to go on, if anywhere. */
export async function listDeadLetters(
  kv: ReadableKv,
  { endpointId, after, limit, cause }: {
    readonly endpointId: string;
    readonly after: number;
    readonly limit: number;
    readonly cause?: string | undefined;
  },
): Promise<
  {
    readonly items: NumberedDeadLetter[];
    readonly next: number | undefined;
  }
> {
  const prefix = deadLettersPrefix(endpointId);
  const items: NumberedDeadLetter[] = [];
  const selector = { prefix, start: deadLetterKey(endpointId, after + 1) };
  for await (const { key, value } of kv.list<DeadLetter>(selector)) {
    if (cause !== undefined && value.cause !== cause) continue;
    // One more than asked for tells that there is more.
    if (items.length === limit) return { items, next: items.at(-1)?.seq };
    items.push({ seq: Number(key[2]), ...value });
  }
  return { items, next: undefined };
}

/** The dead letter of this event, or null. */
export async function getDeadLetter(
  kv: ReadableKv,
  endpointId: string,
  seq: number,
): Promise<DeadLetter | null> {
  return (await kv.get<DeadLetter>(deadLetterKey(endpointId, seq))).value;
}

/** Counts dead letters by cause; reads at most DEAD_LETTERS_COUNTED_MAX. */
export async function countDeadLetters(
  kv: ReadableKv,
  endpointId: string,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const prefix = deadLettersPrefix(endpointId);
  const bounds = { limit: DEAD_LETTERS_COUNTED_MAX };
  for await (const { value } of kv.list<DeadLetter>({ prefix }, bounds)) {
    counts[value.cause] = (counts[value.cause] ?? 0) + 1;
  }
  return counts;
}

/**
 * Deletes the dead letters from one event to another that `isMeant` accepts, in one commit of at most
 * SIDE_MAX_MUTATIONS. Gives their number; 0 means that none is left.
 */
export async function deleteDeadLetters(
  kv: WritableKv,
  { endpointId, from, to, isMeant = () => true }: {
    readonly endpointId: string;
    readonly from: number;
    readonly to: number;
    readonly isMeant?: (letter: NumberedDeadLetter) => boolean;
  },
): Promise<number> {
  const operation = kv.atomic();
  let count = 0;
  const start = deadLetterKey(endpointId, from);
  const end = deadLetterKey(endpointId, to + 1);
  for await (const { key, value } of kv.list<DeadLetter>({ start, end })) {
    if (!isMeant({ seq: Number(key[2]), ...value })) continue;
    operation.delete(key);
    if (++count === SIDE_MAX_MUTATIONS) break;
  }
  if (count > 0) await operation.commit();
  return count;
}
