import { decodeMember } from "../directory/format.ts";
import { lifeStartMs } from "../directory/life.ts";
import { isMember } from "../directory/member.ts";
import { liveGeneration, readCursor } from "./directory.ts";
import { type WholeGroup, wholeGroup } from "./group_fields.ts";
import { isWanted } from "./group_filter.ts";
import {
  type GroupRow,
  type KeptRow,
  type PlacedRow,
  placedRow,
  readRows,
  readRowsAt,
} from "./group_row.ts";
import {
  type DirectoryKeys,
  directoryKeys,
  type GroupRef,
  type Place,
  placeOf,
} from "./keys.ts";
import { PAGE_MAX_ROWS } from "./limits.ts";
import type { ReadableKv } from "./scan.ts";

/** Which groups to list; what is absent does not narrow. */
export interface GroupQuery {
  /** SDKAppID. */
  readonly app?: number | undefined;
  /** User ID of the owner. */
  readonly owner?: string | undefined;
  /** User ID of a member. */
  readonly member?: string | undefined;
  readonly type?: string | undefined;
  /** How the name begins, in any case. */
  readonly name?: string | undefined;
  readonly state?: string | undefined;
  /** A state that is left out. */
  readonly notState?: string | undefined;
  /** Created at this time or later, Unix ms. */
  readonly createdAfterMs?: number | undefined;
  /** Created before this time, Unix ms. */
  readonly createdBeforeMs?: number | undefined;
  /** Changed at this time or later, Unix ms. */
  readonly changedAfterMs?: number | undefined;
  /** The last place that the page before looked at. */
  readonly before?: Place | undefined;
  readonly limit: number;
}

/** A group, and how many are known to be in it. */
export interface ListedGroup extends WholeGroup {
  readonly knownMembers: number;
}

/** Groups, the newest first. */
export interface GroupPage {
  readonly groups: readonly ListedGroup[];
  /** Where to go on; undefined at the end. A page may be short, or empty, and still go on. */
  readonly next: Place | undefined;
  /** The last record that is in the directory. */
  readonly through: number;
}

/** A group with what tells one state of it from another. */
export interface FoundGroup extends ListedGroup {
  readonly versionstamp: string;
  readonly through: number;
}

/** Rows that one read takes. */
const BATCH_ROWS = 100;

/** A page of groups. It ends at `limit` groups or PAGE_MAX_ROWS rows looked at. */
export async function listGroups(
  kv: ReadableKv,
  query: GroupQuery,
): Promise<GroupPage> {
  const keys = directoryKeys(await liveGeneration(kv));
  const { seq: through } = await readCursor(kv, keys);
  const groups: Promise<ListedGroup>[] = [];
  let looked = 0;
  let last: Place | undefined;
  for await (const { place, row } of placedRows(kv, { keys, query })) {
    last = place;
    looked++;
    if (row !== null && await isListed(row, { kv, keys, query })) {
      groups.push(listedGroup(kv, { keys, row: row.row }));
    }
    if (groups.length === query.limit || looked === PAGE_MAX_ROWS) {
      return { groups: await Promise.all(groups), next: last, through };
    }
  }
  return { groups: await Promise.all(groups), next: undefined, through };
}

/** One group, or null when nothing is known of it. */
export async function getGroup(
  kv: ReadableKv,
  ref: GroupRef,
): Promise<FoundGroup | null> {
  const keys = directoryKeys(await liveGeneration(kv));
  const { seq: through } = await readCursor(kv, keys);
  const [placed] = await readRows(kv, { keys, refs: [ref] });
  if (!placed) return null;
  const { row, versionstamp } = placed;
  const group = await listedGroup(kv, { keys, row });
  return { ...group, versionstamp, through };
}

async function listedGroup(
  kv: ReadableKv,
  { keys, row }: { readonly keys: DirectoryKeys; readonly row: GroupRow },
): Promise<ListedGroup> {
  const { knownMembers } = row;
  return { ...await wholeGroup(kv, { keys, row }), knownMembers };
}

interface Candidate {
  readonly place: Place;
  readonly row: PlacedRow | null;
}

/** Rows in the order of the list, as far as an index can choose them. */
async function* placedRows(
  kv: ReadableKv,
  { keys, query }: {
    readonly keys: DirectoryKeys;
    readonly query: GroupQuery;
  },
): AsyncGenerator<Candidate> {
  const user = query.member ?? query.owner;
  const bounds = { reverse: true, batchSize: BATCH_ROWS };
  if (user === undefined) {
    const range = rangeOf(keys.groups, query);
    if (range === undefined) return;
    for await (const entry of kv.list<KeptRow>(range, bounds)) {
      yield { place: placeOf(entry.key), row: placedRow(entry) };
    }
    return;
  }
  let places: Place[] = [];
  const range = rangeOf(keys.groupsOf(user), query);
  if (range === undefined) return;
  for await (const { key } of kv.list(range, bounds)) {
    places.push(placeOf(key));
    if (places.length < BATCH_ROWS) continue;
    yield* rowsAt(kv, { keys, places });
    places = [];
  }
  yield* rowsAt(kv, { keys, places });
}

async function* rowsAt(
  kv: ReadableKv,
  { keys, places }: {
    readonly keys: DirectoryKeys;
    readonly places: readonly Place[];
  },
): AsyncGenerator<Candidate> {
  const rows = await readRowsAt(kv, { keys, places });
  for (const [index, place] of places.entries()) {
    yield { place, row: rows[index] ?? null };
  }
}

/** The part of a list that can hold what a query wants; undefined when nothing can. */
function rangeOf(
  prefix: Deno.KvKey,
  query: GroupQuery,
): Deno.KvListSelector | undefined {
  const { createdAfterMs = 0, createdBeforeMs = Infinity, before } = query;
  const start = [...prefix, createdAfterMs];
  const isCursorFirst = before !== undefined &&
    before.sinceMs < createdBeforeMs;
  const endMs = isCursorFirst ? before.sinceMs : createdBeforeMs;
  // The store refuses a range that ends before it starts.
  if (endMs < createdAfterMs) return undefined;
  const place = isCursorFirst ? [before.app, before.groupId] : [];
  return { start, end: [...prefix, endMs, ...place] };
}

async function isListed(
  { row }: PlacedRow,
  { kv, keys, query }: {
    readonly kv: ReadableKv;
    readonly keys: DirectoryKeys;
    readonly query: GroupQuery;
  },
): Promise<boolean> {
  const { group } = row;
  if (!isWanted(group, query)) return false;
  const { member } = query;
  if (member === undefined) return true;
  if (row.members !== undefined) {
    const state = row.members.get(member);
    return state !== undefined && isMember(state, lifeStartMs(group));
  }
  const key = [...keys.parts("members", group), member];
  const { value } = await kv.get<string>(key);
  return value !== null && isMember(decodeMember(value), lifeStartMs(group));
}
