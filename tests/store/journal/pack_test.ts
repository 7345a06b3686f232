import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { VALUE_MAX_BYTES } from "../../../src/store/kv/limits.ts";
import {
  decodePack,
  type Item,
  LATEST_BYTES,
  type PackedItem,
  splitPayload,
} from "../../../src/store/journal/pack.ts";
import { PackBuilder } from "../../../src/store/journal/pack_builder.ts";
import { itemOf } from "../../support/store/store_fixture.ts";

const BATCH_ID = new Uint8Array(16).fill(7);
const ROOM_BYTES = VALUE_MAX_BYTES - 19 - 37 - LATEST_BYTES;

const ANY_ITEM: fc.Arbitrary<Item> = fc.record({
  app: fc.constantFrom(0, 1, 1_400_000_000, 2 ** 32 - 1),
  receivedAtMs: fc.constantFrom(0, 1.5, 2 ** 32, Number.MAX_SAFE_INTEGER),
  digest: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  isRecognisable: fc.boolean(),
  meta: fc.string({ unit: "grapheme", maxLength: 200 }),
  body: fc.oneof(fc.nat(600), fc.nat(70_000)).map((size) =>
    new Uint8Array(size).fill(size)
  ),
});
const ANY_NUMBER = fc.constantFrom(1, 2 ** 31, 2 ** 32, 2 ** 53 - 10);

function assertSame(
  packed: PackedItem | undefined,
  item: Item,
  payload = packed?.payload,
): void {
  assert(packed !== undefined && payload !== undefined);
  const { app, receivedAtMs, digest, isRecognisable } = packed;
  const { meta, body } = splitPayload(payload, packed.metaLength);
  const read = { app, receivedAtMs, digest, isRecognisable, meta, body };
  assertEquals(read, { ...item });
}

Deno.test("decodePack() gives back what PackBuilder.add() took, under dense numbers", () => {
  const anyItems = fc.array(ANY_ITEM, { maxLength: 8 });
  fc.assert(fc.property(ANY_NUMBER, anyItems, (first, items) => {
    const builder = new PackBuilder(first, BATCH_ID);
    const taken = items.filter((item) => builder.add(item));
    const pack = decodePack(first, builder.finish());
    assertEquals(pack.batchId, BATCH_ID);
    assertEquals(pack.items.length, taken.length);
    for (const [index, item] of taken.entries()) {
      assertSame(pack.items[index], item);
      assertEquals(pack.items[index]?.number, first + index);
    }
  }));
});

Deno.test("decodePack() of a spilled item tells how many parts hold its payload", () => {
  fc.assert(
    fc.property(ANY_NUMBER, ANY_ITEM, (first, item) => {
      const builder = new PackBuilder(first, BATCH_ID);
      const parts = builder.addSpilled(item);
      const [packed] = decodePack(first, builder.finish()).items;
      assertEquals(packed?.partCount, parts.length);
      assert(parts.every((part) => part.length <= VALUE_MAX_BYTES));
      const payload = Uint8Array.from(parts.flatMap((part) => [...part]));
      assertSame(packed, item, payload);
    }),
    { numRuns: 30 },
  );
});

Deno.test("PackBuilder.add() fills a value to its last byte", () => {
  const builder = new PackBuilder(1, BATCH_ID);
  const item = itemOf("a", {
    meta: "{}",
    body: new Uint8Array(ROOM_BYTES - 2),
  });
  assert(builder.add(item));
  assertEquals(builder.finish().length, VALUE_MAX_BYTES);
  assertSame(decodePack(1, builder.finish()).items[0], item);
});

Deno.test("PackBuilder.add() leaves the pack as it is when an item is a byte too large", () => {
  const builder = new PackBuilder(1, BATCH_ID);
  assert(builder.add(itemOf("first")));
  const before = builder.finish().slice();
  assert(!builder.add(itemOf("a", { body: new Uint8Array(ROOM_BYTES) })));
  assertEquals(builder.finish(), before);
  assert(builder.add(itemOf("second")));
  assertEquals(decodePack(1, builder.finish()).items.length, 2);
});

Deno.test("PackBuilder.add() counts a meta's bytes, not its characters", () => {
  const meta = "群".repeat(ROOM_BYTES / 2);
  const builder = new PackBuilder(1, BATCH_ID);
  assert(!builder.add(itemOf("a", { meta, body: new Uint8Array(0) })));
  assertEquals(builder.count, 0);
});

Deno.test("PackBuilder.add() takes items without any bytes", () => {
  const builder = new PackBuilder(1, BATCH_ID);
  const item = itemOf("a", { meta: "", body: new Uint8Array(0) });
  while (builder.add(item));
  const { items } = decodePack(1, builder.finish());
  assertEquals(
    items.length,
    Math.floor((VALUE_MAX_BYTES - 19 - LATEST_BYTES) / 37),
  );
  assertSame(items.at(-1), item);
});

Deno.test.each([
  ["nothing", new Uint8Array(0)],
  ["another format", new Uint8Array(19).fill(2, 0, 1)],
  ["a header cut short", new Uint8Array(18).fill(1)],
])("decodePack() of %s throws a TypeError that names the pack", (_, value) => {
  assertThrows(() => decodePack(42, value), TypeError, "pack 42");
});

Deno.test.each([
  [undefined, 7],
  [5, 7],
  [9, 9],
])("decodePack() tells the latest time behind %s: %d", (latestMs, expected) => {
  const builder = new PackBuilder(1, BATCH_ID, { latestMs });
  builder.add(itemOf("later", { receivedAtMs: 7 }));
  builder.add(itemOf("earlier", { receivedAtMs: 3 }));

  assertEquals(decodePack(1, builder.finish()).latestMs, expected);
});

Deno.test("decodePack() of a pack cut short anywhere throws a TypeError", () => {
  const builder = new PackBuilder(1, BATCH_ID);
  builder.add(itemOf("first"));
  builder.add(itemOf("second"));
  const whole = builder.finish();
  for (let length = 0; length < whole.length; length++) {
    const cut = whole.slice(0, length);
    assertThrows(() => decodePack(1, cut), TypeError, "pack 1");
  }
});
