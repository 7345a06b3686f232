import type { KvKey, ReadableKv, WritableKv } from "../../store/kv/kv.ts";
import { SIDE_MAX_MUTATIONS } from "../../store/kv/limits.ts";
import type { Endpoint } from "./endpoint.ts";
import {
  attemptsPrefix,
  deadLettersPrefix,
  endpointKey,
  ENDPOINTS_GUARD_KEY,
  ENDPOINTS_PREFIX,
} from "./keys.ts";
import { ENDPOINTS_MAX } from "./limits.ts";

type Kept = Omit<Endpoint, "id">;

/** The endpoint with this id, or null. */
export async function getEndpoint(
  kv: ReadableKv,
  id: string,
): Promise<Endpoint | null> {
  const { value } = await kv.get<Kept>(endpointKey(id));
  return value && { id, ...value };
}

/** Lists all endpoints, oldest first. */
export async function listEndpoints(kv: ReadableKv): Promise<Endpoint[]> {
  const endpoints: Endpoint[] = [];
  const entries = kv.list<Kept>({ prefix: ENDPOINTS_PREFIX });
  for await (const { key, value } of entries) {
    endpoints.push({ id: String(key[1]), ...value });
  }
  return endpoints.toSorted((a, b) =>
    endpointOrder(a) < endpointOrder(b) ? -1 : 1
  );
}

/** A text by which endpoints are sorted: oldest first, and those of one time by their ids. */
export function endpointOrder({ createdAtMs, id }: Endpoint): string {
  return `${String(createdAtMs).padStart(15, "0")}/${id}`;
}

/** Stores a new endpoint; false when there are too many already. */
export async function createEndpoint(
  kv: WritableKv,
  endpoint: Endpoint,
): Promise<boolean> {
  const { id, ...kept } = endpoint;
  for (;;) {
    const guard = await kv.get(ENDPOINTS_GUARD_KEY);
    const known = await listEndpoints(kv);
    if (known.length >= ENDPOINTS_MAX) return false;
    const { ok } = await kv.atomic().check(guard).set(guard.key, id)
      .set(endpointKey(id), kept).commit();
    if (ok) return true;
  }
}

/** Changes the stored endpoint; null when there is none. */
export async function updateEndpoint(
  kv: WritableKv,
  id: string,
  change: (endpoint: Endpoint) => Endpoint,
): Promise<Endpoint | null> {
  const key = endpointKey(id);
  for (;;) {
    const { value, versionstamp } = await kv.get<Kept>(key);
    if (versionstamp === null) return null;
    const before = { id, ...value };
    const after = change(before);
    if (after === before) return before;
    const { id: _, ...kept } = after;
    const { ok } = await kv.atomic().check({ key, versionstamp })
      .set(key, kept).commit();
    if (ok) return after;
  }
}

/**
 * Deletes an endpoint with its attempts and dead letters; false when there is none. The endpoint goes
 * first, so that its worker records nothing more; a crash after that leaves a few keys for good.
 */
export async function deleteEndpoint(
  kv: WritableKv,
  id: string,
): Promise<boolean> {
  const key = endpointKey(id);
  const { versionstamp } = await kv.get(key);
  if (versionstamp === null) return false;
  await kv.atomic().delete(key).commit();
  await deleteBelow(kv, attemptsPrefix(id));
  await deleteBelow(kv, deadLettersPrefix(id));
  return true;
}

async function deleteBelow(
  kv: WritableKv,
  prefix: KvKey,
): Promise<void> {
  const limit = SIDE_MAX_MUTATIONS;
  for (;;) {
    const entries = kv.list({ prefix }, { limit, batchSize: limit });
    const operation = kv.atomic();
    let count = 0;
    for await (const { key } of entries) {
      operation.delete(key);
      count++;
    }
    if (count > 0) await operation.commit();
    if (count < limit) return;
  }
}
