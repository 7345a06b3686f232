import { assertEquals } from "@std/assert";
import {
  event,
  journalItems,
  names,
  openWriter,
} from "../../support/store/store_fixture.ts";

const arrivals = (prefix: string, count: number) =>
  names(prefix, count).map((name) => event(name));

Deno.test("Writer.appendAll() keeps items in their order", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);

  const outcomes = await writer.appendAll(arrivals("e", 50));

  assertEquals(
    outcomes.map((outcome) => outcome.ok && outcome.number),
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
  const kept = await journalItems(kv);
  assertEquals(kept.map(({ name }) => name), names("e", 50));
});

Deno.test("Writer.appendAll() refuses all when there is no room for one of them", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv, { maxItems: 10 });
  const first = writer.append(event("first"));

  const outcomes = await writer.appendAll(arrivals("e", 10));

  assertEquals(
    outcomes,
    Array.from({ length: 10 }, () => ({ ok: false, reason: "full" })),
  );
  assertEquals((await first).ok, true);
  assertEquals((await journalItems(kv)).length, 1);
});

Deno.test("Writer.appendAll() refuses all bytes it has no room for", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const body = new Uint8Array(700_000);
  const large = names("e", 100).map((name) => event(name, { body }));

  const outcomes = await writer.appendAll(large);

  assertEquals(outcomes.every(({ ok }) => !ok), true);
  assertEquals(await journalItems(kv), []);
});

Deno.test("Writer.appendAll() refuses when the Writer is closed", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = await openWriter(kv);
  await writer[Symbol.asyncDispose]();

  assertEquals(await writer.appendAll([event("e")]), [
    { ok: false, reason: "closed" },
  ]);
});
