/** Every key of the store. Numbers are dense and start at 1. */

/** The journal's end and the last commit's batch: the one key a commit checks. */
export const HEAD_KEY: Deno.KvKey = ["heads", "journal"];

/** Who this journal is: its id and the seed of its digests. */
export const IDENTITY_KEY: Deno.KvKey = ["journals", "current"];

/** Packs of records, and the parts of those too large for one. */
export const JOURNAL_PREFIX: Deno.KvKey = ["journal"];

/** Authentic callbacks set aside, and their parts. */
export const QUARANTINE_PREFIX: Deno.KvKey = ["quarantine"];

/** Named positions in the journal. */
export const CONSUMERS_PREFIX: Deno.KvKey = ["consumers"];

/** The position of this name. */
export function consumerKey(name: string): Deno.KvKey {
  return [...CONSUMERS_PREFIX, name];
}

/** Where events are delivered to, and how far each is. */
export const ENDPOINTS_PREFIX: Deno.KvKey = ["endpoints"];

/** The endpoint with this id. */
export function endpointKey(id: string): Deno.KvKey {
  return [...ENDPOINTS_PREFIX, id];
}

/** What was sent to an endpoint, in order. */
export function attemptsPrefix(endpointId: string): Deno.KvKey {
  return ["attempts", endpointId];
}

/** One of them; numbers are dense per endpoint, from 1. */
export function attemptKey(endpointId: string, n: number): Deno.KvKey {
  return [...attemptsPrefix(endpointId), n];
}

/** Events that an endpoint did not take and that were set aside, by their number. */
export function deadLettersPrefix(endpointId: string): Deno.KvKey {
  return ["dead_letters", endpointId];
}

/** The pointer to one of them. */
export function deadLetterKey(endpointId: string, seq: number): Deno.KvKey {
  return [...deadLettersPrefix(endpointId), seq];
}

/** How far the journal of this id has been imported into this one. */
export function importKey(journalId: string): Deno.KvKey {
  return ["imports", journalId];
}

/** The two sequences of items; both are kept alike, as packs with parts. */
export type Sequence = "journal" | "quarantine";

/** A pack, under the number of its first item. */
export function packKey(sequence: Sequence, first: number): Deno.KvKey {
  return [sequence, first];
}

/** One part of the item with this number; it sorts behind the item's pack. */
export function partKey(
  sequence: Sequence,
  number: number,
  part: number,
): Deno.KvKey {
  return [sequence, number, part];
}
