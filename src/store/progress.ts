import type { Attempt } from "./attempts.ts";
import type { NumberedDeadLetter } from "./dead_letters.ts";
import type { Endpoint } from "./endpoint.ts";
import {
  attemptKey,
  attemptsPrefix,
  deadLetterKey,
  endpointKey,
} from "./keys.ts";
import { ATTEMPTS_MAX_AGE_MS, ATTEMPTS_MAX_PER_ENDPOINT } from "./limits.ts";
import type { WritableKv } from "./scan.ts";

/** Where something that happened leaves an endpoint. */
export interface Change {
  /** The very same one where nothing changes; then nothing is set aside either. */
  readonly endpoint: Endpoint;
  /** An event that is given up, for now. */
  readonly setsAside?: NumberedDeadLetter | undefined;
}

/** What a worker has done since it last told the store. */
export interface Progress {
  /** Called with the endpoint as it is kept, perhaps more than once. */
  readonly change: (endpoint: Endpoint) => Change;
  readonly attempts: readonly Attempt[];
  /** A dead letter that was delivered after all. */
  readonly takesBack?: number | undefined;
}

/** What became of it: `moved` when a person has moved the endpoint meanwhile. */
export type ProgressResult =
  | { readonly kind: "kept"; readonly endpoint: Endpoint }
  | { readonly kind: "moved"; readonly endpoint: Endpoint }
  | { readonly kind: "gone" };

/** Old attempts that one commit removes at the most: one more than it adds would do. */
const TRIM_MAX = 20;

/**
 * Keeps what a worker has done, all in one commit: the cursor never moves without its record.
 *
 * When somebody else has moved a line of the endpoint since `epoch`, what was sent is still recorded,
 * but moves nothing.
 */
export async function commitProgress(
  kv: WritableKv,
  { id, epoch, progress, nowMs }: {
    readonly id: string;
    readonly epoch: number;
    readonly progress: Progress;
    readonly nowMs: number;
  },
): Promise<ProgressResult> {
  const key = endpointKey(id);
  for (;;) {
    const { value, versionstamp } = await kv.get<Omit<Endpoint, "id">>(key);
    if (versionstamp === null) return { kind: "gone" };
    const before = { id, ...value };
    const isStale = before.epoch !== epoch;
    const change = isStale ? { endpoint: before } : progress.change(before);
    const endpoint = {
      ...change.endpoint,
      attempts: before.attempts + progress.attempts.length,
    };
    const operation = kv.atomic().check({ key, versionstamp });
    const { id: _, ...kept } = endpoint;
    operation.set(key, kept);
    record(operation, before, progress);
    if (change.setsAside !== undefined && change.endpoint !== before) {
      const { seq, ...letter } = change.setsAside;
      operation.set(deadLetterKey(id, seq), letter);
    }
    if (progress.attempts.length > 0) {
      for (const old of await oldAttempts(kv, endpoint, nowMs)) {
        operation.delete(old);
      }
    }
    const { ok } = await operation.commit();
    if (ok) return { kind: isStale ? "moved" : "kept", endpoint };
  }
}

function record(
  operation: Deno.AtomicOperation,
  { id, attempts }: Endpoint,
  progress: Progress,
): void {
  for (const [index, attempt] of progress.attempts.entries()) {
    operation.set(attemptKey(id, attempts + index + 1), attempt);
  }
  const { takesBack } = progress;
  if (takesBack !== undefined) operation.delete(deadLetterKey(id, takesBack));
}

async function oldAttempts(
  kv: WritableKv,
  { id, attempts }: Endpoint,
  nowMs: number,
): Promise<Deno.KvKey[]> {
  const keys: Deno.KvKey[] = [];
  const bounds = { limit: TRIM_MAX, batchSize: TRIM_MAX };
  const prefix = attemptsPrefix(id);
  for await (const { key, value } of kv.list<Attempt>({ prefix }, bounds)) {
    const isExtra = Number(key[2]) <= attempts - ATTEMPTS_MAX_PER_ENDPOINT;
    const isOld = value.atMs < nowMs - ATTEMPTS_MAX_AGE_MS;
    if (!isExtra && !isOld) break;
    keys.push(key);
  }
  return keys;
}
