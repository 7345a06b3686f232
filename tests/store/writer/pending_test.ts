import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Pending } from "../../../src/store/writer/dedupe.ts";
import {
  openQueuedItem,
  type QueuedItem,
} from "../../../src/store/writer/queued_item.ts";
import { event } from "../../support/store/store_fixture.ts";

/** An entry whose digest is this number; many share a place in the hash table. */
function entryOf(id: number): QueuedItem {
  const words = new Uint32Array([id % 8, id, 0, 0]);
  const item = { ...event("a").item, digest: new Uint8Array(words.buffer) };
  return openQueuedItem({ sequence: "journal", item }, true);
}

Deno.test("Pending.find() gives nothing where nothing is", () => {
  assertEquals(new Pending().find(entryOf(1).item.digest), undefined);
});

Deno.test("Pending.delete() of another entry with the same digest changes nothing", () => {
  const pending = new Pending();
  const entry = entryOf(1);
  pending.add(entry);
  pending.delete(entryOf(1));
  assertEquals(pending.find(entry.item.digest), entry);
});

Deno.test("Pending.delete() may be called again", () => {
  const pending = new Pending();
  const [first, second] = [entryOf(1), entryOf(2)];
  pending.add(first);
  pending.delete(first);
  pending.delete(first);
  pending.add(second);
  pending.add(first);
  assertEquals(pending.find(first.item.digest), first);
  assertEquals(pending.find(second.item.digest), second);
});

Deno.test("Pending grows with what it holds, and holds nothing in the end", () => {
  const pending = new Pending();
  const entries = Array.from({ length: 3_000 }, (_, id) => entryOf(id));
  for (const entry of entries) pending.add(entry);
  const isFound = (entry: QueuedItem) =>
    pending.find(entry.item.digest) === entry;
  assertEquals(entries.every(isFound), true);
  for (const entry of entries) pending.delete(entry);
  assertEquals(entries.some(isFound), false);
});

Deno.test("Pending finds the same as a Map does", () => {
  const anySteps = fc.array(fc.nat(400), { maxLength: 2_000 });
  fc.assert(
    fc.property(anySteps, (ids) => {
      const pending = new Pending();
      const plain = new Map<number, QueuedItem>();
      for (const id of ids) {
        const known = plain.get(id);
        if (known === undefined) {
          const entry = entryOf(id);
          pending.add(entry);
          plain.set(id, entry);
        } else {
          pending.delete(known);
          plain.delete(id);
        }
      }
      for (const id of new Set(ids)) {
        assertEquals(pending.find(entryOf(id).item.digest), plain.get(id));
      }
    }),
    { numRuns: 30 },
  );
});
