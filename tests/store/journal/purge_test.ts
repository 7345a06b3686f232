import { assert, assertEquals, assertRejects } from "@std/assert";
import { readHead } from "../../../src/store/journal/head.ts";
import { readExtent } from "../../../src/store/journal/page.ts";
import {
  JOURNAL_PREFIX,
  QUARANTINE_PREFIX,
} from "../../../src/store/kv/keys.ts";
import { SIDE_MAX_MUTATIONS } from "../../../src/store/kv/limits.ts";
import { purgeStep } from "../../../src/store/journal/purge.ts";
import { FaultyKv } from "../../support/store/faulty_kv.ts";
import {
  ALL,
  DAY_MS,
  openDays,
  purgeAll,
} from "../../support/store/purge_fixture.ts";
import {
  appendAll,
  event,
  keysBelow,
  NOW_MS,
  oddity,
  openWriter,
  told,
} from "../../support/store/store_fixture.ts";

function packCount(kv: Deno.Kv): Promise<number> {
  return keysBelow(kv, JOURNAL_PREFIX).then((keys) => keys.length);
}

Deno.test.each([
  ["older than the cutoff", NOW_MS - 2 * DAY_MS, 7],
  ["older by a millisecond", NOW_MS - 2 * DAY_MS + 1, 10],
  ["nothing", 0, 1],
  ["everything", NOW_MS + 1, 16],
])(
  "purgeStep() removes the packs of what is %s",
  async (_, cutoffMs, first) => {
    using kv = await openDays(5);
    const removed = await purgeAll(kv, { ...ALL, cutoffMs });

    assertEquals(removed, [first - 1]);
    assertEquals(await readExtent(kv), { first, last: 15 });
    assertEquals(await packCount(kv), (16 - first) / 3);
  },
);

Deno.test.each([[0, 1], [2, 1], [3, 4], [5, 4], [15, 16], [99, 16]])(
  "purgeStep() removes nothing above the floor %d, so %d is the first",
  async (floor, first) => {
    using kv = await openDays(5);
    await purgeAll(kv, { ...ALL, floor });

    assertEquals((await readExtent(kv)).first, first);
  },
);

Deno.test("purgeStep() keeps a pack whose newest record is not old", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const old = { receivedAtMs: NOW_MS - 9 * DAY_MS };
  await appendAll(writer, [event("a", old), event("b"), event("c", old)]);

  assertEquals(await purgeStep(kv, { ...ALL, cutoffMs: NOW_MS }), {
    removed: 0,
    hasMore: false,
  });
});

Deno.test("purgeStep() never passes over a pack that stays", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const old = { receivedAtMs: NOW_MS - 9 * DAY_MS };
  await writer.append(event("new"));
  await writer.append(event("imported", old));

  assertEquals(await purgeAll(kv, { ...ALL, cutoffMs: NOW_MS }), [0]);
});

Deno.test("purgeStep() removes the parts of large records with them", async () => {
  using kv = await openDays(40, { large: true });
  const steps = await purgeAll(kv, { ...ALL, floor: 30 });

  const perStep = Math.floor(SIDE_MAX_MUTATIONS / 4);
  assertEquals(steps, [perStep, perStep, 30 - 2 * perStep]);
  const keys = await keysBelow(kv, JOURNAL_PREFIX);
  assertEquals(keys.length, 10 * 4);
  assert(keys.every(([, number]) => Number(number) > 30));
});

Deno.test("purgeStep() removes at most 50 keys at once", async () => {
  using kv = await openDays(120, { perDay: 2 });

  assertEquals(await purgeAll(kv, ALL), [100, 100, 40]);
});

Deno.test("purgeStep() ends when exactly a step's packs were there", async () => {
  using kv = await openDays(50, { perDay: 1 });

  assertEquals(await purgeAll(kv, ALL), [50, 0]);
});

Deno.test("purgeStep() may empty the journal; its numbers go on", async () => {
  using kv = await openDays(2);
  await purgeAll(kv, ALL);
  assertEquals((await readHead(kv)).journal, 6);
  assertEquals(await readExtent(kv), { first: 7, last: 6 });

  await using writer = await openWriter(kv);
  assertEquals(told(await writer.append(event("next"))), 7);
  assertEquals(await readExtent(kv), { first: 7, last: 7 });
});

Deno.test("purgeStep() leaves the quarantine alone", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  await appendAll(writer, [oddity("odd"), event("a")]);
  await purgeAll(kv, ALL);

  assertEquals((await keysBelow(kv, QUARANTINE_PREFIX)).length, 1);
});

Deno.test("purgeStep() removes each event once when two purge at once", async () => {
  using kv = await openDays(30);
  const steps = await Promise.all([purgeAll(kv, ALL), purgeAll(kv, ALL)]);

  assertEquals(steps.flat().reduce((sum, removed) => sum + removed), 90);
});

Deno.test("purgeStep() that fails has removed nothing", async () => {
  using kv = await openDays(3);
  const faulty = new FaultyKv(kv, { commits: ["fails"] });
  const side = { list: kv.list.bind(kv), atomic: () => faulty.atomic() };
  await assertRejects(() => purgeStep(side, ALL));

  assertEquals(await readExtent(kv), { first: 1, last: 9 });
  assertEquals(await purgeAll(kv, ALL), [9]);
});
