// The keys of endpoints, their attempts and their dead letters.
import type { KvKey } from "../../store/kv/kv.ts";
/** Prefix of all endpoints. */
export const ENDPOINTS_PREFIX: KvKey = ["endpoints"];

/** Key of the endpoint with this id. */
export function endpointKey(id: string): KvKey {
  return [...ENDPOINTS_PREFIX, id];
}

/** Key that every creation of an endpoint writes, so that only one of several at once succeeds. */
export const ENDPOINTS_GUARD_KEY: KvKey = ["guards", "endpoints"];

/** Prefix of an endpoint's attempts, in order. */
export function attemptsPrefix(endpointId: string): KvKey {
  return ["attempts", endpointId];
}

/** Key of an attempt; numbers are dense per endpoint, from 1. */
export function attemptKey(endpointId: string, n: number): KvKey {
  return [...attemptsPrefix(endpointId), n];
}

/** Prefix of an endpoint's dead letters, by number of the event. */
export function deadLettersPrefix(endpointId: string): KvKey {
  return ["dead_letters", endpointId];
}

/** Key of one dead letter. */
export function deadLetterKey(endpointId: string, seq: number): KvKey {
  return [...deadLettersPrefix(endpointId), seq];
}
