import * as v from "valibot";
import { DEFAULT_LIMIT } from "./params.ts";

/** Position in a list of groups: the place of the last group in the order of the list. */
export interface GroupPlace {
  readonly sinceMs: number;
  /** SDKAppID. */
  readonly app: number;
  readonly groupId: string;
}

const EXPECTED = "the `next` of the page before";
const BASE64_OPTIONS = { alphabet: "base64url", omitPadding: true } as const;

const PlaceSchema = v.strictTuple([v.number(), v.number(), v.string()]);
const KeySchema = v.strictTuple([v.string()]);
const NumberSchema = v.strictTuple([v.pipe(v.number(), v.safeInteger())]);

/** Schema of the `cursor` parameter of a list of groups. */
export const PLACE_CURSOR = v.optional(cursorText(PlaceSchema));

/** Schema of the `cursor` parameter of a list of names. */
export const KEY_CURSOR = v.optional(cursorText(KeySchema));

/** Schema of the `cursor` parameter of a list of numbered things. */
export const NUMBER_CURSOR = v.optional(cursorText(NumberSchema));

/** The cursor of a place. */
export function placeCursor({ sinceMs, app, groupId }: GroupPlace): string {
  return encode([sinceMs, app, groupId]);
}

/** The cursor behind a name. */
export function keyCursor(key: string): string {
  return encode([key]);
}

/** The cursor behind a number. */
export function numberCursor(number: number): string {
  return encode([number]);
}

/**
 * The place of a cursor that PLACE_CURSOR has let in.
 *
 * @throws {v.ValiError} for any other text
 */
export function placeAt(cursor: string): GroupPlace {
  const [sinceMs, app, groupId] = v.parse(PlaceSchema, decode(cursor));
  return { sinceMs, app, groupId };
}

/**
 * The name of a cursor that KEY_CURSOR has let in.
 *
 * @throws {v.ValiError} for any other text
 */
export function keyAt(cursor: string): string {
  return v.parse(KeySchema, decode(cursor))[0];
}

/**
 * The number of a cursor that NUMBER_CURSOR has let in.
 *
 * @throws {v.ValiError} for any other text
 */
export function numberAt(cursor: string): number {
  return v.parse(NumberSchema, decode(cursor))[0];
}

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

/** JSON keeps what UTF-8 alone would not, such as half a surrogate pair. */
function encode(value: readonly unknown[]): string {
  return new TextEncoder().encode(JSON.stringify(value))
    .toBase64(BASE64_OPTIONS);
}

function decode(text: string): unknown {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // No cursor of ours: undefined matches no schema.
    return undefined;
  }
}

function cursorText(schema: v.GenericSchema): v.GenericSchema<string> {
  return v.pipe(
    v.string(),
    v.check((text) => v.is(schema, decode(text)), EXPECTED),
    v.description("The `next` of the page before"),
  );
}
