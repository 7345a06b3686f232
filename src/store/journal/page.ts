import type { EventRecord } from "../../base/event.ts";
import type { ReadableKv } from "../kv/kv.ts";
import { PAGE_MAX_BYTES, PAGE_MAX_PACKS } from "../kv/limits.ts";
import { searchRanges } from "./event_index.ts";
import { type EventFilter, isWanted } from "./filter.ts";
import { readHead } from "./head.ts";
import { type PackedItem, recordOf } from "./pack.ts";
import {
  firstKept,
  type JournalRange,
  MissingPartError,
  readPayload,
  scanPacks,
  scanPacksBack,
} from "./scan.ts";
import type { Tail } from "./tail.ts";

/** The first and last number in the journal; `first` is `last + 1` when it is empty. */
export interface Extent {
  readonly first: number;
  readonly last: number;
}

/** Consecutive records of the journal, or why there can be none behind that position. */
export type PageResult =
  | {
    readonly kind: "page";
    readonly records: readonly EventRecord[];
    /** The last number looked at: the `after`, or read backwards the `before`, of the next page. */
    readonly next: number;
  }
  | ({ readonly kind: "behind" } & Extent)
  | ({ readonly kind: "ahead" } & Extent);

/** Settings of a page. */
export interface PageOptions {
  /** The last number the reader has seen; without it the page starts at the first kept. */
  readonly after?: number | undefined;
  readonly limit: number;
  /** @default {PAGE_MAX_BYTES} */
  readonly maxBytes?: number;
  /** Records that do not match are looked at and left out. */
  readonly filter?: EventFilter | undefined;
}

/** A journal to follow: its store, and what was committed last in memory. */
export interface JournalSource {
  readonly reader: ReadableKv;
  readonly tail: Tail;
}

/**
 * A page for a reader that follows the journal: what was just committed comes from memory, what is
 * older from the store. Without `after` it is read from the store.
 */
export async function followPage(
  { reader, tail }: JournalSource,
  options: PageOptions,
): Promise<PageResult> {
  const { after } = options;
  const recent = after === undefined ? undefined : tail.recordsBehind(after);
  if (after === undefined || recent === undefined) {
    return await readPage(reader, options);
  }
  const page = new PageBuilder(after, options);
  for (const record of recent) {
    if (!page.take(record)) break;
  }
  return page.result;
}

/** The numbers that the journal holds now. */
export async function readExtent(kv: ReadableKv): Promise<Extent> {
  const { first, last } = await readBounds(kv);
  return { first, last };
}

/** The numbers that the journal holds now, and the one that it began with. */
async function readBounds(
  kv: ReadableKv,
): Promise<Extent & { readonly began: number }> {
  // The head is read last: what was committed in between would otherwise lie beyond it.
  const first = await firstKept(kv, "journal");
  const { journal: last, began } = await readHead(kv);
  const isKnown = first !== undefined || last === 0;
  if (isKnown) return { first: first ?? 1, last, began };
  // Either everything was purged, or the first record came between the two reads.
  return { first: await firstKept(kv, "journal") ?? last + 1, last, began };
}

/**
 * Reads a page. It ends at `limit` records, at `maxBytes` of bodies (but holds at least one record)
 * or at PAGE_MAX_PACKS packs.
 */
export async function readPage(
  kv: ReadableKv,
  options: PageOptions,
): Promise<PageResult> {
  const { began, ...extent } = await readBounds(kv);
  // Whoever waited before the first number that there ever was has missed nothing.
  const after = Math.max(options.after ?? extent.first - 1, began - 1);
  if (after > extent.last) return { kind: "ahead", ...extent };
  if (after + 1 < extent.first) return { kind: "behind", ...extent };
  const page = new PageBuilder(after, options);
  try {
    await fillPage(kv, { page, after, last: extent.last });
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error;
  }
  if (page.next > after || after === extent.last) return page.result;
  // The first record asked for was there and could not be read: it has been pruned meanwhile.
  const now = await readExtent(kv);
  if (after + 1 < now.first) {
    const isAnywhere = options.after === undefined;
    return isAnywhere
      ? await readPage(kv, options)
      : { kind: "behind", ...now };
  }
  throw new TypeError(`Cannot read journal ${after + 1}: it is missing`);
}

/**
 * Takes what follows `after` until the page is full or the journal ends, or at the first number that
 * is not there: purging may remove packs between two reads, and a page never passes over a gap.
 */
