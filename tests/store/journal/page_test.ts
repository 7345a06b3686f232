import { assert, assertEquals } from "@std/assert";
import {
  encodeHead,
  openHead,
  readHead,
} from "../../../src/store/journal/head.ts";
import {
  type PageBackOptions,
  type PageOptions,
  readExtent,
  readPage,
  readPageBack,
} from "../../../src/store/journal/page.ts";
import { HEAD_KEY, packKey } from "../../../src/store/kv/keys.ts";
import { PAGE_MAX_PACKS } from "../../../src/store/kv/limits.ts";
import {
  appendAll,
  event,
  openJournal,
  openWriter,
} from "../../support/store/store_fixture.ts";

const LARGE = new Uint8Array(200_000).map((_, index) => index * 31);

/** A page as its numbers and its end. */
async function page(
  kv: Deno.Kv,
  options: Partial<PageOptions> = {},
): Promise<{ numbers: number[]; next: number }> {
  const result = await readPage(kv, { limit: 100, ...options });
  assert(result.kind === "page");
  const numbers = result.records.map(({ seq }) => seq);
  return { numbers, next: result.next };
}

Deno.test("readPage() of an empty journal is an empty page", async () => {
  using kv = await Deno.openKv(":memory:");
  await openHead(kv, { nowMs: 0 });
  assertEquals(await page(kv), { numbers: [], next: 0 });
  assertEquals(await page(kv, { after: 0 }), { numbers: [], next: 0 });
});

Deno.test.each<[number | undefined, number, number[]]>([
  [undefined, 100, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  [0, 3, [1, 2, 3]],
  [0, 4, [1, 2, 3, 4]],
  [0, 5, [1, 2, 3, 4, 5]],
  [2, 4, [3, 4, 5, 6]],
  [4, 1, [5]],
  [5, 2, [6, 7]],
  [6, 100, [7, 8, 9, 10]],
  [9, 100, [10]],
])(
  "readPage() after %s with limit %d begins and ends anywhere in a pack",
  async (after, limit, numbers) => {
    using kv = await openJournal();
    const next = numbers.at(-1) ?? 0;
    const options = after === undefined ? { limit } : { after, limit };
    assertEquals(await page(kv, options), { numbers, next });
  },
);

Deno.test("readPage() after the last number is an empty page that ends there", async () => {
  using kv = await openJournal();
  assertEquals(await page(kv, { after: 10 }), { numbers: [], next: 10 });
});

Deno.test("readPage() beyond the head is ahead and says what there is", async () => {
  using kv = await openJournal();
  const result = await readPage(kv, { after: 11, limit: 1 });
  assertEquals(result, { kind: "ahead", first: 1, last: 10 });
});

Deno.test("readPage() before the first kept number is behind and says what there is", async () => {
  using kv = await openJournal();
  await kv.delete(packKey("journal", 1));
  const behind = await readPage(kv, { after: 3, limit: 1 });
  assertEquals(behind, { kind: "behind", first: 5, last: 10 });
  const first = await page(kv, { limit: 2 });
  assertEquals(first, { numbers: [5, 6], next: 6 });
  assertEquals(await page(kv, { after: 4, limit: 2 }), first);
});

Deno.test("readPage() of a journal that was purged whole is behind until its end", async () => {
  using kv = await openJournal();
  for (const first of [1, 5, 8]) await kv.delete(packKey("journal", first));
  const behind = await readPage(kv, { after: 9, limit: 1 });
  assertEquals(behind, { kind: "behind", first: 11, last: 10 });
  assertEquals(await page(kv, { after: 10 }), { numbers: [], next: 10 });
  assertEquals(await page(kv), { numbers: [], next: 10 });
});

Deno.test("readPage() gives large records whole wherever the page begins", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const large = { body: LARGE };
  const all = [event("a"), event("b", large), event("c", large), event("d")];
  await appendAll(writer, all);
  for (let after = 0; after < 4; after++) {
    const result = await readPage(kv, { after, limit: 10 });
    assert(result.kind === "page");
    assertEquals(
      result.records.map(({ seq }) => seq),
      [1, 2, 3, 4].slice(after),
    );
    const bodies = result.records.map(({ body }) => body);
    assertEquals(bodies, all.slice(after).map(({ item }) => item.body));
  }
});

