import type { QuarantineMeta } from "../../base/event.ts";
import { logger } from "../../base/log.ts";
import { decodePack, type PackedItem, splitPayload } from "../journal/pack.ts";
import { MissingPartError, readPayloadStart } from "../journal/scan.ts";
import { packKey, partKey, QUARANTINE_PREFIX } from "../kv/keys.ts";
import type { KvKey, ReadableKv } from "../kv/kv.ts";
import { QUARANTINE_MAX_PER_APP } from "../kv/limits.ts";

/** One quarantined item without its body: enough to find, count and remove it. */
export interface IndexedItem
  extends
    Pick<PackedItem, "number" | "app" | "receivedAtMs" | "partCount">,
    Pick<QuarantineMeta, "code" | "reason"> {}

/** The items of one app that were set aside for one reason. */
export interface QuarantineTotal extends Omit<IndexedItem, "partCount"> {
  readonly count: number;
  /** Of the newest one. */
  readonly number: number;
  /** Of the newest one, Unix ms. */
  readonly receivedAtMs: number;
}

/** A filter of quarantined items; absent fields do not narrow. */
export interface QuarantineFilter {
  /** SDKAppID. */
  readonly app?: number | undefined;
  readonly code?: number | undefined;
  /** The reason as text, or its code in digits. */
  readonly reason?: string | undefined;
  /** Only items received before this time, Unix ms. */
  readonly beforeMs?: number | undefined;
  /** Only items with a lower number. */
  readonly before?: number | undefined;
  /** Only items with a higher number. */
  readonly after?: number | undefined;
}

/** Settings of a QuarantineIndex, for tests. */
export interface QuarantineIndexOptions {
  /** @default {QUARANTINE_MAX_PER_APP} */
  readonly maxPerApp?: number | undefined;
  readonly now?: () => number;
}

/** The least time between two log lines about evicted items, ms. */
const LOG_EVERY_MS = 60_000;

const log = logger("store");

/**
 * The quarantined items, per app and reason, oldest first: kept in memory, read again at every start.
 *
 * An app may have `maxPerApp` of them. When more come, the oldest item of the reason that has most
 * leaves. So a flood of one reason pushes out its own items only, as long as every other reason has no
 * more than its equal share.
 */
export class QuarantineIndex {
  #items = new Map<number, IndexedItem>();
  /** By app, then by reason: the numbers in ascending order. */
  #byApp = new Map<number, Map<string, Set<number>>>();
  #maxPerApp: number;
  #now: () => number;
  #evicted = new Map<number, number>();
  #loggedAtMs = -Infinity;

  constructor(options: QuarantineIndexOptions = {}) {
    this.#maxPerApp = options.maxPerApp ?? QUARANTINE_MAX_PER_APP;
    this.#now = options.now ?? Date.now;
  }

  /** The number of items of all apps. */
  get size(): number {
    return this.#items.size;
  }

  /** Number of items pushed out by newer ones since the start, by code. */
  get evicted(): ReadonlyMap<number, number> {
    return this.#evicted;
  }

  /** The item with this number. */
  get(number: number): IndexedItem | undefined {
    return this.#items.get(number);
  }

