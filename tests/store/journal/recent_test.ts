import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { EventRecord } from "../../../src/base/event.ts";
import { followPage, readPage } from "../../../src/store/journal/page.ts";
import type { Write } from "../../../src/store/journal/packer.ts";
import { RecentPacks } from "../../../src/store/journal/recent.ts";
import { Tail } from "../../../src/store/journal/tail.ts";
import type { ReadableKv } from "../../../src/store/kv/kv.ts";
import {
  appendAll,
  assertSameBytes,
  event,
  names,
  openWriter,
} from "../../support/store/store_fixture.ts";

/** A store that must not be read. */
const UNREADABLE: ReadableKv = {
  get: () => Promise.reject(new Error("The store was read")),
  getMany: () => Promise.reject(new Error("The store was read")),
  list: () => {
    throw new Error("The store was read");
  },
};

/** The values that each commit sets, of so many events in one commit after the other. */
async function commitsOf(counts: readonly number[]): Promise<Write[][]> {
  using kv = await Deno.openKv(":memory:");
  const commits: Write[][] = [];
  await using writer = await openWriter(kv, {
    onCommit: (_, writes) => {
      commits.push(writes.map((one) => ({ ...one, value: one.value.slice() })));
    },
  });
  for (const [index, count] of counts.entries()) {
    const all = names(`e${index}-`, count).map((name) => event(name));
    await appendAll(writer, all);
  }
  return commits;
}

function seqsOf(records: Iterable<EventRecord> | undefined) {
  return records && [...records].map(({ seq }) => seq);
}

Deno.test("RecentPacks.behind() gives the records behind any number it holds", async () => {
  const recent = new RecentPacks();
  for (const writes of await commitsOf([2, 3])) recent.add(writes);

  assertEquals(seqsOf(recent.behind(0)), [1, 2, 3, 4, 5]);
  assertEquals(seqsOf(recent.behind(3)), [4, 5]);
  assertEquals(seqsOf(recent.behind(5)), undefined);
});

Deno.test("RecentPacks drops the oldest packs when there is no room", async () => {
  const [first = [], second = [], third = []] = await commitsOf([2, 2, 2]);
  const bytes = [...first, ...second].reduce(
    (sum, { value }) => sum + value.length,
    0,
  );
  const recent = new RecentPacks({ maxBytes: bytes });
  for (const writes of [first, second, third]) recent.add(writes);

  assertEquals(seqsOf(recent.behind(0)), undefined);
  assertEquals(seqsOf(recent.behind(2)), [3, 4, 5, 6]);
});

Deno.test("RecentPacks gives nothing that is older than its age", async () => {
  let nowMs = 0;
  const recent = new RecentPacks({ maxAgeMs: 10, now: () => nowMs });
  const [first = [], second = []] = await commitsOf([1, 1]);
  recent.add(first);
  nowMs = 8;
  recent.add(second);
  nowMs = 12;

  assertEquals(seqsOf(recent.behind(0)), undefined);
  assertEquals(seqsOf(recent.behind(1)), [2]);
});

Deno.test("RecentPacks begins anew behind a gap, and takes nothing twice", async () => {
  const [first = [], second = [], third = []] = await commitsOf([1, 1, 1]);
  const recent = new RecentPacks();
  for (const writes of [first, third, third, second]) recent.add(writes);

  assertEquals(seqsOf(recent.behind(0)), undefined);
  assertEquals(seqsOf(recent.behind(2)), [3]);
});

Deno.test("RecentPacks joins a large record from its parts", async () => {
  using kv = await Deno.openKv(":memory:");
  const recent = new RecentPacks();
  const body = crypto.getRandomValues(new Uint8Array(65_536)).toHex();
  const bytes = new TextEncoder().encode(body);
  await using writer = await openWriter(kv, {
    onCommit: (_, writes) => recent.add(writes),
  });
  await writer.append(event("large", { body: bytes }));

  const [record] = recent.behind(0) ?? [];
  assertSameBytes(record?.body, bytes);
});

Deno.test("followPage() reads no store for who stands among the newest or at the end", async () => {
  const tail = new Tail(0);
  let last = 0;
  for (const writes of await commitsOf([2, 3])) {
    tail.advance(last = last === 0 ? 2 : 5, writes);
  }
  const source = { reader: UNREADABLE, tail };

  for (const after of [0, 1, 4, 5]) {
    const page = await followPage(source, { after, limit: 2 });
    const next = Math.min(after + 2, last);
    assertEquals(page.kind === "page" && page.next, next);
  }
});

Deno.test("followPage() reads the store where another process has committed behind the newest", async () => {
  using kv = await Deno.openKv(":memory:");
  const tail = new Tail(0);
  await using writer = await openWriter(kv, {
    onCommit: ({ journal }, writes) => tail.advance(journal, writes),
  });
  await appendAll(writer, [event("mine")]);
  {
    await using other = await openWriter(kv);
    await appendAll(other, [event("theirs")]);
  }
  tail.advance(2);

  const page = await followPage({ reader: kv, tail }, { after: 1, limit: 9 });
  assertEquals(page.kind === "page" && seqsOf(page.records), [2]);
});

Deno.test("followPage() gives every event once, in order, whatever is in memory", async () => {
  const step = fc.record({
    commit: fc.integer({ min: 0, max: 5 }),
    pages: fc.integer({ min: 0, max: 3 }),
    limit: fc.integer({ min: 1, max: 4 }),
    bodyBytes: fc.integer({ min: 0, max: 400 }),
    forgets: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.integer({ min: 1, max: 1_200 }),
      async (steps, maxBytes) => {
        using kv = await Deno.openKv(":memory:");
        const tail = new Tail(0, { maxBytes });
        await using writer = await openWriter(kv, {
          onCommit: ({ journal }, writes) => tail.advance(journal, writes),
        });
        const source = { reader: kv, tail };
        const seen: EventRecord[] = [];
        const read = async (limit: number) => {
          const after = seen.length;
          const page = await followPage(source, { after, limit });
          if (page.kind === "page") seen.push(...page.records);
        };
        let count = 0;
        for (const { commit, pages, limit, bodyBytes, forgets } of steps) {
          const body = new Uint8Array(bodyBytes).fill(count);
          const all = names(`${count}-`, commit)
            .map((name) => event(name, { body }));
          await appendAll(writer, all);
          count += commit;
          if (forgets) tail.forgetRecent();
          for (let page = 0; page < pages; page++) await read(limit);
        }
        while (seen.length < count) await read(100);
        const kept = await readPage(kv, { limit: 1_000 });
        assertEquals(kept.kind === "page" && kept.records, seen);
      },
    ),
    { numRuns: 50 },
  );
});
