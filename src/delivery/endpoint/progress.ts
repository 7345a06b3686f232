import type { AtomicOperation, KvKey, WritableKv } from "../../store/kv/kv.ts";
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

/** An endpoint after something has happened to it. */
export interface EndpointChange {
  /** The very same one where nothing changes; then nothing is set aside either. */
  readonly endpoint: Endpoint;
  /** An event that is given up, for now. */
  readonly setsAside?: NumberedDeadLetter | undefined;
}

/** A worker's progress that is not stored yet. */
export interface EndpointProgress<C extends EndpointChange = EndpointChange> {
  /** Called with the stored endpoint, perhaps more than once. */
  readonly change: (endpoint: Endpoint) => C;
  /** The attempts to record, given the endpoint afterwards. */
  readonly attempts?: (after: Endpoint) => readonly Attempt[];
}

/** The result of storing progress: `moved` when a person has moved the endpoint meanwhile. */
export type ProgressResult<C extends EndpointChange = EndpointChange> =
  | { readonly kind: "kept"; readonly endpoint: Endpoint; readonly change: C }
  | { readonly kind: "moved"; readonly endpoint: Endpoint }
  | { readonly kind: "gone" };

/** Most old attempts that one commit removes: one more than it adds would do. */
const TRIM_MAX = 20;

/**
 * Stores a worker's progress in one commit: the cursor never moves without its record.
 *
 * When something else has moved a track of the endpoint since `epoch`, the attempts are still recorded,
 * but move nothing.
 */
export async function commitProgress<C extends EndpointChange>(
  kv: WritableKv,
  { id, epoch, progress, nowMs }: {
    readonly id: string;
    readonly epoch: number;
    readonly progress: EndpointProgress<C>;
    readonly nowMs: number;
  },
): Promise<ProgressResult<C>> {
  const key = endpointKey(id);
  for (;;) {
    const { value, versionstamp } = await kv.get<Omit<Endpoint, "id">>(key);
    if (versionstamp === null) return { kind: "gone" };
    const before = { id, ...value };
    const change = before.epoch === epoch ? progress.change(before) : undefined;
    const changed = change?.endpoint ?? before;
    const attempts = progress.attempts?.(changed) ?? [];
    const numbered = before.attempts + attempts.length;
    const endpoint = { ...changed, attempts: numbered };
    const operation = kv.atomic().check({ key, versionstamp });
    const { id: _, ...kept } = endpoint;
    operation.set(key, kept);
    record(operation, before, { ...change, attempts });
    for (const old of await oldAttempts(kv, { endpoint, attempts, nowMs })) {
      operation.delete(old);
    }
    const { ok } = await operation.commit();
    if (!ok) continue;
    if (change === undefined) return { kind: "moved", endpoint };
    return { kind: "kept", endpoint, change };
  }
}

function record(
  operation: AtomicOperation,
  { id, attempts: number }: Endpoint,
  { attempts, setsAside }: Pick<EndpointChange, "setsAside"> & {
    readonly attempts: readonly Attempt[];
  },
): void {
  for (const [index, attempt] of attempts.entries()) {
    operation.set(attemptKey(id, number + index + 1), attempt);
  }
  if (setsAside === undefined) return;
  const { seq, ...letter } = setsAside;
  operation.set(deadLetterKey(id, seq), letter);
}

/** Keys of the attempts that leave because others are added. */
async function oldAttempts(
  kv: WritableKv,
  { endpoint: { id, attempts: last }, attempts, nowMs }: {
    readonly endpoint: Endpoint;
    readonly attempts: readonly Attempt[];
    readonly nowMs: number;
  },
): Promise<KvKey[]> {
  const keys: KvKey[] = [];
  if (attempts.length === 0) return keys;
  const bounds = { limit: TRIM_MAX, batchSize: TRIM_MAX };
  const prefix = attemptsPrefix(id);
  for await (const { key, value } of kv.list<Attempt>({ prefix }, bounds)) {
    const isExtra = Number(key[2]) <= last - ATTEMPTS_MAX_PER_ENDPOINT;
    const isOld = value.atMs < nowMs - ATTEMPTS_MAX_AGE_MS;
    if (!isExtra && !isOld) break;
    keys.push(key);
  }
  return keys;
}
