// Ranges of events that the directory passes over, because somebody forged them.
import type { EventRecord } from "../../base/event.ts";
import { networkTest } from "../../base/networks.ts";
import type { KvKey, ReadableKv, WritableKv } from "../../store/kv/kv.ts";

/** Events of one sender that the directory passes over. */
export interface IgnoredRange {
  /** An address or a CIDR block. */
  readonly sender: string;
  /** The first event of the range, and the last; absent where it has no such end. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Time when it was noted, Unix ms. */
  readonly addedAtMs: number;
}

/** A range with its number, which names it. */
export interface NumberedRange extends IgnoredRange {
  readonly number: number;
}

/** Test for events that the directory passes over. */
export type IgnoreTest = (record: Pick<EventRecord, "seq" | "meta">) => boolean;

const PREFIX: KvKey = ["directories", "ignored"];

/** Ranges that are kept at the most: each event is held against all of them. */
export const MAX_IGNORED = 100;

/** All ranges, in the order of their numbers. */
export async function listIgnored(kv: ReadableKv): Promise<NumberedRange[]> {
  const ranges: NumberedRange[] = [];
  for await (
    const { key, value } of kv.list<IgnoredRange>({ prefix: PREFIX })
  ) {
    ranges.push({ ...value, number: Number(key.at(-1)) });
  }
  return ranges;
}

/** Keeps a range and returns it with its number; null where there are MAX_IGNORED already. */
export async function addIgnored(
  kv: WritableKv,
  range: IgnoredRange,
): Promise<NumberedRange | null> {
  for (;;) {
    const ranges = await listIgnored(kv);
    if (ranges.length >= MAX_IGNORED) return null;
    const number = (ranges.at(-1)?.number ?? 0) + 1;
    const key = [...PREFIX, number];
    const { ok } = await kv.atomic().check({ key, versionstamp: null })
      .set(key, range).commit();
    if (ok) return { ...range, number };
  }
}

/** Removes a range, and says whether there was one. */
export async function removeIgnored(
  kv: WritableKv,
  number: number,
): Promise<boolean> {
  const key = [...PREFIX, number];
  const { versionstamp } = await kv.get(key);
  if (versionstamp === null) return false;
  return (await kv.atomic().check({ key, versionstamp }).delete(key).commit())
    .ok;
}

/** A test for the events of these ranges. An event without a sender's address belongs to none. */
export function ignoreTest(ranges: readonly IgnoredRange[]): IgnoreTest {
  const tests = ranges.map(({ sender, from = 0, to = Infinity }) => ({
    from,
    to,
    isSender: networkTest([sender]),
  }));
  return ({ seq, meta: { senderIp } }) =>
    senderIp !== undefined &&
    tests.some(({ from, to, isSender }) =>
      seq >= from && seq <= to && isSender(senderIp)
    );
}
