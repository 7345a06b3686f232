import type { DirectoryKeys, TimeUnit } from "../../store/kv/keys.ts";
import type { ReadableKv } from "../../store/journal/scan.ts";

/** What happened in one unit of time, in groups and in members. */
export interface EventCounts {
  readonly created: number;
  readonly joined: number;
  readonly left: number;
  readonly disbanded: number;
}

/** What an event counts for, and when. */
export interface CountedEvent {
  readonly timeMs: number;
  readonly counts: EventCounts;
}

/** A count with its key. */
export interface KeyedCount {
  readonly key: Deno.KvKey;
  readonly value: EventCounts;
}

const NO_COUNTS: EventCounts = { created: 0, joined: 0, left: 0, disbanded: 0 };
const UNITS: readonly TimeUnit[] = ["minute", "hour", "day"];
const UNIT_MS: Readonly<Record<TimeUnit, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** The start of the unit of time that holds a moment. */
export function unitStart(unit: TimeUnit, timeMs: number): number {
  return Math.floor(timeMs / UNIT_MS[unit]) * UNIT_MS[unit];
}

/** Which counts events change, each as a text; some more than once. */
export function countIds(events: readonly CountedEvent[]): string[] {
  return events.flatMap(({ timeMs }) =>
    UNITS.map((unit) => idOf(unit, timeMs))
  );
}

/** The counts that events change, as they then are, by their ids; what is in `known` is not read. */
export async function countsWith(
  events: readonly CountedEvent[],
  { kv, keys, known }: {
    readonly kv: ReadableKv;
    readonly keys: DirectoryKeys;
    readonly known: ReadonlyMap<string, EventCounts>;
  },
): Promise<ReadonlyMap<string, KeyedCount>> {
  const changed = new Map<string, KeyedCount>();
  for (const { timeMs, counts } of events) {
    for (const unit of UNITS) {
      const id = idOf(unit, timeMs);
      const key = [...keys.counts(unit), unitStart(unit, timeMs)];
      const before = changed.get(id)?.value ?? known.get(id) ??
        (await kv.get<EventCounts>(key)).value ?? NO_COUNTS;
      changed.set(id, { key, value: sumOf(before, counts) });
    }
  }
  return changed;
}

function idOf(unit: TimeUnit, timeMs: number): string {
  return `${unit}${unitStart(unit, timeMs)}`;
}

function sumOf(one: EventCounts, other: EventCounts): EventCounts {
  return {
    created: one.created + other.created,
    joined: one.joined + other.joined,
    left: one.left + other.left,
    disbanded: one.disbanded + other.disbanded,
  };
}
