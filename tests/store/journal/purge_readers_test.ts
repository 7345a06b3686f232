import { assert, assertEquals, assertRejects } from "@std/assert";
import { getRecord, readPage } from "../../../src/store/journal/page.ts";
import { partKey } from "../../../src/store/kv/keys.ts";
import { beforeRead } from "../../support/store/before_read.ts";
import {
  ALL,
  dropPack,
  LARGE,
  openDays,
  purgeAll,
} from "../../support/store/purge_fixture.ts";
import { assertSameBytes } from "../../support/store/store_fixture.ts";

const READS = Array.from({ length: 12 }, (_, index) => [index + 1] as const);

Deno.test.each(READS)(
  "readPage() gives no wrong event when everything is purged before its read %d",
  async (read) => {
    using kv = await openDays(8);
    const reader = beforeRead(kv, { read, happen: () => purgeAll(kv, ALL) });
    const page = await readPage(reader, { after: 4, limit: 100 });

    if (page.kind === "behind") assertEquals(page.first, 25);
    else assertContinues(page, 4);
  },
);

Deno.test.each(READS)(
  "readPage() passes over no gap when some is purged before its read %d",
  async (read) => {
    using kv = await openDays(8, { large: true });
    const happen = () => purgeAll(kv, { ...ALL, floor: 5 });
    const page = await readPage(beforeRead(kv, { read, happen }), {
      after: 1,
      limit: 100,
    });

    if (page.kind === "behind") assertEquals(page.first, 6);
    else assertContinues(page, 1);
  },
);

Deno.test.each(READS)(
  "readPage() from the first kept begins anew when that is purged before its read %d",
  async (read) => {
    using kv = await openDays(8);
    const happen = () => purgeAll(kv, { ...ALL, floor: 12 });
    const reader = beforeRead(kv, { read, happen });
    const page = await readPage(reader, { limit: 100 });

    assert(page.kind === "page");
    const [first] = page.records;
    assert(first?.seq === 1 || first?.seq === 13, `${first?.seq}`);
    assertContinues(page, first.seq - 1);
  },
);

Deno.test("readPage() that loses a part of a later record ends before it", async () => {
  using kv = await openDays(3, { large: true });
  await dropPack(kv, 99, [partKey("journal", 2, 1)]);
  const page = await readPage(kv, { after: 0, limit: 100 });

  assert(page.kind === "page");
  assertEquals([page.records.length, page.next], [1, 1]);
  assertSameBytes(page.records[0]?.body, LARGE);
});

Deno.test("readPage() throws when what is missing was not purged", async () => {
  using kv = await openDays(3, { large: true });
  await dropPack(kv, 99, [partKey("journal", 2, 1)]);

  await assertRejects(
    () => readPage(kv, { after: 1, limit: 100 }),
    TypeError,
    "journal 2",
  );
});

Deno.test("readPage() of a journal that was purged whole is behind, or at its end", async () => {
  using kv = await openDays(2);
  await purgeAll(kv, ALL);

  const behind = { kind: "behind", first: 7, last: 6 } as const;
  assertEquals(await readPage(kv, { after: 0, limit: 9 }), behind);
  assertEquals(await readPage(kv, { after: 5, limit: 9 }), behind);
  const end = { kind: "page", records: [], next: 6 } as const;
  assertEquals(await readPage(kv, { after: 6, limit: 9 }), end);
  assertEquals(await readPage(kv, { limit: 9 }), end);
});

Deno.test("getRecord() of what is purged meanwhile is null", async () => {
  using kv = await openDays(3, { large: true });
  const reader = beforeRead(kv, { read: 3, happen: () => purgeAll(kv, ALL) });

  assertEquals(await getRecord(reader, 2), null);
});

function assertContinues(
  page: Awaited<ReturnType<typeof readPage>>,
  after: number,
): void {
  assert(page.kind === "page");
  const numbers = page.records.map(({ seq }) => seq);
  assertEquals(numbers, numbers.map((_, index) => after + 1 + index));
  assertEquals(page.next, after + numbers.length);
  assert(numbers.length > 0);
}
