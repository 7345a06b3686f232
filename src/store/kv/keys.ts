/** Every key of the store. Numbers are dense and start at 1. */

/** A key, for those who only pass it on. */
export type Key = Deno.KvKey;

/**
 * The journal's end and the last commit's batch: the one key a commit checks. It sorts before all
 * others: to find a key in its tree SQLite reads whole the values it passes, and here those are small.
 */
export const HEAD_KEY: Deno.KvKey = ["HEAD"];

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

/** Written by each that makes an endpoint: of several at once one does, and the others look again. */
export const ENDPOINTS_GUARD_KEY: Deno.KvKey = ["guards", "endpoints"];

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

/** Which of the processes that share a store runs the consumers. */
export const LEASE_KEY: Deno.KvKey = ["leases", "consumers"];

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

/** Which generation of the directory is read, and which one is being built. */
export const DIRECTORIES_KEY: Deno.KvKey = ["directories", "current"];

/** A directory: a number for one that is or was read, "base" for what was pruned from the journal. */
export type Generation = number | "base";

/** Where a group stands in the list: ordered by when its life began, then by app and ID. */
export interface Place {
  /** Unix ms. */
  readonly sinceMs: number;
  /** SDKAppID. */
  readonly app: number;
  readonly groupId: string;
}

/** What belongs to a group beside its row. */
export type GroupPart = "members" | "topics" | "timelines" | "fields";

/** Everything of one generation. */
export function directoryPrefix(generation: Generation): Deno.KvKey {
  return ["directory", generation];
}

/** The keys of one generation of the directory. */
export interface DirectoryKeys {
  readonly prefix: Deno.KvKey;
  /** How far the journal is folded; every commit of the projector checks and writes it. */
  readonly cursor: Deno.KvKey;
  /** Groups by app, type and state: counts. */
  readonly totals: Deno.KvKey;
  /** Rows, in the order of the list. */
  readonly groups: Deno.KvKey;
  readonly group: (place: Place) => Deno.KvKey;
  /** Where the row of a group is. */
  readonly place: (ref: GroupRef) => Deno.KvKey;
  /** Prefix of what one group has of these. */
  readonly parts: (part: GroupPart, ref: GroupRef) => Deno.KvKey;
  /** A custom field or attribute; those that were taken away lie behind those that are there. */
  readonly field: (ref: GroupRef, field: KeyedField) => Deno.KvKey;
  /** Prefix of the groups that a user owns or is in; across apps. */
  readonly groupsOf: (userId: string) => Deno.KvKey;
  readonly groupByMember: (userId: string, place: Place) => Deno.KvKey;
  /** Prefix of the counts of one unit of time. */
  readonly counts: (unit: TimeUnit) => Deno.KvKey;
  /** Prefix of the groups whose older lives are still to be swept. */
  readonly leftovers: Deno.KvKey;
  /** Prefix of the groups of whose fields with keys of their own some count no more. */
  readonly staleFields: Deno.KvKey;
  /** Prefix of the records of which all or something could not be folded. */
  readonly unfolded: Deno.KvKey;
  /** How many such records there were, with those that are remembered no more. */
  readonly unfoldedTotal: Deno.KvKey;
}

/** A custom field or attribute that has a key of its own. */
export interface KeyedField {
  readonly name: string;
  readonly isGone: boolean;
}

/** A group of an app. */
export type GroupRef = Omit<Place, "sinceMs">;

/** How long one count lasts. */
export type TimeUnit = "minute" | "hour" | "day";

/** The keys of a generation. */
export function directoryKeys(generation: Generation): DirectoryKeys {
  const prefix = directoryPrefix(generation);
  return {
    prefix,
    cursor: [...prefix, "cursor"],
    totals: [...prefix, "totals"],
    groups: [...prefix, "groups"],
    group: (place) => [...prefix, "groups", ...partsOf(place)],
    place: ({ app, groupId }) => [...prefix, "places", app, groupId],
    parts: (part, { app, groupId }) => [...prefix, part, app, groupId],
    field: ({ app, groupId }, { name, isGone }) => [
      ...prefix,
      "fields",
      app,
      groupId,
      isGone ? 1 : 0,
      name,
    ],
    groupsOf: (userId) => [...prefix, "groups_by_member", userId],
    groupByMember: (userId, place) => [
      ...prefix,
      "groups_by_member",
      userId,
      ...partsOf(place),
    ],
    counts: (unit) => [...prefix, "counts", unit],
    leftovers: [...prefix, "leftovers"],
    staleFields: [...prefix, "stale_fields"],
    unfolded: [...prefix, "unfolded"],
    unfoldedTotal: [...prefix, "unfolded_total"],
  };
}

/** The last three segments of a key that ends in a place. */
export function placeOf(key: Deno.KvKey): Place {
  const [sinceMs, app, groupId] = key.slice(-3);
  return {
    sinceMs: Number(sinceMs),
    app: Number(app),
    groupId: String(groupId),
  };
}

function partsOf({ sinceMs, app, groupId }: Place): Deno.KvKey {
  return [sinceMs, app, groupId];
}
