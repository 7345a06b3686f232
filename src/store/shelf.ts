import { packKey, partKey } from "./keys.ts";
import { QUARANTINE_MAX_PER_APP } from "./limits.ts";

/** One quarantined item, as far as counting and removing need it. */
export interface ShelfItem {
  readonly number: number;
  readonly app: number;
  readonly partCount: number;
}

/**
 * Which quarantined items there are, per app and oldest first, so that their number stays bounded
 * without a search. Kept in memory; read again at every start.
 */
export class Shelf {
  #byApp = new Map<number, Map<number, ShelfItem>>();
  #maxPerApp: number;

  constructor(options: { readonly maxPerApp?: number | undefined } = {}) {
    this.#maxPerApp = options.maxPerApp ?? QUARANTINE_MAX_PER_APP;
  }

  /** Items of all apps. */
  get size(): number {
    let size = 0;
    for (const items of this.#byApp.values()) size += items.size;
    return size;
  }

  add(item: ShelfItem): void {
    const items = this.#byApp.get(item.app) ?? new Map<number, ShelfItem>();
    items.set(item.number, item);
    this.#byApp.set(item.app, items);
  }

  remove(item: Pick<ShelfItem, "app" | "number">): void {
    this.#byApp.get(item.app)?.delete(item.number);
  }

  /** The oldest items that must leave so that one more of each of `apps` has room. */
  overflow(apps: readonly number[]): ShelfItem[] {
    const leaving: ShelfItem[] = [];
    for (const app of new Set(apps)) {
      const items = this.#byApp.get(app);
      if (items === undefined) continue;
      const arriving = apps.filter((other) => other === app).length;
      const surplus = Math.max(0, items.size + arriving - this.#maxPerApp);
      leaving.push(...[...items.values()].slice(0, surplus));
    }
    return leaving;
  }
}

/** Every key a quarantined item lies under. */
export function shelfKeys(item: ShelfItem): Deno.KvKey[] {
  const parts = Array.from(
    { length: item.partCount },
    (_, part) => partKey("quarantine", item.number, part),
  );
  return [packKey("quarantine", item.number), ...parts];
}