Deno.test.each<[number, number[]]>([
  [0, [1]],
  [4, [1]],
  [7, [1]],
  [8, [1, 2]],
  [12, [1, 2, 3]],
])(
  "readPage() ends at %d bytes of bodies but gives at least one",
  async (maxBytes, numbers) => {
    using kv = await Deno.openKv(":memory:");
    await using writer = await openWriter(kv);
    await appendAll(
      writer,
      ["aaaa", "bbbb", "cccc"].map((name) => event(name)),
    );
    const next = numbers.at(-1) ?? 0;
    assertEquals(await page(kv, { after: 0, maxBytes }), { numbers, next });
  },
);

Deno.test("readPage() looks through no more than PAGE_MAX_PACKS packs", async () => {
  using kv = await openJournal();
  const { value } = await kv.get<Uint8Array>(packKey("journal", 8));
  const last = 10 + 3 * PAGE_MAX_PACKS;
  const packs = Array.from({ length: PAGE_MAX_PACKS }, (_, i) => 11 + 3 * i);
  for (let at = 0; at < packs.length; at += 500) {
    const commit = kv.atomic();
    for (const first of packs.slice(at, at + 500)) {
      commit.set(packKey("journal", first), value);
    }
    const head = encodeHead({ ...await readHead(kv), journal: last });
    await commit.set(HEAD_KEY, head).commit();
  }
  const { next } = await page(kv, { after: 10, limit: 1_000_000 });
  assertEquals(next, last);
  assertEquals((await page(kv, { after: 7, limit: 1_000_000 })).next, last - 3);
});

Deno.test("readPage() follows `next` through the whole journal without gap or repeat", async () => {
  using kv = await openJournal();
  for (let limit = 1; limit <= 11; limit++) {
    const numbers: number[] = [];
    for (let after = 0; after < 10;) {
      const found = await page(kv, { after, limit });
      numbers.push(...found.numbers);
      after = found.next;
    }
    assertEquals(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  }
});

Deno.test("readExtent() tells the first and the last kept number", async () => {
  using kv = await openJournal();
  assertEquals(await readExtent(kv), { first: 1, last: 10 });
  await kv.delete(packKey("journal", 1));
  assertEquals(await readExtent(kv), { first: 5, last: 10 });
});

/** A page read backwards as its numbers and its end. */
async function pageBack(
  kv: Deno.Kv,
  options: Partial<PageBackOptions> = {},
): Promise<{ numbers: number[]; next: number }> {
  const result = await readPageBack(kv, { limit: 100, ...options });
  assert(result.kind === "page");
  const numbers = result.records.map(({ seq }) => seq);
  return { numbers, next: result.next };
}

Deno.test.each<[number | undefined, number, number[]]>([
  [undefined, 100, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
  [11, 3, [10, 9, 8]],
  [8, 4, [7, 6, 5, 4]],
  [3, 100, [2, 1]],
  [2, 1, [1]],
  [1, 100, []],
])(
  "readPageBack() before %s with limit %d begins and ends anywhere in a pack",
  async (before, limit, numbers) => {
    using kv = await openJournal();
    const next = numbers.at(-1) ?? before ?? 0;

    assertEquals(await pageBack(kv, { before, limit }), { numbers, next });
  },
);

Deno.test("readPageBack() gives large bodies whole, wherever they lie", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const large = { body: LARGE };
  for (
    const [name, options] of [["a", large], ["b", {}], ["c", large]] as const
  ) {
    await appendAll(writer, [event(name, options)]);
  }
  const result = await readPageBack(kv, { limit: 10 });
  assert(result.kind === "page");

  assertEquals(result.records.map(({ seq }) => seq), [3, 2, 1]);
  assertEquals(result.records[0]?.body, LARGE);
  assertEquals(result.records[2]?.body, LARGE);
});

Deno.test("readPageBack() ends a page at 2,000 packs, and next goes on", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  for (let n = 0; n < PAGE_MAX_PACKS + 1; n++) {
    await writer.append(event(`${n}`));
  }
  const filter = { app: 99 };
  const first = await pageBack(kv, { filter });
  const rest = await pageBack(kv, { filter, before: first.next });

  assertEquals([first.next, rest.next], [2, 1]);
});
