import type { ReadableKv } from "../../store/kv/kv.ts";
import { decodeMember } from "../fold/codec.ts";
import { isMember } from "../fold/member.ts";
import { isMemberless, memberSpan } from "../fold/standing.ts";
import { type WholeGroup, wholeGroup } from "./fields.ts";
import { readCursor, readLive } from "./generation.ts";
import type { DirectoryKeys, GroupRef, Place } from "./keys.ts";
import { PAGE_MAX_ROWS } from "./limits.ts";
import { placedRows } from "./place_list.ts";
import { GroupQuery, matchesQuery } from "./query.ts";
import { findRow, type GroupRow } from "./row.ts";

/** A group, and how many are known to be in it. */
export interface ListedGroup extends WholeGroup {
  readonly knownMembers: number;
  /** True when an event of many members is not wholly in yet. */
  readonly isPending: boolean;
}

/** Groups, the newest first. */
export interface GroupRowPage {
  readonly groups: readonly ListedGroup[];
  /** The place to go on from; undefined at the end. A page may be short, or empty, and still go on. */
  readonly next: Place | undefined;
  /** The last record that is in the directory. */
  readonly through: number;
}

/** A group with what tells one state of it from another. */
export interface FoundGroup extends ListedGroup {
  readonly versionstamp: string;
  readonly through: number;
}

/** Rows that are on a page. */
interface RowPage extends Pick<GroupRowPage, "next"> {
  readonly rows: readonly GroupRow[];
}

/** A page of groups, each once. It ends at `limit` groups or PAGE_MAX_ROWS rows looked at. */
export async function listGroups(
  kv: ReadableKv,
  query: GroupQuery,
): Promise<GroupRowPage> {
  return await readLive(kv, async (keys) => {
    const { seq: through } = await readCursor(kv, keys);
    const { rows, next } = await listRows(kv, { keys, query });
    const groups = await Promise.all(
      rows.map((row) => listedGroup(kv, { keys, row })),
    );
    return { groups, next, through };
  });
}

/** One group, or null when nothing is known of it. */
export async function getGroup(
  kv: ReadableKv,
  ref: GroupRef,
): Promise<FoundGroup | null> {
  return await readLive(kv, async (keys) => {
    const { seq: through } = await readCursor(kv, keys);
    const placed = await findRow(kv, { keys, ref });
    if (placed === null) return null;
    const { row, versionstamp } = placed;
    const group = await listedGroup(kv, { keys, row });
    return { ...group, versionstamp, through };
  });
}

async function listRows(
  kv: ReadableKv,
  { keys, query }: { readonly keys: DirectoryKeys; readonly query: GroupQuery },
): Promise<RowPage> {
  // A group that moves while it is listed may be met twice.
  const rows = new Map<string, GroupRow>();
  let looked = 0;
  for await (const { place, row } of placedRows(kv, { keys, query })) {
    if (row !== null && await isOnPage(row, { kv, keys, query })) {
      const id = `${place.app} ${place.groupId}`;
      if (!rows.has(id)) rows.set(id, row);
    }
    if (rows.size === query.limit || ++looked === PAGE_MAX_ROWS) {
      return { rows: [...rows.values()], next: place };
    }
  }
  return { rows: [...rows.values()], next: undefined };
}

async function listedGroup(
  kv: ReadableKv,
  { keys, row }: { readonly keys: DirectoryKeys; readonly row: GroupRow },
): Promise<ListedGroup> {
  const { knownMembers, pending } = row;
  const isPending = pending.length > 0;
  return { ...await wholeGroup(kv, { keys, row }), knownMembers, isPending };
}

async function isOnPage(
  row: GroupRow,
  { kv, keys, query }: {
    readonly kv: ReadableKv;
    readonly keys: DirectoryKeys;
    readonly query: GroupQuery;
  },
): Promise<boolean> {
  const { group } = row;
  if (!matchesQuery(group, query)) return false;
  const { member } = query;
  if (member === undefined) return true;
  // Somebody may have joined before it was told that this is a room of which Tencent keeps no list.
  if (isMemberless(group)) return false;
  if (row.members !== undefined) {
    const state = row.members.get(member);
    return state !== undefined && isMember(state, memberSpan(group));
  }
  const key = [...keys.parts("members", group), member];
  const { value } = await kv.get<string>(key);
  return value !== null && isMember(decodeMember(value), memberSpan(group));
}
