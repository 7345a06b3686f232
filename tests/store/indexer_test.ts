import { assertEquals } from "@std/assert";
import { Indexer } from "../../src/store/indexer.ts";
import {
  BLOCK_EVENTS,
  lastIndexedBlock,
} from "../../src/store/journal/event_index.ts";
import { followPage } from "../../src/store/journal/page.ts";
import { purgeStep } from "../../src/store/journal/purge.ts";
import { INDEX_PREFIX } from "../../src/store/kv/keys.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import { Pace } from "../../src/store/pace.ts";
import { appendAll, event, keysBelow } from "../support/store/store_fixture.ts";
import { until } from "../support/until.ts";

/** A store with so many events, each of a group of its own. */
async function openFilled(count: number): Promise<Store> {
  const store = await openStore({ path: ":memory:", dedupeMax: 10_000 });
  await append(store, count);
  return store;
}

async function append({ journalWriter }: Store, count: number): Promise<void> {
  const start = journalWriter.head.journal;
  const events = Array.from({ length: count }, (_, index) => {
    const meta = { command: "Group.C", group: `g${start + index}` };
    return event(`e${start + index}`, { meta: JSON.stringify(meta) });
  });
  await appendAll(journalWriter, events);
}

function openIndexer(store: Store): Indexer {
  return new Indexer({ store, pace: new Pace(store), pollMs: 1 });
}

async function untilIndexed(store: Store, block: number): Promise<void> {
  await until("the block is indexed", async () => {
    const last = await lastIndexedBlock(store.reader);
    return last === block || undefined;
  });
}

Deno.test("Indexer writes a row for each full block, and goes on where it stopped", async () => {
  await using store = await openFilled(2 * BLOCK_EVENTS + 10);
  {
    await using _indexer = openIndexer(store);
    await untilIndexed(store, 1);
  }
  await using _again = openIndexer(store);
  await append(store, BLOCK_EVENTS);
  await untilIndexed(store, 2);

  const keys = await keysBelow(store.reader, INDEX_PREFIX);
  assertEquals(keys.map((key) => key.at(-1)), [0, 1, 2]);
  const filter = { group: "g1500" };
  const page = await followPage(store, { after: 0, limit: 9, filter });
  assertEquals(
    page.kind === "page" && page.records.map(({ seq }) => seq),
    [1501],
  );
});

Deno.test("Indexer removes rows of what has left the journal", async () => {
  await using store = await openFilled(3 * BLOCK_EVENTS);
  const options = { cutoffMs: Infinity, floor: 2 * BLOCK_EVENTS + 5 };
  await using _indexer = openIndexer(store);
  await untilIndexed(store, 2);
  while ((await purgeStep(store.side, options)).hasMore);
  store.tail.forgetRecent();
  await append(store, BLOCK_EVENTS);

  await until("only what is needed is left", async () => {
    const keys = await keysBelow(store.reader, INDEX_PREFIX);
    return keys.map((key) => key.at(-1)).join() === "2,3" || undefined;
  });
});
