import { assert, assertEquals } from "@std/assert";
import { openHead } from "../../../src/store/journal/head.ts";
import { QUARANTINE_PREFIX } from "../../../src/store/kv/keys.ts";
import {
  type QuarantineIndex,
  recallQuarantineIndex,
} from "../../../src/store/quarantine/quarantine_index.ts";
import type { Arrival } from "../../../src/store/writer/queued_item.ts";
import type { Writer } from "../../../src/store/writer/writer.ts";
import { type CommitFault, FaultyKv } from "../../support/store/faulty_kv.ts";
import {
  appendAll,
  event,
  journalNames,
  keysBelow,
  names,
  oddity,
  openWriter,
  told,
} from "../../support/store/store_fixture.ts";

interface Shelved {
  readonly quarantineIndex: QuarantineIndex;
  readonly writer: Writer;
}

/** A Writer on a store whose quarantine holds these. */
async function openShelved(
  kv: Deno.Kv,
  quarantined: readonly Arrival[],
  commits: readonly CommitFault[] = [],
): Promise<Shelved> {
  {
    await openHead(kv, { nowMs: 0 });
    await using before = await openWriter(kv);
    await appendAll(before, quarantined);
  }
  const quarantineIndex = await recallQuarantineIndex(kv);
  if (commits.length === 0) {
    return {
      quarantineIndex,
      writer: await openWriter(kv, { quarantineIndex }),
    };
  }
  const faulty = new FaultyKv(kv, { commits });
  const writer = await openWriter(kv, {
    kv: faulty,
    quarantineIndex,
    silenceMs: 5,
  });
  return { quarantineIndex, writer };
}

/** An event that takes a quarantined item's place. */
function instead(
  { quarantineIndex }: Shelved,
  number: number,
  { name = `e${number}`, isRecognisable = true } = {},
): Arrival {
  const removes = quarantineIndex.get(number) ??
    { number, app: 1, partCount: 0 };
  const set = { key: ["notes", number], value: name };
  return { ...event(name, { isRecognisable }), effects: { removes, set } };
}

Deno.test("Writer.append() removes a quarantined item in the commit that keeps the event", async () => {
  using kv = await Deno.openKv(":memory:");
  const body = new Uint8Array(200_000);
  const shelved = await openShelved(kv, [oddity("q", { body }), oddity("r")]);
  await using writer = shelved.writer;
  assertEquals(told(await writer.append(instead(shelved, 1))), 1);
  assertEquals(await keysBelow(kv, QUARANTINE_PREFIX), [["quarantine", 2]]);
  assertEquals((await kv.get(["notes", 1])).value, "e1");
  assertEquals(shelved.quarantineIndex.size, 1);
});

Deno.test("Writer.append() keeps one event for a quarantined item, however often it is asked", async () => {
  using kv = await Deno.openKv(":memory:");
  const shelved = await openShelved(kv, [oddity("q")]);
  await using writer = shelved.writer;
  const asked = ["a", "b"].map((name) =>
    instead(shelved, 1, { name, isRecognisable: false })
  );
  const together = await appendAll(writer, asked);
  assertEquals(together.map(told), [1, "gone"]);
  const later = instead(shelved, 1, { name: "c" });
  assertEquals(told(await writer.append(later)), "gone");
  assertEquals(await journalNames(kv), ["a"]);
});

Deno.test("Writer.append() removes one quarantined item where another arrives", async () => {
  using kv = await Deno.openKv(":memory:");
  const shelved = await openShelved(kv, [oddity("q")]);
  await using writer = shelved.writer;
  const arrivals = [instead(shelved, 1), oddity("r")];
  assertEquals((await appendAll(writer, arrivals)).map(told), [1, 2]);
  assertEquals(await keysBelow(kv, QUARANTINE_PREFIX), [["quarantine", 2]]);
});

Deno.test.each<[CommitFault]>([
  ["fails"],
  ["fails after landing"],
  ["lands silently"],
  ["lands late"],
])(
  "Writer.append() moves a quarantined item once when a commit %s",
  async (fault) => {
    using kv = await Deno.openKv(":memory:");
    const shelved = await openShelved(kv, [oddity("q"), oddity("r")], [fault]);
    await using writer = shelved.writer;
    const arrivals = [instead(shelved, 1), event("b"), instead(shelved, 2)];
    assertEquals((await appendAll(writer, arrivals)).map(told), [1, 2, 3]);
    assertEquals(await journalNames(kv), ["e1", "b", "e2"]);
    assertEquals(await keysBelow(kv, QUARANTINE_PREFIX), []);
  },
);

Deno.test("Writer.append() keeps the events of 1,200 quarantined items at once", async () => {
  using kv = await Deno.openKv(":memory:");
  const all = names("q", 1_200);
  const shelved = await openShelved(kv, all.map((name) => oddity(name)));
  const { writer } = shelved;
  const arrivals = all.map((_, index) => instead(shelved, index + 1));
  const outcomes = appendAll(writer, arrivals);
  await writer[Symbol.asyncDispose]();
  assert((await outcomes).every((outcome) => outcome.ok));
});
