import { packKey } from "../../../src/store/kv/keys.ts";
import {
  type PurgeOptions,
  purgeStep,
} from "../../../src/store/journal/purge.ts";
import {
  appendAll,
  event,
  names,
  NOW_MS,
  openWriter,
} from "./store_fixture.ts";

/** One day, ms. */
export const DAY_MS = 86_400_000;

/** Purge everything. */
export const ALL: PurgeOptions = { cutoffMs: Infinity, floor: Infinity };

/** Takes a body that lies in three parts. */
export const LARGE = new Uint8Array(150_000).map((_, index) => index * 31);

/**
 * A journal of `days` packs, one a day, of `perDay` events each; the last is of NOW_MS. With
 * `large`, each day has one event in three parts instead.
 */
export async function openDays(
  days: number,
  { perDay = 3, large = false, kv: given }: {
    readonly perDay?: number;
    readonly large?: boolean;
    readonly kv?: Deno.Kv;
  } = {},
): Promise<Deno.Kv> {
  const kv = given ?? await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  for (let day = 1; day <= days; day++) {
    const receivedAtMs = NOW_MS - (days - day) * DAY_MS;
    const options = large ? { receivedAtMs, body: LARGE } : { receivedAtMs };
    const all = names(`d${day}-`, large ? 1 : perDay);
    await appendAll(writer, all.map((name) => event(name, options)));
  }
  return kv;
}

/** Takes steps until nothing is left to remove; gives what each removed. */
export async function purgeAll(
  kv: Deno.Kv,
  options: PurgeOptions,
): Promise<number[]> {
  const steps: number[] = [];
  for (;;) {
    const { removed, hasMore } = await purgeStep(kv, options);
    steps.push(removed);
    if (!hasMore) return steps;
  }
}

/** Removes the pack that begins with this number, as a purge would. */
export async function dropPack(
  kv: Deno.Kv,
  first: number,
  parts: readonly Deno.KvKey[] = [],
): Promise<void> {
  const operation = kv.atomic().delete(packKey("journal", first));
  for (const key of parts) operation.delete(key);
  await operation.commit();
}
