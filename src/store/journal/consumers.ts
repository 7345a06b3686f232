import { consumerKey, CONSUMERS_PREFIX } from "../kv/keys.ts";
import type { Kv, ReadableKv } from "../kv/kv.ts";
import { CONSUMERS_MAX } from "../kv/limits.ts";
import { type Extent, readExtent } from "./page.ts";
import { firstItemSince } from "./seek.ts";

/** A named position in the journal. */
export interface Consumer {
  readonly name: string;
  /** The last number it has acknowledged. */
  readonly cursor: number;
  readonly createdAtMs: number;
  /** Time of the cursor's last move, Unix ms. */
  readonly movedAtMs: number;
}

/** The first event a consumer gets: by number, the first kept, the next to come, or by time. */
export type Position = number | "first" | "now" | { readonly timeMs: number };

/** The result of moving a cursor: numbers that the journal does not hold are refused. */
export type MoveResult =
  | { readonly kind: "moved"; readonly consumer: Consumer }
  | { readonly kind: "missing" }
  | ({ readonly kind: "ahead" | "behind" } & Extent);

/** The result of making a consumer. */
export type CreateResult =
  | MoveResult & { readonly isNew?: boolean }
  /** No room: CONSUMERS_MAX consumers exist. */
  | { readonly kind: "full" };

type ConsumersKv = ReadableKv & Pick<Kv, "atomic">;
type Kept = Omit<Consumer, "name">;

/** The consumer of this name, or null. */
export async function getConsumer(
  kv: ReadableKv,
  name: string,
): Promise<Consumer | null> {
  const { value } = await kv.get<Kept>(consumerKey(name));
  return value && { name, ...value };
}

/** All consumers, by name. */
export async function listConsumers(kv: ReadableKv): Promise<Consumer[]> {
  const consumers: Consumer[] = [];
  for await (
    const { key, value } of kv.list<Kept>({ prefix: CONSUMERS_PREFIX })
  ) {
    consumers.push({ name: String(key[1]), ...value });
  }
  return consumers;
}

/**
 * Makes a consumer, or returns the one there is, as it is. Of many that are made at once a few may be
 * more than there may be.
 */
export async function createConsumer(
  kv: ConsumersKv,
  { name, start, nowMs }: {
    readonly name: string;
    readonly start: Position;
    readonly nowMs: number;
  },
): Promise<CreateResult> {
  const known = await getConsumer(kv, name);
  if (known !== null) return { kind: "moved", consumer: known, isNew: false };
  const all = await listConsumers(kv);
  if (all.length >= CONSUMERS_MAX) return { kind: "full" };
  const at = await cursorAt(kv, start);
  if (at.kind !== "at") return at;
  const { cursor } = at;
  const kept: Kept = { cursor, createdAtMs: nowMs, movedAtMs: nowMs };
  const key = consumerKey(name);
  const { ok } = await kv.atomic().check({ key, versionstamp: null })
    .set(key, kept).commit();
  // Somebody else made it meanwhile: then theirs counts.
  if (!ok) return await createConsumer(kv, { name, start, nowMs });
  return { kind: "moved", consumer: { name, ...kept }, isNew: true };
}

/** Moves the cursor forward to `through`; a lower number changes nothing. */
export async function ackConsumer(
  kv: ConsumersKv,
  { name, through, nowMs }: {
    readonly name: string;
    readonly through: number;
    readonly nowMs: number;
  },
): Promise<MoveResult> {
  const extent = await readExtent(kv);
  if (through > extent.last) return { kind: "ahead", ...extent };
  const choose = (cursor: number) => Math.max(cursor, through);
  return await move(kv, { name, choose, nowMs });
}

/** Moves the cursor anywhere. */
export async function seekConsumer(
  kv: ConsumersKv,
  { name, to, nowMs }: {
    readonly name: string;
    readonly to: Position;
    readonly nowMs: number;
  },
): Promise<MoveResult> {
  const at = await cursorAt(kv, to);
  if (at.kind !== "at") return at;
  return await move(kv, { name, choose: () => at.cursor, nowMs });
}

/** Forgets a consumer, and says whether there was one. */
export async function deleteConsumer(
  kv: ConsumersKv,
  name: string,
): Promise<boolean> {
  const key = consumerKey(name);
  const { versionstamp } = await kv.get(key);
  if (versionstamp === null) return false;
  await kv.atomic().delete(key).commit();
  return true;
}

async function move(
  kv: ConsumersKv,
  { name, choose, nowMs }: {
    readonly name: string;
    readonly choose: (cursor: number) => number;
    readonly nowMs: number;
  },
): Promise<MoveResult> {
  const key = consumerKey(name);
  for (;;) {
    const { value, versionstamp } = await kv.get<Kept>(key);
    if (versionstamp === null) return { kind: "missing" };
    const cursor = choose(value.cursor);
    const kept = cursor === value.cursor
      ? value
      : { ...value, cursor, movedAtMs: nowMs };
    const consumer = { name, ...kept };
    if (kept === value) return { kind: "moved", consumer };
    const { ok } = await kv.atomic().check({ key, versionstamp })
      .set(key, kept).commit();
    if (ok) return { kind: "moved", consumer };
  }
}

/** The cursor that stands before a position, and where the journal ends. */
export async function cursorAt(
  kv: ReadableKv,
  position: Position,
): Promise<
  | { readonly kind: "at"; readonly cursor: number }
  | ({ readonly kind: "ahead" | "behind" } & Extent)
> {
  const extent = await readExtent(kv);
  const { first, last } = extent;
  if (typeof position === "number") {
    const cursor = Math.max(position - 1, 0);
    if (cursor > last) return { kind: "ahead", ...extent };
    if (cursor + 1 < first) return { kind: "behind", ...extent };
    return { kind: "at", cursor };
  }
  if (position === "first") return { kind: "at", cursor: first - 1 };
  if (position === "now") return { kind: "at", cursor: last };
  const next = await firstItemSince(kv, extent, position.timeMs);
  return { kind: "at", cursor: next - 1 };
}