async function fillPage(
  kv: ReadableKv,
  { page, after, last }: {
    readonly page: PageBuilder;
    readonly after: number;
    readonly last: number;
  },
): Promise<void> {
  let packs = 0;
  const whole = { from: after + 1, to: last };
  for await (const range of searchRanges(kv, page.filter, whole)) {
    if (!range.mayHold) {
      page.passTo(range.to);
      continue;
    }
    const { from, to } = range;
    for await (const pack of scanPacks(kv, { sequence: "journal", from, to })) {
      for (const item of pack.items) {
        if (item.number < from || item.number > to) continue;
        if (item.number !== page.next + 1) return;
        if (!await page.takeItem(kv, item)) return;
      }
      if (++packs === PAGE_MAX_PACKS) return;
    }
    if (page.next < to) return;
  }
}

/** Settings of a page that is read backwards. */
export interface PageBackOptions extends Omit<PageOptions, "after"> {
  /** Only lower numbers than this; without it the page starts at the journal's end. */
  readonly before?: number | undefined;
}

/** Reads a page backwards, the newest first; it ends where `readPage` does, or at the first kept. */
export async function readPageBack(
  kv: ReadableKv,
  options: PageBackOptions,
): Promise<PageResult> {
  const { began, ...extent } = await readBounds(kv);
  const { first: from, last } = extent;
  const before = Math.max(options.before ?? last + 1, began);
  if (before > last + 1) return { kind: "ahead", ...extent };
  if (before < from) return { kind: "behind", ...extent };
  const page = new PageBuilder(before, options);
  const range = { sequence: "journal", from, to: before - 1 } as const;
  try {
    await fillPageBack(kv, page, range);
  } catch (error) {
    if (!(error instanceof MissingPartError)) throw error;
  }
  return page.result;
}

/** Takes what lies before `page.next` until the page is full, or at the first number that is gone. */
async function fillPageBack(
  kv: ReadableKv,
  page: PageBuilder,
  range: JournalRange,
): Promise<void> {
  let packs = 0;
  const whole = { ...range, reverse: true };
  for await (const part of searchRanges(kv, page.filter, whole)) {
    if (!part.mayHold) {
      page.passTo(part.from);
      continue;
    }
    const { from, to } = part;
    const packsBack = scanPacksBack(kv, { sequence: "journal", from, to });
    for await (const pack of packsBack) {
      for (const item of pack.items.toReversed()) {
        if (item.number > to || item.number < from) continue;
        if (item.number !== page.next - 1) return;
        if (!await page.takeItem(kv, item)) return;
      }
      if (++packs === PAGE_MAX_PACKS) return;
    }
    if (page.next > from) return;
  }
}

/** Gathers records until a bound is reached. */
class PageBuilder {
  #options: Omit<PageOptions, "after">;
  #records: EventRecord[] = [];
  #bytes = 0;
  #next: number;

  constructor(start: number, options: Omit<PageOptions, "after">) {
    this.#options = options;
    this.#next = start;
  }

  /** The last number looked at. */
  get next(): number {
    return this.#next;
  }

  /** Filter of the records on the page. */
  get filter(): EventFilter {
    return this.#options.filter ?? {};
  }

  get result(): PageResult {
    return { kind: "page", records: this.#records, next: this.#next };
  }

  /** Passes over numbers that hold nothing the page wants. */
  passTo(next: number): void {
    this.#next = next;
  }

  /** Looks at one item of the store, and says whether the page has room for more. */
  async takeItem(kv: ReadableKv, item: PackedItem): Promise<boolean> {
    const { filter = {}, limit } = this.#options;
    if (filter.app === undefined || filter.app === item.app) {
      return this.take(await readRecord(kv, item));
    }
    this.#next = item.number;
    return this.#records.length < limit;
  }

  /** Looks at one record, and says whether the page has room for more. */
  take(record: EventRecord): boolean {
    const { filter = {}, limit, maxBytes = PAGE_MAX_BYTES } = this.#options;
    if (isWanted(record, filter)) {
      this.#bytes += record.body.length;
      if (this.#bytes > maxBytes && this.#records.length > 0) return false;
      this.#records.push(record);
    }
    this.#next = record.seq;
    return this.#records.length < limit;
  }
}

/** The record with this number, or null when the journal does not hold it. */
export async function getRecord(
  kv: ReadableKv,
  seq: number,
): Promise<EventRecord | null> {
  const range = { sequence: "journal", from: seq, to: seq } as const;
  try {
    for await (const pack of scanPacks(kv, range)) {
      const item = pack.items.find(({ number }) => number === seq);
      if (item !== undefined) return await readRecord(kv, item);
    }
  } catch (error) {
    // Pruned between two reads: the journal no longer holds it.
    if (!(error instanceof MissingPartError)) throw error;
  }
  return null;
}

async function readRecord(
  kv: ReadableKv,
  item: PackedItem,
): Promise<EventRecord> {
  return recordOf(item, await readPayload(kv, "journal", item));
}
