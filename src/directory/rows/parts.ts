import type { KvKey, ReadableKv } from "../../store/kv/kv.ts";
import { type KeptText, textOfKept } from "../../store/kv/size.ts";
import { MAX_GROUP_ID_BYTES } from "../fold/bounds.ts";
import { decodeMember, decodeTopic } from "../fold/codec.ts";
import type { GroupState } from "../fold/group.ts";
import { lifeSpan } from "../fold/life.ts";
import { isMember, type MemberState } from "../fold/member.ts";
import { isMemberless, memberSpan } from "../fold/standing.ts";
import { isTopic, type TopicState } from "../fold/topic.ts";
import { readLive } from "./generation.ts";
import type { DirectoryKeys, GroupRef } from "./keys.ts";
import { PAGE_MAX_ROWS } from "./limits.ts";
import { findRow, type GroupRow } from "./row.ts";

/** Entries that one read takes. */
const BATCH_ENTRIES = 100;

/** A query for the members or topics of a group. */
export interface PartQuery extends GroupRef {
  /** The last ID of the page before. */
  readonly after?: string | undefined;
  /** The beginning of the ID. */
  readonly prefix?: string | undefined;
  readonly limit: number;
}

/** Members or topics by ID. */
export interface PartPage<T> {
  readonly items: readonly { readonly id: string; readonly state: T }[];
  /** The `after` of the next page; undefined at the end. */
  readonly next: string | undefined;
}

/** A page of a group's members, by user ID; null for a group that nobody has heard of. */
export async function listMembers(
  kv: ReadableKv,
  query: PartQuery,
): Promise<PartPage<MemberState> & { readonly group: GroupState } | null> {
  return await readLive(kv, async (keys) => {
    const placed = await findRow(kv, { keys, ref: query });
    if (placed === null) return null;
    const { group } = placed.row;
    const span = memberSpan(group);
    const isShown = (state: MemberState) => isMember(state, span);
    const entries = keptMembers(kv, { keys, row: placed.row, query });
    return { group, ...await partPage(entries, { isShown, query }) };
  });
}

/** A page of a group's topics, by topic ID; null for a group that nobody has heard of. */
export async function listTopics(
  kv: ReadableKv,
  query: PartQuery,
): Promise<PartPage<TopicState> & { readonly group: GroupState } | null> {
  return await readLive(kv, async (keys) => {
    const placed = await findRow(kv, { keys, ref: query });
    if (placed === null) return null;
    const { group } = placed.row;
    const span = lifeSpan(group.life);
    const isShown = (state: TopicState) => isTopic(state, span);
    const prefix = keys.parts("topics", query);
    const decode = (kept: KeptText) => decodeTopic(textOfKept(kept));
    const entries = keptParts(kv, { prefix, query, decode });
    return { group, ...await partPage(entries, { isShown, query }) };
  });
}

/** The kept members in order; empty for AVChatRoom, even if members were recorded earlier. */
function keptMembers(
  kv: ReadableKv,
  { keys, row: { group, members }, query }: {
    readonly keys: DirectoryKeys;
    readonly row: GroupRow;
    readonly query: PartQuery;
  },
): AsyncIterable<PartEntry<MemberState>> | PartEntry<MemberState>[] {
  if (isMemberless(group)) return [];
  if (members !== undefined) return inlineMembers(members, query);
  const prefix = keys.parts("members", query);
  return keptParts(kv, { prefix, query, decode: decodeMember });
}

type PartEntry<T> = readonly [id: string, state: T];

async function partPage<T>(
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

async function* keptParts<T, Kept>(
  kv: ReadableKv,
  { prefix, query, decode }: {
    readonly prefix: KvKey;
    readonly query: PartQuery;
    readonly decode: (kept: Kept) => T;
  },
): AsyncGenerator<PartEntry<T>> {
  const { after, prefix: begin = "" } = query;
  const first = after === undefined || after < begin ? begin : `${after}\0`;
  // No key can hold a longer ID, nor the store look for one.
  if (first.length > MAX_GROUP_ID_BYTES + 1) return;
  const bounds = { batchSize: BATCH_ENTRIES };
  const list = kv.list<Kept>({ prefix, start: [...prefix, first] }, bounds);
  for await (const { key, value } of list) {
    const id = String(key.at(-1));
    if (!id.startsWith(begin)) return;
    yield [id, decode(value)];
  }
}
