import { serialize } from "node:v8";
import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import {
  isTooLarge,
  keptText,
  mutationBytes,
  textOfKept,
} from "../../../src/store/kv/size.ts";

/** What V8 puts before a value, bytes; the store does the same. */
const HEAD_BYTES = 2;

const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ unit: "grapheme", maxLength: 200 }),
);

Deno.test("mutationBytes() says no less than a value takes", () => {
  const json = fc.jsonValue({ stringUnit: "binary" });
  const values = fc.oneof(json, fc.uint8Array(), texts, fc.array(texts));
  fc.assert(
    fc.property(values, (value) => {
      const bytes = serialize(value).length - HEAD_BYTES;

      assert(mutationBytes({ key: [], value }) >= bytes);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("mutationBytes() says no less than a key takes", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const char of ["x", "\0", "鍵", "é"]) {
    // The longest key that the store takes.
    let length = 1;
    while (await isTaken(kv, [char.repeat(length + 1)])) length++;

    const bytes = mutationBytes({ key: [char.repeat(length)] });
    assert(bytes >= 2_046, `${char}: ${bytes}`);
  }
});

async function isTaken(kv: Deno.Kv, key: Deno.KvKey): Promise<boolean> {
  return await kv.set(key, 0).then(() => true, () => false);
}

Deno.test("keptText() gives back what it was given, in the smaller form", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const json = JSON.stringify(text);
      const kept = keptText(json);

      assertEquals(textOfKept(kept), json);
      assert(serialize(kept).length <= serialize(json).length + 20);
    }),
  );
  const mixed = `${"x".repeat(1_000)}鍵`;
  assertEquals(keptText(mixed).length, 1_003);
});

Deno.test("isTooLarge() knows what the store says of it", async () => {
  using kv = await Deno.openKv(":memory:");
  const refusals = [
    kv.set(["a"], "x".repeat(70_000)),
    kv.set(["a".repeat(3_000)], 0),
    many(kv, 20, (n) => [["t", n], "x".repeat(60_000)]),
    many(kv, 60, (n) => [["t", n, "x".repeat(1_900)], 0]),
    many(kv, 1_200, (n) => [["t", n], 0]),
  ];
  for (const refusal of refusals) {
    const error = await refusal.then(() => undefined, (error) => error);

    assertEquals(isTooLarge(error), true, String(error));
  }
  assertEquals(isTooLarge(new TypeError("database or disk is full")), false);
});

function many(
  kv: Deno.Kv,
  count: number,
  entryOf: (n: number) => [Deno.KvKey, unknown],
): Promise<unknown> {
  const operation = kv.atomic();
  for (let n = 0; n < count; n++) operation.set(...entryOf(n));
  return operation.commit();
}
