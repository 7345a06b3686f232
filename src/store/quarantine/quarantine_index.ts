import { decodePack } from "../journal/pack.ts";
import { packKey, partKey, QUARANTINE_PREFIX } from "../kv/keys.ts";
import type { KvKey, ReadableKv } from "../kv/kv.ts";
import { QUARANTINE_MAX_PER_APP } from "../kv/limits.ts";

/** One quarantined item, as far as counting and removing need it. */
export interface IndexedItem {
  readonly number: number;
  readonly app: number;
  readonly partCount: number;
}

/**
 * Which quarantined items there are, per app and oldest first, so that their number stays bounded
 * without a search. Kept in memory; read again at every start.
 */
export class QuarantineIndex {
  #items = new Map<number, IndexedItem>();
  #byApp = new Map<number, Set<number>>();
  #maxPerApp: number;

  constructor(options: { readonly maxPerApp?: number | undefined } = {}) {
    this.#maxPerApp = options.maxPerApp ?? QUARANTINE_MAX_PER_APP;
  }

  /** Items of all apps. */
  get size(): number {
    return this.#items.size;
  }

  get(number: number): IndexedItem | undefined {
    return this.#items.get(number);
  }

  /** Adds an item that is newer than all others. */
  add({ number, app, partCount }: IndexedItem): void {
    this.#items.set(number, { number, app, partCount });
    const numbers = this.#byApp.get(app) ?? new Set<number>();
    this.#byApp.set(app, numbers.add(number));
  }

  remove({ number, app }: Pick<IndexedItem, "app" | "number">): void {
    this.#items.delete(number);
    this.#byApp.get(app)?.delete(number);
  }

  /** The oldest items that must leave so that one more of each of `apps` has room. */
  overflow(apps: readonly number[]): IndexedItem[] {
    const arriving = new Map<number, number>();
    for (const app of apps) arriving.set(app, (arriving.get(app) ?? 0) + 1);
    const leaving: IndexedItem[] = [];
    for (const [app, count] of arriving) {
      const numbers = this.#byApp.get(app) ?? new Set<number>();
      let surplus = numbers.size + count - this.#maxPerApp;
      for (const number of numbers) {
        if (surplus-- <= 0) break;
        const item = this.#items.get(number);
        if (item !== undefined) leaving.push(item);
      }
    }
    return leaving;
  }
}

/** Every key a quarantined item lies under. */
export function quarantineKeys(item: IndexedItem): KvKey[] {
  const parts = Array.from(
    { length: item.partCount },
    (_, part) => partKey("quarantine", item.number, part),
  );
  return [packKey("quarantine", item.number), ...parts];
}

/** The quarantineIndex as it was. */
export async function recallQuarantineIndex(
  kv: ReadableKv,
  options: { readonly maxPerApp?: number | undefined } = {},
): Promise<QuarantineIndex> {
  const quarantineIndex = new QuarantineIndex(options);
  const entries = kv.list<Uint8Array>({ prefix: QUARANTINE_PREFIX });
  for await (const { key, value } of entries) {
    if (key.length > 2) continue;
    for (const item of decodePack(Number(key[1]), value).items) {
      quarantineIndex.add(item);
    }
  }
  return quarantineIndex;
}
