import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { VALUE_MAX_BYTES } from "../../../src/store/kv/limits.ts";
import {
  decodeLaneBatch,
  encodeLaneBatch,
  isMoved,
  type LaneItem,
  partCountOf,
} from "../../../src/store/lanes/lane_batch.ts";
import { MOVED } from "../../../src/store/writer/committer.ts";
import { event } from "../../support/store/store_fixture.ts";

const ANY_ITEM: fc.Arbitrary<LaneItem> = fc.record({
  sequence: fc.constantFrom("journal", "quarantine"),
  item: fc.record({
    app: fc.nat(),
    receivedAtMs: fc.nat(2 ** 42),
    digest: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    isRecognisable: fc.boolean(),
    meta: fc.string({ unit: "grapheme" }),
    body: fc.uint8Array({ maxLength: 2_000 }),
  }),
});

Deno.test("decodeLaneBatch() reads what encodeLaneBatch() writes", () => {
  fc.assert(fc.property(fc.array(ANY_ITEM), (items) => {
    const values = encodeLaneBatch(items);
    assertEquals(partCountOf(values.value), values.parts.length);
    assertEquals(isMoved(values.value), false);
    assertEquals(decodeLaneBatch(values), items);
  }));
});

Deno.test("encodeLaneBatch() lays a large batch out in parts that the store takes", () => {
  const body = new Uint8Array(700_000).map((_, index) => index * 31);
  const items = [event("a", { body }), event("b")];
  const values = encodeLaneBatch(items);

  assertEquals(values.parts.length, 11);
  assertEquals(
    values.parts.every((part) => part.length <= VALUE_MAX_BYTES),
    true,
  );
  assertEquals(decodeLaneBatch(values), items);
});

Deno.test("isMoved() knows the marker, and decodeLaneBatch() refuses it", () => {
  assertEquals(isMoved(MOVED), true);
  assertThrows(
    () => decodeLaneBatch({ value: MOVED, parts: [] }),
    TypeError,
    "expected format 1, got 0",
  );
});
