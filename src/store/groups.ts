import { decodeMember, decodeTopic } from "../directory/format.ts";
import {
  changedAtMs,
  createdAtMs,
  type GroupState,
  lifeStartMs,
  nameOf,
  ownerOf,
  stateOf,
  typeOf,
} from "../directory/group.ts";
import { isMember, type MemberState } from "../directory/member.ts";
import { isTopic, type TopicState } from "../directory/topic.ts";
import { liveGeneration, readCursor } from "./directory.ts";
import {
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
export interface ListedGroup {
  readonly group: GroupState;
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
  const groups: ListedGroup[] = [];
  let looked = 0;
  let last: Place | undefined;
  for await (const { place, row } of placedRows(kv, { keys, query })) {
    last = place;
    looked++;
    if (row !== null && await isListed(row, { kv, keys, query })) {
      const { group, knownMembers } = row.row;
      groups.push({ group, knownMembers });
    }
    if (groups.length === query.limit || looked === PAGE_MAX_ROWS) {
      return { groups, next: last, through };
    }
  }
  return { groups, next: undefined, through };
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
  const { row: { group, knownMembers }, versionstamp } = placed;
  return { group, knownMembers, versionstamp, through };
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

function isWanted(group: GroupState, query: GroupQuery): boolean {
  const { app, owner, type, state, notState } = query;
  return (app === undefined || group.app === app) &&
    (owner === undefined || ownerOf(group) === owner) &&
    (type === undefined || typeOf(group) === type) &&
    (state === undefined || stateOf(group) === state) &&
    (notState === undefined || stateOf(group) !== notState) &&
    isNamed(group, query) && isInTime(group, query);
}

function isNamed(group: GroupState, { name }: GroupQuery): boolean {
  return name === undefined ||
    (nameOf(group) ?? "").toLowerCase().startsWith(name.toLowerCase());
}

function isInTime(group: GroupState, query: GroupQuery): boolean {
  const { createdAfterMs, createdBeforeMs, changedAfterMs = 0 } = query;
  const createdMs = createdAtMs(group);
  return changedAtMs(group) >= changedAfterMs &&
    (createdAfterMs === undefined || (createdMs ?? -1) >= createdAfterMs) &&
    (createdBeforeMs === undefined ||
      (createdMs ?? Infinity) < createdBeforeMs);
}

/** Which members or topics of a group to list. */
export interface PartQuery extends GroupRef {
  /** The last ID of the page before. */
  readonly after?: string | undefined;
  /** How the ID begins. */
  readonly prefix?: string | undefined;
  readonly limit: number;
}

/** Members or topics by ID. */
export interface PartPage<T> {
  readonly items: readonly { readonly id: string; readonly state: T }[];
  /** Where to go on; undefined at the end. */
  readonly next: string | undefined;
}

/** A page of a group's members, by user ID; null for a group that nobody has heard of. */
export async function listMembers(
  kv: ReadableKv,
  query: PartQuery,
): Promise<PartPage<MemberState> & { readonly group: GroupState } | null> {
  const keys = directoryKeys(await liveGeneration(kv));
  const [placed] = await readRows(kv, { keys, refs: [query] });
  if (!placed) return null;
  const { group, members } = placed.row;
  const startMs = lifeStartMs(group);
  const isShown = (state: MemberState) => isMember(state, startMs);
  const entries = members === undefined
    ? keptParts(kv, {
      prefix: keys.parts("members", query),
      query,
      decode: decodeMember,
    })
    : inlineMembers(members, query);
  return { group, ...await pageOf(entries, { isShown, query }) };
}

/** A page of a group's topics, by topic ID; null for a group that nobody has heard of. */
export async function listTopics(
  kv: ReadableKv,
  query: PartQuery,
): Promise<PartPage<TopicState> & { readonly group: GroupState } | null> {
  const keys = directoryKeys(await liveGeneration(kv));
  const [placed] = await readRows(kv, { keys, refs: [query] });
  if (!placed) return null;
  const { group } = placed.row;
  const startMs = lifeStartMs(group);
  const isShown = (state: TopicState) => isTopic(state, startMs);
  const prefix = keys.parts("topics", query);
  const entries = keptParts(kv, { prefix, query, decode: decodeTopic });
  return { group, ...await pageOf(entries, { isShown, query }) };
}

type PartEntry<T> = readonly [id: string, state: T];

async function pageOf<T>(
  entries: AsyncIterable<PartEntry<T>> | Iterable<PartEntry<T>>,
  { isShown, query: { limit } }: {
    readonly isShown: (state: T) => boolean;
    readonly query: PartQuery;
  },
): Promise<PartPage<T>> {
  const items: { id: string; state: T }[] = [];
  let looked = 0;
  for await (const [id, state] of entries) {
    if (isShown(state)) items.push({ id, state });
    if (items.length === limit || ++looked === PAGE_MAX_ROWS) {
      return { items, next: id };
    }
  }
  return { items, next: undefined };
}

function inlineMembers(
  members: ReadonlyMap<string, MemberState>,
  { after, prefix = "" }: PartQuery,
): PartEntry<MemberState>[] {
  return [...members]
    .filter(([id]) =>
      id.startsWith(prefix) && (after === undefined || id > after)
    )
    .sort(([one], [other]) => one < other ? -1 : 1);
}

async function* keptParts<T>(
  kv: ReadableKv,
  { prefix, query, decode }: {
    readonly prefix: Deno.KvKey;
    readonly query: PartQuery;
    readonly decode: (text: string) => T;
  },
): AsyncGenerator<PartEntry<T>> {
  const { after, prefix: begin = "" } = query;
  const first = after === undefined || after < begin ? begin : `${after}\0`;
  const bounds = { batchSize: BATCH_ROWS };
  const list = kv.list<string>({ prefix, start: [...prefix, first] }, bounds);
  for await (const { key, value } of list) {
    const id = String(key.at(-1));
    if (!id.startsWith(begin)) return;
    yield [id, decode(value)];
  }
}

/** Which events of a group to list. */
export interface TimelineQuery extends GroupRef {
  /** The last number of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The numbers of a group's events, the newest first. */
export interface TimelinePage {
  readonly seqs: readonly number[];
  /** Where to go on; undefined at the end. */
  readonly next: number | undefined;
}

/** A page of a group's timeline; null for a group that nobody has heard of. */
export async function listTimeline(
  kv: ReadableKv,
  query: TimelineQuery,
): Promise<TimelinePage | null> {
  const keys = directoryKeys(await liveGeneration(kv));
  const [placed] = await readRows(kv, { keys, refs: [query] });
  if (!placed) return null;
  const { before = Infinity, limit } = query;
  const seqs: number[] = [];
  for await (const chunk of timelineOf(kv, { keys, query, row: placed.row })) {
    for (const seq of chunk.toReversed()) {
      if (seq >= before) continue;
      seqs.push(seq);
      if (seqs.length === limit) return { seqs, next: seq };
    }
  }
  return { seqs, next: undefined };
}

async function* timelineOf(
  kv: ReadableKv,
  { keys, query, row }: {
    readonly keys: DirectoryKeys;
    readonly query: TimelineQuery;
    readonly row: PlacedRow["row"];
  },
): AsyncGenerator<readonly number[]> {
  yield row.timeline;
  const prefix = keys.parts("timelines", query);
  const end = [...prefix, query.before ?? Infinity];
  const bounds = { reverse: true, batchSize: 4 };
  for await (const { value } of kv.list<number[]>({ prefix, end }, bounds)) {
    yield value;
  }
}
