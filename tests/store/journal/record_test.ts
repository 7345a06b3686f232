import { assertEquals } from "@std/assert";
import { getRecord } from "../../../src/store/journal/page.ts";
import { packKey, partKey } from "../../../src/store/kv/keys.ts";
import {
  assertSameBytes,
  event,
  openJournal,
  openWriter,
} from "../../support/store/store_fixture.ts";

Deno.test("getRecord() finds any record by its number", async () => {
  using kv = await openJournal();
  for (let seq = 1; seq <= 10; seq++) {
    assertEquals((await getRecord(kv, seq))?.seq, seq);
  }
});

Deno.test.each([-1, 0, 11, 2 ** 53])(
  "getRecord() of %d is null where the journal ends at 10",
  async (seq) => {
    using kv = await openJournal();
    assertEquals(await getRecord(kv, seq), null);
  },
);

Deno.test("getRecord() is null for what was purged", async () => {
  using kv = await openJournal();
  await kv.delete(packKey("journal", 1));
  assertEquals(await getRecord(kv, 2), null);
  assertEquals((await getRecord(kv, 5))?.seq, 5);
});

Deno.test("getRecord() is null when a part has just been purged", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  await writer.append(event("a", { body: new Uint8Array(200_000) }));
  await kv.delete(partKey("journal", 1, 1));
  assertEquals(await getRecord(kv, 1), null);
});

Deno.test("getRecord() reads a body of more parts than one getMany takes", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const body = new Uint8Array(720_000).map((_, index) => index * 31);
  await writer.append(event("a", { body }));
  assertSameBytes((await getRecord(kv, 1))?.body, body);
});
