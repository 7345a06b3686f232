import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../../src/http/edge/errors.ts";
import { MAX_READERS, Readers } from "../../../src/http/feeds/readers.ts";

Deno.test("Readers.enter() counts until it is left", () => {
  const readers = new Readers();
  const one = readers.enter();
  {
    using _two = readers.enter();
    assertEquals(readers.count, 2);
  }
  assertEquals(readers.count, 1);
  one[Symbol.dispose]();

  assertEquals(readers.count, 0);
});

Deno.test("Readers.enter() is left once, however often it is said", () => {
  const readers = new Readers();
  using _other = readers.enter();
  const reader = readers.enter();
  reader[Symbol.dispose]();
  reader[Symbol.dispose]();

  assertEquals(readers.count, 1);
});

Deno.test("Readers.enter() refuses more than the bound and says when to come again", () => {
  const readers = new Readers({ max: 2 });
  const one = readers.enter();
  using _two = readers.enter();
  const { status, headers } = assertThrows(() => readers.enter(), HttpError);
  assertEquals([status, headers["retry-after"]], [503, "5"]);
  assertEquals(readers.count, 2);
  one[Symbol.dispose]();
  using _three = readers.enter();

  assertEquals(readers.count, 2);
});

Deno.test("Readers.enter() lets 5,000 in where nothing else is said", () => {
  const readers = new Readers();
  for (let n = 0; n < MAX_READERS; n++) readers.enter();

  assertEquals(MAX_READERS, 5_000);
  assertThrows(() => readers.enter(), HttpError);
});
