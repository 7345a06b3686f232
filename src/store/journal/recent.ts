import type { EventRecord } from "../../base/event.ts";
import { decodePack, itemCountOf, recordOf } from "./pack.ts";
import type { Write } from "./packer.ts";

/** A pack as it was committed: where its bytes lie in the ring, those of its parts right behind them. */
interface RecentPack {
  readonly first: number;
  readonly last: number;
  readonly at: number;
  readonly valueBytes: number;
  /** With its parts. */
  readonly bytes: number;
  readonly committedAtMs: number;
  /** Decoded when the first reader asks, for all that follow. */
  records?: readonly EventRecord[];
}

/** Bounds of what is kept in memory. */
export interface RecentOptions {
  /** @default {RECENT_MAX_BYTES} */
  readonly maxBytes?: number;
  /** @default {RECENT_MAX_AGE_MS} */
  readonly maxAgeMs?: number;
  /** @default {performance.now} */
  readonly now?: () => number;
}

/** Bytes of packs that are kept in memory. */
const RECENT_MAX_BYTES = 4_194_304;

/** Age up to which they are used, ms: events that another process purged are not shown for longer. */
const RECENT_MAX_AGE_MS = 60_000;

/**
 * The packs committed last, in memory, for readers at the journal's end.
 *
 * Their bytes are copied into one ring that is made once: a copy of its own for each pack keeps the
 * garbage collector busy. A pack lies in one piece; what lay there before is dropped, the oldest first.
 *
 * Invariant: they hold consecutive numbers from `first` to `last`. Commits of other processes may be
 * missing at the end, never in between: what does not follow the last pack begins anew.
 */
export class RecentPacks {
  #packs: RecentPack[] = [];
  #ring: Uint8Array;
  /** Where the newest pack ends in the ring. */
  #end = 0;
  #maxAgeMs: number;
  #now: () => number;

  constructor(options: RecentOptions = {}) {
    this.#ring = new Uint8Array(options.maxBytes ?? RECENT_MAX_BYTES);
    this.#maxAgeMs = options.maxAgeMs ?? RECENT_MAX_AGE_MS;
    this.#now = options.now ?? (() => performance.now());
  }

  /** The last number kept here; undefined while there is none. */
  get last(): number | undefined {
    return this.#packs.at(-1)?.last;
  }

  /** Copies the journal's packs and parts among the values that a commit has set. */
  add(writes: readonly Write[]): void {
    for (const [index, { key, value }] of writes.entries()) {
      const [sequence, number, part] = key;
      if (sequence !== "journal" || part !== undefined) continue;
      this.#addPack(Number(number), [value, ...partsBehind(writes, index)]);
    }
  }

  /** Drops everything: records have been removed from the store. */
  clear(): void {
    this.#packs = [];
    this.#end = 0;
  }

  /**
   * The records behind `after`, to be read before anything is added; undefined where the first of them
   * is not kept here.
   */
  behind(after: number): Iterable<EventRecord> | undefined {
    this.#dropOld();
    const at = this.#indexOf(after + 1);
    return at === undefined ? undefined : this.#recordsBehind(after, at);
  }

  #addPack(first: number, values: readonly [Uint8Array, ...Uint8Array[]]) {
    const [value] = values;
    const last = first + itemCountOf(value) - 1;
    const end = this.last ?? first - 1;
    if (last <= end) return;
    if (first !== end + 1) this.clear();
    const bytes = values.reduce((sum, one) => sum + one.length, 0);
    const at = this.#makeRoom(bytes);
    // Too large to be kept: what follows begins anew.
    if (at === undefined) return this.clear();
    this.#packs.push({
      first,
      last,
      at,
      valueBytes: value.length,
      bytes,
      committedAtMs: this.#now(),
    });
    for (const one of values) {
      this.#ring.set(one, this.#end);
      this.#end += one.length;
    }
  }

  /** Where so many bytes may be written, once the packs that lie there are dropped. */
  #makeRoom(bytes: number): number | undefined {
    if (bytes > this.#ring.length) return undefined;
    if (this.#end + bytes > this.#ring.length) {
      // Behind the newest there are only the oldest, from the round before.
      this.#dropWhile(({ at }) => at >= this.#end);
      this.#end = 0;
    }
    const end = this.#end + bytes;
    this.#dropWhile((pack) =>
      pack.at < end && pack.at + pack.bytes > this.#end
    );
    return this.#end;
  }

  #dropOld(): void {
    const untilMs = this.#now() - this.#maxAgeMs;
    this.#dropWhile(({ committedAtMs }) => committedAtMs < untilMs);
  }

  #dropWhile(isToDrop: (oldest: RecentPack) => boolean): void {
    for (;;) {
      const oldest = this.#packs[0];
      if (oldest === undefined || !isToDrop(oldest)) return;
      this.#packs.shift();
    }
  }

  *#recordsBehind(after: number, from: number): Generator<EventRecord> {
    for (const pack of this.#packs.slice(from)) {
      for (const record of pack.records ??= this.#decode(pack)) {
        if (record.seq > after) yield record;
      }
    }
  }

  /** The events of a pack, of bytes of their own: the ring is written again. */
  #decode({ first, at, valueBytes, bytes }: RecentPack): EventRecord[] {
    const copy = this.#ring.slice(at, at + bytes);
    const { items } = decodePack(first, copy.subarray(0, valueBytes));
    const parts = copy.subarray(valueBytes);
    return items.map((item) => recordOf(item, item.payload ?? parts));
  }

  /** The index of the pack that holds a number, by halving. */
  #indexOf(number: number): number | undefined {
    let [low, high] = [0, this.#packs.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const pack = this.#packs[middle];
      if (pack === undefined) return undefined;
      if (number < pack.first) high = middle - 1;
      else if (number > pack.last) low = middle + 1;
      else return middle;
    }
    return undefined;
  }
}

/** The parts of the pack at this index: they lie right behind it. */
function partsBehind(writes: readonly Write[], index: number): Uint8Array[] {
  const behind = writes.slice(index + 1);
  const end = behind.findIndex(({ key }) => key[2] === undefined);
  return behind.slice(0, end < 0 ? behind.length : end)
    .map(({ value }) => value);
}
