import {
  decodeGroup,
  decodeMember,
  encodeGroup,
  encodeMember,
} from "../directory/format.ts";
import type { GroupState } from "../directory/group.ts";
import type { MemberState } from "../directory/member.ts";
import type { Stamp } from "../directory/stamp.ts";
import {
  type DirectoryKeys,
  type GroupRef,
  type Place,
  placeOf,
} from "./keys.ts";
import { GET_MANY_MAX_KEYS } from "./limits.ts";
import type { ReadableKv } from "./scan.ts";

/** Everything that one value says of a group. */
export interface GroupRow {
  readonly group: GroupState;
  /** Those who are or were in it; undefined when they have keys of their own. */
  readonly members: ReadonlyMap<string, MemberState> | undefined;
  /** Who is in it, as far as callbacks told. */
  readonly knownMembers: number;
  /** The newest event that told of a member; empty when none did. */
  readonly newestMember: Stamp;
  /** Numbers of the newest events that are in no key of their own, ascending. */
  readonly timeline: readonly number[];
  /** How much of the journal is in this row. */
  readonly through: RowPosition;
}

/** A record's number and how many of its changes are in; -1 for all. */
export interface RowPosition {
  readonly seq: number;
  readonly step: number;
}

/** A row and where it lies. */
export interface PlacedRow {
  readonly place: Place;
  readonly row: GroupRow;
  readonly versionstamp: string;
}

/** A row as the store takes it. */
export interface KeptRow {
  readonly group: string;
  /** User IDs and members' texts in turn. */
  readonly members?: readonly string[];
  readonly known: number;
  readonly newest: Stamp;
  readonly timeline: readonly number[];
  readonly through: readonly [seq: number, step: number];
}

const ENCODER = new TextEncoder();

/** The value of a row. */
export function keepRow(row: GroupRow): KeptRow {
  const { group, members, knownMembers, newestMember, timeline } = row;
  const texts: string[] = [];
  for (const [userId, member] of members ?? []) {
    texts.push(userId, encodeMember(member));
  }
  return {
    group: encodeGroup(group),
    ...(members !== undefined && { members: texts }),
    known: knownMembers,
    newest: newestMember,
    timeline,
    through: [row.through.seq, row.through.step],
  };
}

/** About how many bytes a row takes in the store. */
export function rowBytes({ group, members = [], timeline }: KeptRow): number {
  let bytes = 128 + 5 * timeline.length;
  for (const text of [group, ...members]) {
    // The store keeps a text in one byte a character, or in two where one character needs them.
    bytes += text.length * 2 < 4_096
      ? text.length * 2
      : Math.max(text.length * 2, ENCODER.encode(text).length);
  }
  return bytes;
}

/** The row that a value holds. */
export function rowOf(kept: KeptRow): GroupRow {
  const [seq, step] = kept.through;
  return {
    group: decodeGroup(kept.group),
    members: kept.members && membersOf(kept.members),
    knownMembers: kept.known,
    newestMember: kept.newest,
    timeline: kept.timeline,
    through: { seq, step },
  };
}

function membersOf(texts: readonly string[]): Map<string, MemberState> {
  const members = new Map<string, MemberState>();
  for (let at = 0; at + 1 < texts.length; at += 2) {
    members.set(texts[at] ?? "", decodeMember(texts[at + 1] ?? ""));
  }
  return members;
}

/** The rows of these groups, in their order; null for a group that has none. */
export async function readRows(
  kv: ReadableKv,
  { keys, refs }: {
    readonly keys: DirectoryKeys;
    readonly refs: readonly GroupRef[];
  },
): Promise<(PlacedRow | null)[]> {
  const sinces = await getAll<number>(kv, refs.map(keys.place));
  const places = refs.map((ref, index): Place | null => {
    const sinceMs = sinces[index]?.value ?? null;
    return sinceMs === null ? null : { ...ref, sinceMs };
  });
  return await readRowsAt(kv, { keys, places });
}

/** The rows at these places; null where there is none. */
export async function readRowsAt(
  kv: ReadableKv,
  { keys, places }: {
    readonly keys: DirectoryKeys;
    readonly places: readonly (Place | null)[];
  },
): Promise<(PlacedRow | null)[]> {
  const known = places.filter((place) => place !== null);
  const entries = await getAll<KeptRow>(kv, known.map(keys.group));
  let at = 0;
  return places.map((place) => {
    if (place === null) return null;
    const entry = entries[at++];
    return entry === undefined ? null : placedRow(entry);
  });
}

/** The row of an entry; null where it holds none. */
export function placedRow(
  { key, value, versionstamp }: Deno.KvEntryMaybe<KeptRow>,
): PlacedRow | null {
  if (value === null) return null;
  return { place: placeOf(key), row: rowOf(value), versionstamp };
}

/** Any number of entries, read in as few and as parallel calls as the store allows. */
export async function getAll<T>(
  kv: ReadableKv,
  keys: readonly Deno.KvKey[],
): Promise<Deno.KvEntryMaybe<T>[]> {
  const groups: Promise<Deno.KvEntryMaybe<T>[]>[] = [];
  for (let at = 0; at < keys.length; at += GET_MANY_MAX_KEYS) {
    groups.push(kv.getMany<T[]>(keys.slice(at, at + GET_MANY_MAX_KEYS)));
  }
  return (await Promise.all(groups)).flat();
}
