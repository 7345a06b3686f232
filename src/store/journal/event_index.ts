import type { EventMeta } from "../../base/event.ts";
import { INDEX_PREFIX, indexKey } from "../kv/keys.ts";
import type { KvEntry, ReadableKv } from "../kv/kv.ts";
import { type EventFilter, isCommand } from "./filter.ts";

/*
 * The index tells of each block of BLOCK_EVENTS consecutive numbers which commands and groups its events
 * can have, so that a search for a rare one passes over the others unread. A block without a row is
 * looked through. Blocks are so small that their rows stay below 960 bytes: SQLite gives a larger value
 * 4.7 kB.
 */

/** Events that one row covers: block 0 holds the numbers 1 to BLOCK_EVENTS. */
export const BLOCK_EVENTS = 512;

/** Index entry of a block: the commands and groups that its events may have. */
export interface IndexRow {
  /** Their command words; undefined when there are too many to list. */
  readonly commands: readonly string[] | undefined;
  /** Their groups, as a Bloom filter: it never misses one, and names one too many in a hundred. */
  readonly groups: Uint8Array;
}

/** Numbers that follow one another, both ends included, and whether the filter's events can be there. */
export interface SearchRange {
  readonly from: number;
  readonly to: number;
  readonly mayHold: boolean;
}

/** Words that a row lists: a sender of junk must not make it large. */
const MAX_COMMANDS = 64;

/** Bits for each group, and how many of them one group sets: one wrong answer in a hundred. */
const BITS_PER_GROUP = 10;
const BITS_SET = 7;

/** Rows of the first read, of the later ones, and of one search. */
const FIRST_ROWS = 4;
const LAST_ROWS = 128;
const SEARCH_MAX_ROWS = 4_096;

/** The block that holds a number. */
export function blockOf(seq: number): number {
  return Math.floor((seq - 1) / BLOCK_EVENTS);
}

/** The row of a block with these events. */
export function indexRowOf(
  events: Iterable<Pick<EventMeta, "command" | "group">>,
): IndexRow {
  const commands = new Set<string>();
  const names = new Set<string>();
  for (const { command, group } of events) {
    commands.add(command);
    if (group !== undefined) names.add(group);
  }
  const groups = new Uint8Array(Math.ceil(names.size * BITS_PER_GROUP / 8));
  for (const name of names) {
    for (const bit of bitsOf(name, groups.length * 8)) {
      groups[bit >> 3] = (groups[bit >> 3] ?? 0) | 1 << (bit & 7);
    }
  }
  const isLong = commands.size > MAX_COMMANDS;
  return { commands: isLong ? undefined : [...commands], groups };
}

/** True when a block with this row can hold events that the filter lets through. */
export function mayHold(row: IndexRow, filter: EventFilter): boolean {
  const { command, group } = filter;
  const { commands, groups } = row;
  const hasCommand = command === undefined || commands === undefined ||
    commands.some((word) => isCommand(word, command));
  return hasCommand && (group === undefined || mayHoldGroup(groups, group));
}

/**
 * Splits a range into those that can hold what the filter lets through and those that cannot, in
 * order, or from its end. A search that meets SEARCH_MAX_ROWS rows ends before the range does.
 */
export async function* searchRanges(
  kv: ReadableKv,
  filter: EventFilter,
  { from, to, reverse = false }: {
    readonly from: number;
    readonly to: number;
    readonly reverse?: boolean;
  },
): AsyncGenerator<SearchRange> {
  const isIndexed = filter.command !== undefined || filter.group !== undefined;
  let rest = { from, to };
  let rows = FIRST_ROWS;
  for (let count = 0; isIndexed && count < SEARCH_MAX_ROWS;) {
    const entries = await readRows(kv, { ...rest, rows, reverse });
    for (const { key, value } of entries) {
      const block = within(rest, Number(key.at(-1)));
      const unknown = reverse
        ? { from: block.to + 1, to: rest.to }
        : { from: rest.from, to: block.from - 1 };
      if (unknown.from <= unknown.to) yield { ...unknown, mayHold: true };
      yield { ...block, mayHold: mayHold(value, filter) };
      rest = reverse
        ? { from, to: block.from - 1 }
        : { from: block.to + 1, to };
    }
    count += entries.length;
    if (rest.from > rest.to) return;
    if (entries.length < rows) break;
    if (count >= SEARCH_MAX_ROWS) return;
    rows = Math.min(rows * 4, LAST_ROWS);
  }
  if (rest.from <= rest.to) yield { ...rest, mayHold: true };
}

/** The last block that has a row; undefined while none has. */
export async function lastIndexedBlock(
  kv: ReadableKv,
): Promise<number | undefined> {
  const list = kv.list({ prefix: INDEX_PREFIX }, { limit: 1, reverse: true });
  for await (const { key } of list) return Number(key.at(-1));
  return undefined;
}

async function readRows(
  kv: ReadableKv,
  { from, to, rows, reverse }: {
    readonly from: number;
    readonly to: number;
    readonly rows: number;
    readonly reverse: boolean;
  },
): Promise<KvEntry<IndexRow>[]> {
  const range = {
    start: indexKey(blockOf(from)),
    end: indexKey(blockOf(to) + 1),
  };
  const options = { limit: rows, batchSize: rows, reverse };
  return await Array.fromAsync(kv.list<IndexRow>(range, options));
}

/** The numbers of a block that lie in a range. */
function within(
  range: { readonly from: number; readonly to: number },
  block: number,
): { from: number; to: number } {
  return {
    from: Math.max(range.from, block * BLOCK_EVENTS + 1),
    to: Math.min(range.to, (block + 1) * BLOCK_EVENTS),
  };
}

function mayHoldGroup(groups: Uint8Array, name: string): boolean {
  if (groups.length === 0) return false;
  return bitsOf(name, groups.length * 8)
    .every((bit) => ((groups[bit >> 3] ?? 0) & 1 << (bit & 7)) !== 0);
}

/** The bits of a name, from two hashes of it. */
function bitsOf(name: string, size: number): number[] {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  const first = mixed(hash);
  const step = mixed(first + 0x9e3779b9);
  return Array.from(
    { length: BITS_SET },
    (_, index) => (first + index * step) % size,
  );
}

/** Spreads every bit of a 32-bit number over all others (the end of MurmurHash3). */
function mixed(hash: number): number {
  let bits = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  bits = Math.imul(bits ^ bits >>> 13, 0xc2b2ae35);
  return (bits ^ bits >>> 16) >>> 0;
}
