import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  DEDUPE_WINDOW_MS,
  QUEUE_MAX_ITEMS,
} from "../../../src/store/kv/limits.ts";
import { DuplicateWindow } from "../../../src/store/writer/window.ts";
import { NOW_MS } from "../../support/store/store_fixture.ts";

/** A digest of this number; small ones share few places in a hash table. */
function digestOf(id: number): Uint8Array {
  const words = new Uint32Array([id < 100 ? id % 8 : id, id, 0, 0]);
  return new Uint8Array(words.buffer);
}

/** Adds one under its own id as number. */
function add(
  window: DuplicateWindow,
  id: number,
  { receivedAtMs = NOW_MS, number = id } = {},
): void {
  window.add({ digest: digestOf(id), receivedAtMs, number });
}

/** The number that a copy received at that time would be told. */
function find(
  window: DuplicateWindow,
  id: number,
  nowMs = NOW_MS,
): number | undefined {
  return window.find(digestOf(id), nowMs);
}

Deno.test("DuplicateWindow.find() gives nothing for what was never seen", () => {
  const window = new DuplicateWindow({ max: 10 });
  add(window, 8);
  assertEquals(find(window, 16), undefined);
});

Deno.test.each<[string, number, number | undefined]>([
  ["at once", 0, 1],
  ["for 15 minutes", 15 * 60 * 1_000, 1],
  ["no longer", 15 * 60 * 1_000 + 1, undefined],
  ["when the clock went back", -60_000, 1],
])("DuplicateWindow.find() knows a kept callback %s", (_, ageMs, expected) => {
  const window = new DuplicateWindow({ max: 10 });
  add(window, 1);
  assertEquals(find(window, 1, NOW_MS + ageMs), expected);
});

Deno.test("DuplicateWindow.trim() forgets what is too old", () => {
  const window = new DuplicateWindow({ max: 10 });
  for (const id of [1, 2, 3, 4]) {
    add(window, id, { receivedAtMs: NOW_MS + id * 60_000 });
  }
  window.trim(NOW_MS + 2 * 60_000 + DEDUPE_WINDOW_MS + 1);
  assertEquals(window.size, 2);
  assertEquals([2, 3].map((id) => find(window, id)), [undefined, 3]);
});

Deno.test("DuplicateWindow.add() forgets the oldest of too many", () => {
  const window = new DuplicateWindow({ max: 3 });
  for (const id of [1, 2, 3, 1]) add(window, id);
  assertEquals([1, 2, 3].map((id) => find(window, id)), [1, 2, 3]);
  add(window, 4);
  assertEquals([1, 2, 3].map((id) => find(window, id)), [1, undefined, 3]);
});

Deno.test("DuplicateWindow.add() of a window over nothing is forgotten", () => {
  const window = new DuplicateWindow({ max: 0 });
  add(window, 1);
  assertEquals([window.size, find(window, 1)], [0, undefined]);
});

Deno.test("DuplicateWindow stays right when its ring goes round many times", () => {
  const window = new DuplicateWindow({ max: 3 });
  for (let id = 1; id <= 3 * QUEUE_MAX_ITEMS; id++) {
    add(window, id);
    window.trim(NOW_MS);
  }
  const last = 3 * QUEUE_MAX_ITEMS;
  const around = [last - 3, last - 2, last - 1, last, last + 1];
  const found = around.map((id) => find(window, id));
  assertEquals(found, [undefined, last - 2, last - 1, last, undefined]);
});

const ANY_STEP = fc.record({ id: fc.nat(40), pauseMin: fc.nat(6) });

Deno.test("DuplicateWindow finds the same as a plain list does", () => {
  const anySteps = fc.array(ANY_STEP, { maxLength: 300 });
  fc.assert(
    fc.property(anySteps, fc.integer({ min: 1, max: 50 }), (steps, max) => {
      const window = new DuplicateWindow({ max });
      const plain: { id: number; receivedAtMs: number; number: number }[] = [];
      let nowMs = NOW_MS;
      for (const [index, { id, pauseMin }] of steps.entries()) {
        nowMs += pauseMin * 60_000;
        const sighting = { receivedAtMs: nowMs, number: index + 1 };
        add(window, id, sighting);
        plain.push({ id, ...sighting });
        window.trim(nowMs);
      }
      const isKnown = ({ receivedAtMs }: { receivedAtMs: number }) =>
        nowMs - receivedAtMs <= DEDUPE_WINDOW_MS;
      const kept = plain.slice(-max).filter(isKnown);
      for (let id = 0; id <= 40; id++) {
        const newest = kept.findLast((sighting) => sighting.id === id);
        assertEquals(find(window, id, nowMs), newest?.number);
      }
    }),
  );
});
