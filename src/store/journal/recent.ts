import type { EventRecord } from "../../base/event.ts";
import { concat, decodePack, itemCountOf, recordOf } from "./pack.ts";
import type { Write } from "./packer.ts";

/** A pack as it was committed, with the parts of its item where that was spilled. */
interface RecentPack {
  readonly first: number;
  readonly last: number;
  readonly value: Uint8Array;
  readonly parts: Uint8Array[];
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

/** How long they are kept, ms: what a purge in another process removed is not shown for longer. */
const RECENT_MAX_AGE_MS = 60_000;

/** Rough memory cost of a pack beside its bytes. */
const OVERHEAD_BYTES = 256;

/**
 * The packs committed last, in memory, for readers at the journal's end.
 *
 * Invariant: they hold consecutive numbers from `first` to `last`. Commits of other processes may be
 * missing at the end, never in between: what does not follow the last pack begins anew.
 */
export class RecentPacks {
  #packs: RecentPack[] = [];
  #bytes = 0;
  #maxBytes: number;
  #maxAgeMs: number;
  #now: () => number;

  constructor(options: RecentOptions = {}) {
    this.#maxBytes = options.maxBytes ?? RECENT_MAX_BYTES;
    this.#maxAgeMs = options.maxAgeMs ?? RECENT_MAX_AGE_MS;
    this.#now = options.now ?? (() => performance.now());
  }

  /** The last number kept here; undefined while there is none. */
  get last(): number | undefined {
    return this.#packs.at(-1)?.last;
  }

  /** Copies the journal's packs and parts among the values that a commit has set. */
  add(writes: readonly Write[]): void {
    for (const { key: [sequence, number, part], value } of writes) {
      if (sequence !== "journal") continue;
      if (part === undefined) this.#addPack(Number(number), value);
      else this.#addPart(Number(number), value);
    }
    while (this.#bytes > this.#maxBytes) this.#dropOldest();
  }

  /** Drops everything: records have been removed from the store. */
  clear(): void {
    this.#packs = [];
    this.#bytes = 0;
  }

  /** The records behind `after`; undefined where the first of them is not kept here. */
  behind(after: number): Iterable<EventRecord> | undefined {
    this.#dropOld();
    const at = this.#indexOf(after + 1);
    return at === undefined ? undefined : recordsBehind(this.#packs, after, at);
  }

  #addPack(first: number, value: Uint8Array): void {
    const last = first + itemCountOf(value) - 1;
    const end = this.last ?? first - 1;
    if (last <= end) return;
    if (first !== end + 1) this.clear();
    this.#bytes += value.length + OVERHEAD_BYTES;
    this.#packs.push({
      first,
      last,
      // The Writer uses the memory of its packs again.
      value: value.slice(),
      parts: [],
      committedAtMs: this.#now(),
    });
  }

  /** A part lies behind the pack of its item. */
  #addPart(number: number, value: Uint8Array): void {
    const pack = this.#packs.at(-1);
    if (pack?.first !== number) return;
    pack.parts.push(value.slice());
    this.#bytes += value.length;
  }

  #dropOld(): void {
    const untilMs = this.#now() - this.#maxAgeMs;
    while ((this.#packs[0]?.committedAtMs ?? Infinity) < untilMs) {
      this.#dropOldest();
    }
  }

  #dropOldest(): void {
    const pack = this.#packs.shift();
    if (pack === undefined) return;
    const { value, parts } = pack;
    this.#bytes -= value.length + OVERHEAD_BYTES;
    for (const part of parts) this.#bytes -= part.length;
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

function* recordsBehind(
  packs: readonly RecentPack[],
  after: number,
  from: number,
): Generator<EventRecord> {
  for (const pack of packs.slice(from)) {
    for (const record of pack.records ??= decode(pack)) {
      if (record.seq > after) yield record;
    }
  }
}

function decode({ first, value, parts }: RecentPack): EventRecord[] {
  return decodePack(first, value).items.map((item) =>
    recordOf(item, item.payload ?? concat(parts))
  );
}
