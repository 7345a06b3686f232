import { assertEquals } from "@std/assert";
import { openHead, readHead } from "../../../src/store/journal/head.ts";
import {
  importMark,
  readImported,
  startJournalAt,
} from "../../../src/store/journal/import_mark.ts";
import { readExtent, readPage } from "../../../src/store/journal/page.ts";
import { purgeStep } from "../../../src/store/journal/purge.ts";
import {
  appendAll,
  event,
  journalItems,
  names,
  NOW_MS,
  oddity,
  openWriter,
} from "../../support/store/store_fixture.ts";

const arrivals = (count: number) =>
  names("e", count).map((name) => event(name));

async function emptyStore(): Promise<Deno.Kv> {
  const kv = await Deno.openKv(":memory:");
  await openHead(kv, { nowMs: NOW_MS });
  return kv;
}

Deno.test("startJournalAt() lets an empty journal begin at a number", async () => {
  using kv = await emptyStore();

  assertEquals(await startJournalAt(kv, 31), true);

  assertEquals(await readExtent(kv), { first: 31, last: 30 });
});

Deno.test("startJournalAt() may be repeated, with the same number alone", async () => {
  using kv = await emptyStore();
  await startJournalAt(kv, 31);

  assertEquals(await startJournalAt(kv, 31), true);
  assertEquals(await startJournalAt(kv, 32), false);
  assertEquals((await readHead(kv)).journal, 30);
});

Deno.test("startJournalAt() changes nothing once something has been kept", async () => {
  using kv = await emptyStore();
  await using writer = await openWriter(kv);
  await writer.append(event("a"));

  assertEquals(await startJournalAt(kv, 31), false);
  assertEquals(await readExtent(kv), { first: 1, last: 1 });
});

/** A journal that began at 31, and holds 31 and 32. */
async function openBegun(): Promise<Deno.Kv> {
  const kv = await emptyStore();
  await startJournalAt(kv, 31);
  await using writer = await openWriter(kv);
  await appendAll(writer, [event("a")]);
  await appendAll(writer, [event("b")]);
  return kv;
}

Deno.test.each([0, 1, 29, 30])(
  "readPage() after %d of a journal that began at 31 misses nothing",
  async (after) => {
    using kv = await openBegun();
    const page = await readPage(kv, { after, limit: 10 });

    assertEquals(page.kind === "page" && [page.records.length, page.next], [
      2,
      32,
    ]);
  },
);

Deno.test("readPage() of a journal that began at 31 is behind once that has left", async () => {
  using kv = await openBegun();
  await purgeStep(kv, { cutoffMs: Infinity, floor: 31 });

  for (const after of [0, 30]) {
    assertEquals(await readPage(kv, { after, limit: 10 }), {
      kind: "behind",
      first: 32,
      last: 32,
    });
  }
});

Deno.test("startJournalAt() leaves room for the numbers to come", async () => {
  using kv = await emptyStore();

  assertEquals(await startJournalAt(kv, 1e14), false);
  assertEquals(await startJournalAt(kv, 1e14 - 1), true);
});

Deno.test("startJournalAt() keeps the quarantine's numbers", async () => {
  using kv = await emptyStore();
  await using writer = await openWriter(kv);
  await writer.append(oddity("o"));

  assertEquals(await startJournalAt(kv, 31), true);
  assertEquals(await writer.append(oddity("p")), {
    ok: true,
    number: 2,
    isCopy: false,
  });
});

Deno.test("startJournalAt() under a running Writer moves what comes", async () => {
  using kv = await emptyStore();
  await using writer = await openWriter(kv);
  await startJournalAt(kv, 31);

  const outcomes = await appendAll(writer, arrivals(3));

  assertEquals(
    outcomes.map((outcome) => outcome.ok && outcome.number),
    [31, 32, 33],
  );
  assertEquals(writer.head.journal, 33);
  assertEquals(await readExtent(kv), { first: 31, last: 33 });
});

Deno.test("startJournalAt() racing with arrivals leaves a dense journal", async () => {
  for (let round = 0; round < 20; round++) {
    using kv = await emptyStore();
    await using writer = await openWriter(kv);

    const [outcomes, isMoved] = await Promise.all([
      appendAll(writer, arrivals(5)),
      startJournalAt(kv, 31),
    ]);

    const first = isMoved ? 31 : 1;
    assertEquals(
      outcomes.map((outcome) => outcome.ok && outcome.number),
      [0, 1, 2, 3, 4].map((step) => first + step),
    );
  }
});

Deno.test("importMark() is set in the commit that brings its item", async () => {
  using kv = await emptyStore();
  await using writer = await openWriter(kv);
  const marked = names("e", 1_500).map((name, index) => ({
    ...event(name),
    effects: { set: importMark("j", index + 1) },
  }));

  await writer.appendAll(marked);

  assertEquals(await readImported(kv, "j"), 1_500);
  assertEquals(await readImported(kv, "k"), 0);
  assertEquals((await journalItems(kv)).length, 1_500);
});
