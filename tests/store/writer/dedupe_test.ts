import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Dedupe } from "../../../src/store/writer/dedupe.ts";
import {
  openQueuedItem,
  type QueuedItem,
  type Tell,
  tellWaiting,
} from "../../../src/store/writer/queued_item.ts";
import {
  type AppendOutcome,
  DuplicateWindow,
} from "../../../src/store/writer/window.ts";
import { event } from "../../support/store/store_fixture.ts";

const openDedupe = () => new Dedupe(new DuplicateWindow({ max: 100 }));
const REFUSED = { ok: false, reason: "closed" } as const;

/** An entry whose digest is this number; many share a place in the hash table. */
function entryOf(
  id: number,
  tell: Tell<AppendOutcome> = () => {},
): QueuedItem {
  const words = new Uint32Array([id % 8, id, 0, 0]);
  const item = { ...event("a").item, digest: new Uint8Array(words.buffer) };
  return openQueuedItem({ sequence: "journal", item }, {
    hasCopies: true,
    tell,
  });
}

Deno.test("Dedupe.onItsWay() gives nothing where nothing is", () => {
  assertEquals(openDedupe().onItsWay(entryOf(1).item.digest), undefined);
});

Deno.test("Dedupe.settle() of another entry with the same digest leaves the first on its way", () => {
  const dedupe = openDedupe();
  const entry = entryOf(1);
  dedupe.add(entry);
  dedupe.settle(entryOf(1), REFUSED);
  assertEquals(dedupe.onItsWay(entry.item.digest), entry);
});

Deno.test("Dedupe.settle() may be called again", () => {
  const dedupe = openDedupe();
  const [first, second] = [entryOf(1), entryOf(2)];
  dedupe.add(first);
  dedupe.settle(first, REFUSED);
  dedupe.settle(first, REFUSED);
  dedupe.add(second);
  dedupe.add(first);
  assertEquals(dedupe.onItsWay(first.item.digest), first);
  assertEquals(dedupe.onItsWay(second.item.digest), second);
});

Deno.test("Dedupe grows with what it holds, and holds nothing in the end", () => {
  const dedupe = openDedupe();
  const entries = Array.from({ length: 3_000 }, (_, id) => entryOf(id));
  for (const entry of entries) dedupe.add(entry);
  const isFound = (entry: QueuedItem) =>
    dedupe.onItsWay(entry.item.digest) === entry;
  assertEquals(entries.every(isFound), true);
  for (const entry of entries) dedupe.settle(entry, REFUSED);
  assertEquals(entries.some(isFound), false);
});

Deno.test("Dedupe.learn() tells an entry on its way under which number it was kept", () => {
  const dedupe = openDedupe();
  const entry = entryOf(1);
  dedupe.add(entry);
  dedupe.learn({ ...entry.item, number: 7 });
  assertEquals(entry.numberElsewhere, 7);
  assertEquals(dedupe.numberOf(entry.item), 7);
});

Deno.test("Dedupe.join() tells copies what their original is told, once", () => {
  const told: AppendOutcome[] = [];
  const tell = (outcome: AppendOutcome) => told.push(outcome);
  const dedupe = openDedupe();
  const entry = entryOf(1, tell);
  assertEquals(dedupe.join(entry.item, tell), false);
  dedupe.add(entry);
  assertEquals(dedupe.join(entry.item, tell), true);
  assertEquals(told, []);

  dedupe.settle(entry, { ok: true, number: 7, isCopy: false });
  tellWaiting([entry]);
  tellWaiting([entry]);
  assertEquals(dedupe.join(entry.item, tell), true);

  const copy = { ok: true, number: 7, isCopy: true } as const;
  assertEquals(told, [{ ...copy, isCopy: false }, copy, copy]);
});

Deno.test("Dedupe.onItsWay() finds the same as a Map does", () => {
  const anySteps = fc.array(fc.nat(400), { maxLength: 2_000 });
  fc.assert(
    fc.property(anySteps, (ids) => {
      const dedupe = openDedupe();
      const plain = new Map<number, QueuedItem>();
      for (const id of ids) {
        const known = plain.get(id);
        if (known === undefined) {
          const entry = entryOf(id);
          dedupe.add(entry);
          plain.set(id, entry);
        } else {
          dedupe.settle(known, REFUSED);
          plain.delete(id);
        }
      }
      for (const id of new Set(ids)) {
        assertEquals(dedupe.onItsWay(entryOf(id).item.digest), plain.get(id));
      }
    }),
    { numRuns: 30 },
  );
});