  /** The items that a filter lets through, oldest first. */
  select(filter: QuarantineFilter): IndexedItem[] {
    return [...this.#items.values()].filter((item) => isWanted(item, filter));
  }

  /** Number of items of each app and reason, most first. */
  totals(): QuarantineTotal[] {
    const totals: QuarantineTotal[] = [];
    for (const [app, byReason] of this.#byApp) {
      for (const [reason, numbers] of byReason) {
        const newest = this.#items.get(Math.max(...numbers));
        if (newest === undefined) continue;
        const { code, number, receivedAtMs } = newest;
        const count = numbers.size;
        totals.push({ app, code, reason, count, number, receivedAtMs });
      }
    }
    return totals.toSorted((a, b) => b.count - a.count);
  }

  /** Adds an item that is newer than all others, or replaces one that is known. */
  add(
    { number, app, receivedAtMs, partCount, code, reason }: IndexedItem,
  ): void {
    const old = this.#items.get(number);
    if (old !== undefined) this.#leaveReason(old);
    const item = { number, app, receivedAtMs, partCount, code, reason };
    this.#items.set(number, item);
    const byReason = this.#byApp.get(app) ?? new Map<string, Set<number>>();
    const numbers = byReason.get(reason) ?? new Set<number>();
    this.#byApp.set(app, byReason.set(reason, numbers.add(number)));
  }

  /** Forgets an item, if it is known. */
  remove({ number }: Pick<IndexedItem, "number">): void {
    const item = this.#items.get(number);
    if (item === undefined) return;
    this.#items.delete(number);
    this.#leaveReason(item);
  }

  /** Forgets items that newer ones have pushed out; counts them, and says so in the log. */
  evict(items: readonly IndexedItem[]): void {
    const [first] = items;
    if (first === undefined) return;
    for (const item of items) {
      this.remove(item);
      this.#evicted.set(item.code, (this.#evicted.get(item.code) ?? 0) + 1);
    }
    if (this.#now() - this.#loggedAtMs < LOG_EVERY_MS) return;
    this.#loggedAtMs = this.#now();
    const { app, code, reason } = first;
    log.warn("Quarantine is full: the oldest items leave", {
      app,
      code,
      reason,
      evicted: Object.fromEntries(this.#evicted),
    });
  }

  /** Forgets items beyond the bound: another process has removed them. */
  trim(): void {
    for (const app of this.#byApp.keys()) {
      for (const item of this.#overflowOf(app, [])) this.remove(item);
    }
  }

  /** Forgets every item, and takes these instead. */
  replace(items: Iterable<IndexedItem>): void {
    this.#items.clear();
    this.#byApp.clear();
    for (const item of items) this.add(item);
  }

  /** The items that must leave so that these have room. */
  overflow(
    arriving: readonly Pick<IndexedItem, "app" | "reason">[],
  ): IndexedItem[] {
    const byApp = Map.groupBy(arriving, ({ app }) => app);
    return [...byApp].flatMap(([app, items]) =>
      this.#overflowOf(app, items.map(({ reason }) => reason))
    );
  }

  #overflowOf(app: number, arriving: readonly string[]): IndexedItem[] {
    const shares = new Map<string, Share>();
    for (const [reason, numbers] of this.#byApp.get(app) ?? []) {
      shares.set(reason, { count: numbers.size, oldest: numbers.values() });
    }
    for (const reason of arriving) {
      const share = shares.get(reason);
      if (share !== undefined) share.count++;
      else shares.set(reason, { count: 1, oldest: [].values() });
    }
    let surplus = -this.#maxPerApp;
    for (const { count } of shares.values()) surplus += count;
    const leaving: IndexedItem[] = [];
    const reasons = new Set(arriving);
    while (surplus > 0 && shares.size > 0) {
      const [reason, share] = largestOf(shares, reasons);
      const { value: number } = share.oldest.next();
      const item = number && this.#items.get(number);
      // All that is left of this reason is arriving.
      if (!item) shares.delete(reason);
      else {
        leaving.push(item);
        share.count--;
        surplus--;
      }
    }
    return leaving;
  }

  #leaveReason({ app, reason, number }: IndexedItem): void {
    const byReason = this.#byApp.get(app);
    const numbers = byReason?.get(reason);
    numbers?.delete(number);
    if (numbers?.size === 0) byReason?.delete(reason);
  }
}

/** The items of one reason. */
interface Share {
  count: number;
  readonly oldest: IterableIterator<number>;
}

/** The reason with most items; among equals one that is arriving. */
function largestOf(
  shares: ReadonlyMap<string, Share>,
  arriving: ReadonlySet<string>,
): [string, Share] {
  return [...shares].reduce((largest, one) => {
    const more = one[1].count - largest[1].count;
    return more > 0 || (more === 0 && arriving.has(one[0])) ? one : largest;
  });
}

function isWanted(item: IndexedItem, filter: QuarantineFilter): boolean {
  const { app, code, reason, beforeMs, before, after } = filter;
  return (app === undefined || item.app === app) &&
    (code === undefined || item.code === code) &&
    (reason === undefined || item.reason === reason ||
      String(item.code) === reason) &&
    (beforeMs === undefined || item.receivedAtMs < beforeMs) &&
    (before === undefined || item.number < before) &&
    (after === undefined || item.number > after);
}

/** Every key a quarantined item lies under. */
export function quarantineKeys(
  item: Pick<IndexedItem, "number" | "partCount">,
): KvKey[] {
  const parts = Array.from(
    { length: item.partCount },
    (_, part) => partKey("quarantine", item.number, part),
  );
  return [packKey("quarantine", item.number), ...parts];
}

/** The index of what the store's quarantine holds. */
export async function recallQuarantineIndex(
  kv: ReadableKv,
  options: QuarantineIndexOptions = {},
): Promise<QuarantineIndex> {
  const quarantineIndex = new QuarantineIndex(options);
  const entries = kv.list<Uint8Array>({ prefix: QUARANTINE_PREFIX });
  for await (const { key, value } of entries) {
    if (key.length > 2) continue;
    for (const packed of decodePack(Number(key[1]), value).items) {
      const item = await indexedItem(kv, packed);
      if (item !== undefined) quarantineIndex.add(item);
    }
  }
  return quarantineIndex;
}

/** A packed item as the index holds it; undefined when it has just been removed. */
export async function indexedItem(
  kv: ReadableKv,
  packed: PackedItem,
): Promise<IndexedItem | undefined> {
  try {
    const start = await readPayloadStart(kv, "quarantine", packed);
    const { meta } = splitPayload(start, packed.metaLength);
    return { ...packed, ...reasonOf(meta) };
  } catch (error) {
    if (error instanceof MissingPartError) return undefined;
    throw error;
  }
}

/** The code and reason that the meta of a quarantined item tells. */
export function reasonOf(meta: string): Pick<IndexedItem, "code" | "reason"> {
  // Only this program writes packs, and decodePack has checked the format.
  const { code, reason } = JSON.parse(meta) as QuarantineMeta;
  return { code, reason };
}
