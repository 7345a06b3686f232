// Keys of endpoints and of what became of their deliveries.
import type { KvKey } from "../../store/kv/kv.ts";
/** Where events are delivered to, and how far each is. */
export const ENDPOINTS_PREFIX: KvKey = ["endpoints"];

/** The endpoint with this id. */
export function endpointKey(id: string): KvKey {
  return [...ENDPOINTS_PREFIX, id];
}

/** Written by each that makes an endpoint: of several at once one does, and the others look again. */
export const ENDPOINTS_GUARD_KEY: KvKey = ["guards", "endpoints"];

/** What was sent to an endpoint, in order. */
export function attemptsPrefix(endpointId: string): KvKey {
  return ["attempts", endpointId];
}

/** One of them; numbers are dense per endpoint, from 1. */
export function attemptKey(endpointId: string, n: number): KvKey {
  return [...attemptsPrefix(endpointId), n];
}

/** Events that an endpoint did not take and that were set aside, by their number. */
export function deadLettersPrefix(endpointId: string): KvKey {
  return ["dead_letters", endpointId];
}

/** The pointer to one of them. */
export function deadLetterKey(endpointId: string, seq: number): KvKey {
  return [...deadLettersPrefix(endpointId), seq];
}
