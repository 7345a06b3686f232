import type { KvKey } from "../../store/kv/kv.ts";
import type { KvEntry, ReadableKv } from "../../store/kv/kv.ts";
import { type KeptText, textOfKept } from "../../store/kv/size.ts";
import { decodeField, decodeMember } from "../fold/codec.ts";
import { isAlive } from "../fold/group.ts";
import { lifeStartMs } from "../fold/life.ts";
import { isOfLife } from "../fold/member.ts";
import {
  type DirectoryKeys,
  type KeyedField,
  placeOfKey,
} from "../rows/keys.ts";
import { UNFOLDED_MAX } from "../rows/limits.ts";
import { readRows } from "../rows/row.ts";
import type { DirectoryWriter, Mutation } from "../rows/writer.ts";

/** An older life to be swept: its owner, and the last member removed so far. */
interface Leftover {
  readonly owner?: string | undefined;
  readonly after?: string | undefined;
}

/** Members that one step removes: two keys each. */
const STEP_MEMBERS = 40;

/** The options of sweepSome(). */
export interface LifeSweepOptions {
  readonly kv: ReadableKv;
  readonly writer: DirectoryWriter;
}

/**
 * Removes some of what nobody sees any more: members of lives that ended, fields that count no more, and the
 * oldest notes of records that could not be folded. Says whether there may be more.
 */
export async function sweepSome(options: LifeSweepOptions): Promise<boolean> {
  const { kv, writer } = options;
  if (writer.isSwept) return false;
  const { leftovers, staleFields } = writer.keys;
  for await (const entry of firstOf<Leftover>(kv, leftovers)) {
    await writer.commit([{ mutations: await sweepMembers(entry, options) }]);
    return true;
  }
  for await (const entry of firstOf<StaleFields>(kv, staleFields)) {
    const mutations = await sweepFields(entry, { kv, keys: writer.keys });
    await writer.commit([{ mutations }]);
    return true;
  }
  if (await sweepUnfolded(options)) return true;
  writer.noteSwept();
  return false;
}

function firstOf<T>(
  kv: ReadableKv,
  prefix: KvKey,
): AsyncIterable<KvEntry<T>> {
  return kv.list<T>({ prefix }, { limit: 1 });
}

/** Mutations that remove the next members of an older life. */
async function sweepMembers(
  { key, value: leftover }: KvEntry<Leftover>,
  { kv, writer: { keys } }: LifeSweepOptions,
): Promise<Mutation[]> {
  const place = placeOfKey(key);
  const { sinceMs: _, ...ref } = place;
  const [placed] = await readRows(kv, { keys, refs: [ref] });
  const startMs = placed ? lifeStartMs(placed.row.group.life) : Infinity;
  const prefix = keys.parts("members", ref);
  const start = leftover.after === undefined
    ? [...prefix, ""]
    : [...prefix, `${leftover.after}\0`];
  const bounds = { limit: STEP_MEMBERS, batchSize: STEP_MEMBERS };
  const mutations: Mutation[] = [];
  let last: string | undefined;
  const list = kv.list<string>({ prefix, start }, bounds);
  let found = 0;
  for await (const { key: memberKey, value } of list) {
    found++;
    last = String(memberKey.at(-1));
    mutations.push({ key: keys.groupByMember(last, place) });
    if (!isOfLife(decodeMember(value), startMs)) {
      mutations.push({ key: memberKey });
    }
  }
  if (found === STEP_MEMBERS) {
    return [...mutations, { key, value: { ...leftover, after: last } }];
  }
  return [...mutations, { key }, ...delisted(leftover, { keys, place })];
}

function delisted(
  { owner }: Leftover,
  { keys, place }: {
    readonly keys: DirectoryKeys;
    readonly place: ReturnType<typeof placeOfKey>;
  },
): Mutation[] {
  return owner === undefined ? [] : [{ key: keys.groupByMember(owner, place) }];
}

/** Keeps the newest notes. */
async function sweepUnfolded(
  { kv, writer }: LifeSweepOptions,
): Promise<boolean> {
  const bounds = { limit: UNFOLDED_MAX + 1, reverse: true };
  const mutations: Mutation[] = [];
  let seen = 0;
  for await (
    const { key } of kv.list({ prefix: writer.keys.unfolded }, bounds)
  ) {
    if (++seen > UNFOLDED_MAX) mutations.push({ key });
  }
  if (mutations.length === 0) return false;
  await writer.commit([{ mutations }]);
  return true;
}

/** A group of whose fields some count no more, and how far these are swept. */
export interface StaleFields {
  readonly after?: KeyedField | undefined;
}

/** Fields that one step looks at. */
const STEP_FIELDS = 40;

/** Mutations that remove the next fields of a group that count no more: of before a clear, or of older lives. */
export async function sweepFields(
  { key, value: { after } }: KvEntry<StaleFields>,
  { kv, keys }: { readonly kv: ReadableKv; readonly keys: DirectoryKeys },
): Promise<Mutation[]> {
  const [app, groupId] = key.slice(-2);
  const ref = { app: Number(app), groupId: String(groupId) };
  const [placed] = await readRows(kv, { keys, refs: [ref] });
  if (!placed) return [{ key }];
  const prefix = keys.parts("fields", ref);
  const start = after && keys.field(ref, { ...after, name: `${after.name}\0` });
  const bounds = { limit: STEP_FIELDS, batchSize: STEP_FIELDS };
  const mutations: Mutation[] = [];
  let last: KeyedField | undefined;
  let found = 0;
  const list = kv.list<KeptText>({ prefix, ...start && { start } }, bounds);
  for await (const { key: fieldKey, value } of list) {
    found++;
    last = { isGone: fieldKey.at(-2) === 1, name: String(fieldKey.at(-1)) };
    const [, stamp] = decodeField(textOfKept(value));
    const isStale = !isAlive(placed.row.group, { name: last.name, stamp });
    if (isStale) mutations.push({ key: fieldKey });
  }
  if (found < STEP_FIELDS) return [...mutations, { key }];
  return [...mutations, { key, value: { after: last } }];
}
