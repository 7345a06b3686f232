import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  BLOCK_EVENTS,
  indexRowOf,
  mayHold,
  searchRanges,
} from "../../../src/store/journal/event_index.ts";
import type { EventFilter } from "../../../src/store/journal/filter.ts";
import { readPage, readPageBack } from "../../../src/store/journal/page.ts";
import { indexKey, JOURNAL_PREFIX } from "../../../src/store/kv/keys.ts";
import {
  appendAll,
  event,
  openWriter,
} from "../../support/store/store_fixture.ts";

const BLOCKS = 8;
const ALL = [0, 1, 2, 3, 4, 5, 6, 7];
/** The one event of its group and command. */
const RARE = BLOCK_EVENTS + 500;

function metaOf(seq: number): { command: string; group: string } {
  return seq === RARE
    ? { command: "Sns.Rare", group: "rare" }
    : { command: `Group.C${seq % 3}`, group: `g${seq % 700}` };
}

/** A journal of some blocks and a half, of which those in `indexed` have a row. */
async function openIndexed(indexed: readonly number[]): Promise<Deno.Kv> {
  const kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const count = (BLOCKS + 0.5) * BLOCK_EVENTS;
  const seqs = Array.from({ length: count }, (_, index) => index + 1);
  await appendAll(
    writer,
    seqs.map((seq) => event(`${seq}`, { meta: JSON.stringify(metaOf(seq)) })),
  );
  for (const block of indexed) {
    const from = block * BLOCK_EVENTS;
    const row = indexRowOf(seqs.slice(from, from + BLOCK_EVENTS).map(metaOf));
    await kv.set(indexKey(block), row);
  }
  return kv;
}

/** Counts the packs that are read from a store. */
function countPacks(kv: Deno.Kv): { readonly packs: () => number } {
  let count = 0;
  const list = kv.list.bind(kv);
  kv.list = ((selector: Deno.KvListSelector, options?: Deno.KvListOptions) => {
    const start = "start" in selector ? selector.start : selector.prefix;
    if (start[0] === JOURNAL_PREFIX[0]) count += options?.limit ?? 0;
    return list(selector, options);
  }) as typeof kv.list;
  return { packs: () => count };
}

const commandFilter = fc.constantFrom(
  undefined,
  "Sns.Rare",
  "Sns.*",
  "Group.C1,Sns.Rare",
  "Group.*",
  "None.At",
);
const groupFilter = fc.constantFrom(undefined, "rare", "g5", "nobody");

Deno.test("mayHold() never misses a command or a group, and seldom names one too many", () => {
  const metas = Array.from({ length: BLOCK_EVENTS }, (_, n) => ({
    command: `Group.C${n % 50}`,
    group: `@TGS#${n}`,
  }));
  const row = indexRowOf(metas);

  for (const { command, group } of metas) {
    assert(mayHold(row, { command, group }));
  }
  const wrong = metas.filter((_, n) => mayHold(row, { group: `@TGS#x${n}` }));
  assert(wrong.length < BLOCK_EVENTS * 0.03, `${wrong.length} are wrong`);
  assert(row.groups.length <= 1.3 * BLOCK_EVENTS);
});

Deno.test("indexRowOf() lists no more words than a row has room for", () => {
  const metas = Array.from({ length: 100 }, (_, n) => ({ command: `c${n}` }));
  const row = indexRowOf(metas);

  assertEquals(row.commands, undefined);
  assert(mayHold(row, { command: "any" }));
  assertEquals(mayHold(row, { group: "any" }), false);
});

Deno.test("searchRanges() covers the range in order, whichever blocks have a row", async () => {
  const filter = { command: "Sns.Rare" };
  for (const indexed of [[], ALL, [1], [0, 2]]) {
    using kv = await openIndexed(indexed);
    for (const reverse of [false, true]) {
      const range = { from: 10, to: 3_000, reverse };
      const ranges = await Array.fromAsync(searchRanges(kv, filter, range));
      const inOrder = reverse ? ranges.toReversed() : ranges;
      assertEquals([inOrder[0]?.from, inOrder.at(-1)?.to], [10, 3_000]);
      for (const [index, { from }] of inOrder.entries()) {
        assertEquals(from, (inOrder[index - 1]?.to ?? 9) + 1);
      }
    }
  }
});

Deno.test("readPage() finds a rare event without reading what cannot hold it", async () => {
  using kv = await openIndexed(ALL);
  const all = countPacks(kv);
  await readPage(kv, { after: 0, limit: 10, filter: { user: "nobody" } });
  const whole = all.packs();
  const page = await readPage(kv, {
    after: 0,
    limit: 10,
    filter: { group: "rare" },
  });

  assertEquals(
    page.kind === "page" && page.records.map(({ seq }) => seq),
    [RARE],
  );
  const searched = all.packs() - whole;
  assert(searched < whole * 0.7, `${searched} of ${whole} packs`);
});

Deno.test("a page is the same with an index and without, in both directions", async () => {
  using bare = await openIndexed([]);
  using whole = await openIndexed(ALL);
  using partly = await openIndexed([1]);
  const last = (BLOCKS + 0.5) * BLOCK_EVENTS;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: last }),
      fc.integer({ min: 1, max: 200 }),
      commandFilter,
      groupFilter,
      async (at, limit, command, group) => {
        const filter: EventFilter = { command, group };
        const forward = { after: at, limit, filter };
        const back = { before: at + 1, limit, filter };
        const [expected, expectedBack] = [
          await readPage(bare, forward),
          await readPageBack(bare, back),
        ];
        for (const kv of [whole, partly]) {
          assertEquals(await readPage(kv, forward), expected);
          assertEquals(await readPageBack(kv, back), expectedBack);
        }
      },
    ),
    { numRuns: 40 },
  );
});
