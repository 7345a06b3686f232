import * as v from "valibot";
import { DEFAULT_LIMIT } from "./params.ts";
import { keyAt, keyCursor } from "./page_cursor.ts";

/** Continues a list: the `cursor` of the next page, absent on the last one. */
const NEXT = v.optional(
  v.pipe(
    v.string(),
    v.description("The `cursor` of the next page; absent on the last one"),
  ),
);

/** The entries of a page: its items, and where the list goes on. */
export function pageEntries<Item extends v.GenericSchema>(item: Item): {
  readonly items: v.ArraySchema<Item, undefined>;
  readonly next: typeof NEXT;
} {
  return { items: v.array(item), next: NEXT };
}

/** One page of a whole list, which is sorted by `keyOf`. */
export function pageOf<T>(
  all: readonly T[],
  { cursor, limit = DEFAULT_LIMIT, keyOf }: {
    /** The `next` of the page before. */
    readonly cursor?: string | undefined;
    readonly limit?: number | undefined;
    readonly keyOf: (item: T) => string;
  },
): { readonly items: readonly T[]; readonly next?: string } {
  const behind = cursor === undefined ? undefined : keyAt(cursor);
  const left = behind === undefined
    ? all
    : all.filter((item) => keyOf(item) > behind);
  const items = left.slice(0, limit);
  const last = items.at(-1);
  const hasMore = last !== undefined && left.length > limit;
  return { items, ...hasMore && { next: keyCursor(keyOf(last)) } };
}
