import type { ReadableKv } from "../../store/kv/kv.ts";
import { attemptsPrefix } from "./keys.ts";
import { ATTEMPTS_MAX_AGE_MS } from "./limits.ts";

/** A request that was sent, and its result; successes in a row are one attempt. */
export interface Attempt {
  readonly outcome: "delivered" | "failed" | "missed";
  /** The event, or the first of those delivered in a row. */
  readonly seq: number;
  /** The last event; `seq` where there was one. */
  readonly through: number;
  /** Number of events sent. */
  readonly count: number;
  /** Time of the last answer, Unix ms. */
  readonly atMs: number;
  /** Duration of all of them together. */
  readonly durationMs: number;
  /** HTTP status, if there was an answer; of the last of several. */
  readonly status?: number | undefined;
  /** The cause of a failure, as a sentence. */
  readonly error?: string | undefined;
  /** ErrorCode of the Ack, where the request was one in Tencent's format. */
  readonly ackCode?: number | undefined;
  /** The first bytes of the answer to a failure. */
  readonly answer?: string | undefined;
  /** True when the event was sent again on demand. */
  readonly isReplay?: true | undefined;
  /** Time of the next attempt, Unix ms. */
  readonly nextAttemptAtMs?: number | undefined;
}

/** An attempt with its number. */
export interface NumberedAttempt extends Attempt {
  readonly n: number;
}

/** Lists the newest attempts before number `before`, newest first; those too old are left out. */
export async function listAttempts(
  kv: ReadableKv,
  { endpointId, before, limit, nowMs }: {
    readonly endpointId: string;
    readonly before?: number | undefined;
    readonly limit: number;
    readonly nowMs: number;
  },
): Promise<NumberedAttempt[]> {
  const prefix = attemptsPrefix(endpointId);
  const bounds = { limit, batchSize: limit, reverse: true };
  const selector = before === undefined
    ? { prefix }
    : { prefix, end: [...prefix, before] };
  const attempts: NumberedAttempt[] = [];
  for await (const { key, value } of kv.list<Attempt>(selector, bounds)) {
    if (value.atMs < nowMs - ATTEMPTS_MAX_AGE_MS) break;
    attempts.push({ n: Number(key[2]), ...value });
  }
  return attempts;
}
