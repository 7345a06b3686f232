// Keys of the directory: groups, their parts, and what is counted.
import type { KvKey } from "../../store/kv/kv.ts";

/** The key that says which generation of the directory is read, and which is being built. */
export const DIRECTORIES_KEY: KvKey = ["directories", "current"];

/** A directory: a number for one that is or was read, "base" for what was pruned from the journal. */
export type Generation = number | "base";

/** The place of a group in the list: ordered by when its life began, then by app and ID. */
export interface Place {
  /** Unix ms. */
  readonly sinceMs: number;
  /** SDKAppID. */
  readonly app: number;
  readonly groupId: string;
}

/** The parts of a group that lie beside its row. */
export type GroupPart = "members" | "topics" | "timelines" | "fields";

/** Everything of one generation. */
export function directoryPrefix(generation: Generation): KvKey {
  return ["directory", generation];
}

/** The keys of one generation of the directory. */
export interface DirectoryKeys {
  readonly prefix: KvKey;
  /** Progress of the projector through the journal; each of its commits checks and writes it. */
  readonly cursor: KvKey;
  /** Groups by app, type and state: counts. */
  readonly totals: KvKey;
  /** Rows, in the order of the list. */
  readonly groups: KvKey;
  readonly group: (place: Place) => KvKey;
  /** The key that holds the place of a group. */
  readonly place: (ref: GroupRef) => KvKey;
  /** Prefix of what one group has of these. */
  readonly parts: (part: GroupPart, ref: GroupRef) => KvKey;
  /** A custom field or attribute; those that were taken away lie behind those that are there. */
  readonly field: (ref: GroupRef, field: KeyedField) => KvKey;
  /** Prefix of the groups that a user owns or is in; across apps. */
  readonly groupsOf: (userId: string) => KvKey;
  readonly groupByMember: (userId: string, place: Place) => KvKey;
  /** Prefix of the counts of one unit of time. */
  readonly counts: (unit: TimeUnit) => KvKey;
  /** Events whose changes are folded in steps, by number, with how many of them are in. */
  readonly large: KvKey;
  /** Prefix of the groups whose older lives are still to be swept. */
  readonly leftovers: KvKey;
  /** Prefix of the groups of whose fields with keys of their own some count no more. */
  readonly staleFields: KvKey;
  /** Prefix of the records of which all or something could not be folded. */
  readonly unfolded: KvKey;
  /** The number of such records, with those that are remembered no more. */
  readonly unfoldedTotal: KvKey;
}

/** A custom field or attribute that has a key of its own. */
export interface KeyedField {
  readonly name: string;
  readonly isGone: boolean;
}

/** A group of an app. */
export type GroupRef = Omit<Place, "sinceMs">;

/** The units of time that are counted. */
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
    large: [...prefix, "large"],
    leftovers: [...prefix, "leftovers"],
    staleFields: [...prefix, "stale_fields"],
    unfolded: [...prefix, "unfolded"],
    unfoldedTotal: [...prefix, "unfolded_total"],
  };
}

/** The last three segments of a key that ends in a place. */
export function placeOfKey(key: KvKey): Place {
  const [sinceMs, app, groupId] = key.slice(-3);
  return {
    sinceMs: Number(sinceMs),
    app: Number(app),
    groupId: String(groupId),
  };
}

function partsOf({ sinceMs, app, groupId }: Place): KvKey {
  return [sinceMs, app, groupId];
}
