import type { ReadableKv } from "../../store/kv/kv.ts";
import { readLive } from "./generation.ts";
import type { DirectoryKeys, GroupRef } from "./keys.ts";
import { findRow, type GroupRow } from "./row.ts";

/** A query for the events of a group. */
export interface TimelineQuery extends GroupRef {
  /** The last number of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The numbers of a group's events, the newest first. */
export interface TimelinePage {
  readonly seqs: readonly number[];
  /** The `before` of the next page; undefined at the end. */
  readonly next: number | undefined;
}

/** A page of a group's timeline; null for a group that nobody has heard of. */
export async function listTimeline(
  kv: ReadableKv,
  query: TimelineQuery,
): Promise<TimelinePage | null> {
  return await readLive(kv, async (keys) => {
    const placed = await findRow(kv, { keys, ref: query });
    if (placed === null) return null;
    return await timelinePage(
      timelineOf(kv, { keys, query, row: placed.row }),
      query,
    );
  });
}

async function timelinePage(
  chunks: AsyncIterable<readonly number[]>,
  { before = Infinity, limit }: TimelineQuery,
): Promise<TimelinePage> {
  const seqs: number[] = [];
  let below = before;
  for await (const chunk of chunks) {
    for (const seq of chunk.toReversed()) {
      // A number that the row has just given may lie in a key of its own by now.
      if (seq >= below) continue;
      below = seq;
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
    readonly row: GroupRow;
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
