import type { KvKey, KvListSelector, ReadableKv } from "../../store/kv/kv.ts";
import { idProblem, MAX_USER_ID_BYTES } from "../fold/bounds.ts";
import { type DirectoryKeys, type Place, placeOfKey } from "./keys.ts";
import type { GroupQuery } from "./query.ts";
import {
  findRow,
  type GroupRow,
  type KeptRow,
  readRowsAt,
  rowOf,
} from "./row.ts";

/** A place in a list of groups, and the row that belongs there, if any. */
export interface ListedRow {
  readonly place: Place;
  readonly row: GroupRow | null;
}

/** The options of placedRows(). */
export interface PlacedRowsOptions {
  readonly keys: DirectoryKeys;
  readonly query: GroupQuery;
}

/** Rows that one read takes: they are of one moment, so that nothing moves between them. */
const BATCH_ROWS = 100;
const MAX_BATCH_ROWS = 500;

/** Rows in the order of the list, newest first, as far as an index can choose them. */
export function placedRows(
  kv: ReadableKv,
  { keys, query }: PlacedRowsOptions,
): AsyncIterable<ListedRow> {
  const userId = query.member ?? query.owner;
  return userId === undefined
    ? allRows(kv, { keys, query })
    : rowsOfUser(kv, { keys, query, userId });
}

async function* allRows(
  kv: ReadableKv,
  { keys, query }: PlacedRowsOptions,
): AsyncGenerator<ListedRow> {
  const range = rangeOf(keys.groups, query);
  if (range === undefined) return;
  const wanted = Math.min(query.limit, MAX_BATCH_ROWS);
  const batchSize = Math.max(wanted, BATCH_ROWS);
  const bounds = { reverse: true, batchSize };
  for await (const { key, value } of kv.list<KeptRow>(range, bounds)) {
    yield { place: placeOfKey(key), row: rowOf(value) };
  }
}

interface OfUser extends PlacedRowsOptions {
  readonly userId: string;
}

async function* rowsOfUser(
  kv: ReadableKv,
  { keys, query, userId }: OfUser,
): AsyncGenerator<ListedRow> {
  // No key can hold a longer one.
  if (idProblem(userId, MAX_USER_ID_BYTES) !== undefined) return;
  const range = rangeOf(keys.groupsOf(userId), query);
  if (range === undefined) return;
  const bounds = { reverse: true, batchSize: BATCH_ROWS };
  let places: Place[] = [];
  for await (const { key } of kv.list(range, bounds)) {
    places.push(placeOfKey(key));
    if (places.length < BATCH_ROWS) continue;
    yield* rowsAt(kv, { keys, userId, places, end: places.at(-1) });
    places = [];
  }
  yield* rowsAt(kv, { keys, userId, places, end: undefined });
}

/** A part of a user's list. */
interface PartOfList {
  readonly keys: DirectoryKeys;
  readonly userId: string;
  /** The last place that was read of the list; undefined where no more of it is read. */
  readonly end: Place | undefined;
}

/** The rows of a part of a user's list. */
async function* rowsAt(
  kv: ReadableKv,
  { places, ...part }: PartOfList & { readonly places: readonly Place[] },
): AsyncGenerator<ListedRow> {
  const rows = await readRowsAt(kv, { keys: part.keys, places });
  for (const [index, place] of places.entries()) {
    const row = rows[index]?.row ?? await movedRow(kv, { ...part, place });
    yield { place, row };
  }
}

/**
 * The row of a group that is not where a user's list has it. Null where the list has it elsewhere as well and
 * still comes, or came, to it there: a list is read in parts, and each group is to be on it once.
 */
async function movedRow(
  kv: ReadableKv,
  { keys, userId, place, end }: PartOfList & { readonly place: Place },
): Promise<GroupRow | null> {
  const found = await findRow(kv, { keys, ref: place });
  if (found === null) return null;
  const [here, there] = await kv.getMany([
    keys.groupByMember(userId, place),
    keys.groupByMember(userId, found.place),
  ]);
  // A large group moves in several commits, the lists of its members first.
  if (there?.versionstamp === null) return found.row;
  // A leftover of an older life, still to be swept.
  if (here?.versionstamp !== null) return null;
  return end !== undefined && isBelow(found.place, end) ? null : found.row;
}

function isBelow(one: Place, other: Place): boolean {
  if (one.sinceMs !== other.sinceMs) return one.sinceMs < other.sinceMs;
  if (one.app !== other.app) return one.app < other.app;
  return one.groupId < other.groupId;
}

/** The part of a list that can hold what a query wants; undefined when nothing can. */
function rangeOf(
  prefix: KvKey,
  query: GroupQuery,
): KvListSelector | undefined {
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
