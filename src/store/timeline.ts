import { liveGeneration } from "./directory.ts";
import { type PlacedRow, readRows } from "./group_row.ts";
import { type DirectoryKeys, directoryKeys, type GroupRef } from "./keys.ts";
import type { ReadableKv } from "./scan.ts";

/** Which events of a group to list. */
export interface TimelineQuery extends GroupRef {
  /** The last number of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The numbers of a group's events, the newest first. */
export interface TimelinePage {
  readonly seqs: readonly number[];
  /** Where to go on; undefined at the end. */
  readonly next: number | undefined;
}

/** A page of a group's timeline; null for a group that nobody has heard of. */
export async function listTimeline(
  kv: ReadableKv,
  query: TimelineQuery,
): Promise<TimelinePage | null> {
  const keys = directoryKeys(await liveGeneration(kv));
  const [placed] = await readRows(kv, { keys, refs: [query] });
  if (!placed) return null;
  const { before = Infinity, limit } = query;
  const seqs: number[] = [];
  for await (const chunk of timelineOf(kv, { keys, query, row: placed.row })) {
    for (const seq of chunk.toReversed()) {
      if (seq >= before) continue;
      seqs.push(seq);
      if (seqs.length === limit) return { seqs, next: seq };
    }
  }
  return { seqs, next: undefined };
}

async function* timelineOf(
  kv: ReadableKv,
  { keys, query, row }: {
    readonly keys: DirectoryKeys;
    readonly query: TimelineQuery;
    readonly row: PlacedRow["row"];
  },
): AsyncGenerator<readonly number[]> {
  yield row.timeline;
  const prefix = keys.parts("timelines", query);
  const end = [...prefix, query.before ?? Infinity];
  const bounds = { reverse: true, batchSize: 4 };
  for await (const { value } of kv.list<number[]>({ prefix, end }, bounds)) {
    yield value;
  }
}
