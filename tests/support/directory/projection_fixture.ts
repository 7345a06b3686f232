import type { EventRecord } from "../../../src/base/event.ts";
import {
  groupView,
  memberView,
  topicView,
} from "../../../src/directory/fold/view.ts";
import { Projection } from "../../../src/directory/projector/projection.ts";
import { sweepSome } from "../../../src/directory/projector/sweeper.ts";
import { getGroup } from "../../../src/directory/rows/groups.ts";
import type { Generation } from "../../../src/directory/rows/keys.ts";
import { listMembers, listTopics } from "../../../src/directory/rows/parts.ts";
import { openStore, type Store } from "../../../src/store/open.ts";
import { Pace } from "../../../src/store/pace.ts";
import { START_MS } from "./history.ts";
import { recordOf, type Shown } from "./oracle.ts";

/** A callback: what of its command word follows "CallbackAfter", and its body. */
export type Told = readonly [
  word: string,
  body: Readonly<Record<string, unknown>>,
];

/** Callbacks of app 1 as records, a second apart. */
export function toldOf(
  told: readonly Told[],
  { fromSec = 0 }: { readonly fromSec?: number } = {},
): EventRecord[] {
  return told.map(([word, fields], at) => {
    const timeMs = START_MS + 1_000 * (fromSec + at);
    const body = { Type: "Public", ...fields, EventTime: timeMs };
    const command = `Group.CallbackAfter${word}`;
    const record = recordOf({ command, timeMs, body });
    const { group: _, ...meta } = record.meta;
    return { ...record, meta };
  });
}

/** A store in memory. */
export function openMemory(): Promise<Store> {
  return openStore({ path: ":memory:", dedupeMax: 1_000 });
}

/** Puts records into a store's journal, as intake would. */
export async function journal(
  store: Store,
  records: readonly EventRecord[],
): Promise<void> {
  for (const { app, receivedAtMs, digest, meta, body } of records) {
    const item = {
      app,
      receivedAtMs,
      digest,
      isRecognisable: false,
      meta: JSON.stringify(meta),
      body,
    };
    await store.writer.append({ sequence: "journal", item });
  }
}

/** Folds all that the journal holds, and sweeps. */
export async function project(
  store: Pick<Store, "reader" | "fenced" | "tail" | "writer">,
  generation: Generation = 1,
): Promise<Projection> {
  const { signal } = new AbortController();
  const pace = new Pace(store);
  const projection = await Projection.open({ store, pace, generation, signal });
  while (await projection.advance());
  const { writer } = projection;
  while (await sweepSome({ kv: store.fenced, writer }));
  return projection;
}

/** Everything that the API would show of the group "g". */
export async function shownIn(
  { reader }: Pick<Store, "reader">,
): Promise<Shown> {
  const ref = { app: 1, groupId: "g" };
  const found = await getGroup(reader, ref);
  if (found === null) return { group: null, members: [], topics: [] };
  const { group } = found;
  const members = await listMembers(reader, { ...ref, limit: 1_000 });
  const topics = await listTopics(reader, { ...ref, limit: 1_000 });
  return {
    group: groupView(group, found),
    members:
      members?.items.map(({ id, state }) => memberView(id, state, group)) ?? [],
    topics: topics?.items.map(({ id, state }) => topicView(id, state, group)) ??
      [],
  };
}

/** The users' lists, each entry as "user since". */
export async function listsIn(
  { reader }: Pick<Store, "reader">,
): Promise<string[]> {
  const lists: string[] = [];
  const prefix = ["directory", 1, "groups_by_member"];
  for await (const { key } of reader.list({ prefix })) {
    lists.push(`${String(key[3])} ${String(key[4])}`);
  }
  return lists.sort();
}

/** Counts by unit of time, and totals. */
export async function countsIn(
  { reader }: Pick<Store, "reader">,
  generation: Generation = 1,
): Promise<unknown[]> {
  const counts: unknown[] = [];
  for (const kind of ["counts", "totals"]) {
    const start = ["directory", generation, kind];
    const end = ["directory", generation, `${kind}\0`];
    for await (const { key, value } of reader.list({ start, end })) {
      counts.push([key.slice(2), value]);
    }
  }
  return counts;
}
