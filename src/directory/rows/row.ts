import {
  getAll,
  type KvEntryMaybe,
  type ReadableKv,
} from "../../store/kv/kv.ts";
import {
  type KeptText,
  keptText,
  textOfKept,
  valueBytes,
} from "../../store/kv/size.ts";
import { idProblem, MAX_GROUP_ID_BYTES } from "../fold/bounds.ts";
import {
  decodeGroup,
  decodeMember,
  encodeGroup,
  encodeMember,
} from "../fold/codec.ts";
import type { GroupState } from "../fold/group.ts";
import type { MemberState } from "../fold/member.ts";
import type { Stamp } from "../fold/stamp.ts";
import {
  type DirectoryKeys,
  type GroupRef,
  type Place,
  placeOfKey,
} from "./keys.ts";
import { ROW_MAX_MEMBER_BYTES } from "./limits.ts";

/** A group with the members and the part of the timeline that its row holds. */
export interface GroupRow {
  readonly group: GroupState;
  /** Present and former members; undefined when they have keys of their own. */
  readonly members: ReadonlyMap<string, MemberState> | undefined;
  /** The number of known members. */
  readonly knownMembers: number;
  /** The newest event that told of a member; empty when none did. */
  readonly newestMember: Stamp;
  /** True when custom fields and attributes have keys of their own, and are not in the group's state. */
  readonly hasFieldKeys: boolean;
  /** Numbers of the newest events that are in no key of their own, ascending. */
  readonly timeline: readonly number[];
  /** Numbers of events whose changes are not all in yet. */
  readonly pending: readonly number[];
  /** Position in the journal up to which events are folded into this row. */
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

/** A row as the store takes it. What a later version adds is optional: a base may hold rows without it. */
export interface KeptRow {
  readonly group: KeptText;
  /** User IDs and members' texts in turn. */
  readonly members?: readonly string[] | undefined;
  readonly known: number;
  readonly newest: Stamp;
  readonly fieldKeys?: true;
  readonly timeline: readonly number[];
  readonly pending?: readonly number[];
  readonly through: readonly [seq: number, step: number];
}

/** The value of a row; its members as texts, if it holds them. */
export function keepRow(
  row: Omit<GroupRow, "members">,
  members: readonly string[] | undefined,
): KeptRow {
  const { group, knownMembers, newestMember, timeline, through } = row;
  return {
    group: keptText(encodeGroup(group)),
    ...(members !== undefined && { members }),
    known: knownMembers,
    newest: newestMember,
    ...(row.hasFieldKeys && { fieldKeys: true }),
    timeline,
    ...(row.pending.length > 0 && { pending: row.pending }),
    through: [through.seq, through.step],
  };
}

/** The row that a value holds. */
export function rowOf(kept: KeptRow): GroupRow {
  const { known, newest, timeline, pending = [], through } = kept;
  const [seq, step] = through;
  return {
    group: decodeGroup(textOfKept(kept.group)),
    members: kept.members && decodeMembers(kept.members),
    knownMembers: known,
    newestMember: newest,
    hasFieldKeys: kept.fieldKeys === true,
    timeline,
    pending,
    through: { seq, step },
  };
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

/**
 * The row of a group wherever it moves meanwhile; null for a group that has none. What is read last is of one
 * moment, so that the row is where its place says or has moved on.
 */
export async function findRow(
  kv: ReadableKv,
  { keys, ref }: { readonly keys: DirectoryKeys; readonly ref: GroupRef },
): Promise<PlacedRow | null> {
  // No key can hold a longer one.
  if (idProblem(ref.groupId, MAX_GROUP_ID_BYTES) !== undefined) return null;
  const point = keys.place(ref);
  let { value: sinceMs } = await kv.get<number>(point);
  while (sinceMs !== null) {
    const [now, entry] = await kv.getMany<[number, KeptRow]>([
      point,
      keys.group({ ...ref, sinceMs }),
    ]);
    if (now.value === sinceMs) return placedRow(entry);
    sinceMs = now.value;
  }
  return null;
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
function placedRow(
  { key, value, versionstamp }: KvEntryMaybe<KeptRow>,
): PlacedRow | null {
  if (value === null) return null;
  return { place: placeOfKey(key), row: rowOf(value), versionstamp };
}

/** Members as a group's row holds them: user IDs and texts in turn. Undefined where they take more than it may. */
export function memberTexts(
  members: ReadonlyMap<string, MemberState>,
): readonly string[] | undefined {
  const texts: string[] = [];
  for (const [userId, member] of members) {
    texts.push(userId, encodeMember(member));
  }
  return valueBytes(texts) <= ROW_MAX_MEMBER_BYTES ? texts : undefined;
}

/** The members that such texts hold. */
function decodeMembers(texts: readonly string[]): Map<string, MemberState> {
  const members = new Map<string, MemberState>();
  for (let at = 0; at + 1 < texts.length; at += 2) {
    members.set(texts[at] ?? "", decodeMember(texts[at + 1] ?? ""));
  }
  return members;
}
