import { assertEquals } from "@std/assert";
import { revalidate, type Revalidation } from "../../src/ingest/revalidate.ts";
import { getRecord } from "../../src/store/journal/page.ts";
import { HEAD_KEY, QUARANTINE_PREFIX } from "../../src/store/kv/keys.ts";
import { BODY_MAX_BYTES, INLINE_MAX_BYTES } from "../../src/store/kv/limits.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import {
  deleteQuarantined,
  getQuarantined,
} from "../../src/store/quarantine/quarantine.ts";
import { recallQuarantineIndex } from "../../src/store/quarantine/quarantine_index.ts";
import { until } from "../support/until.ts";
import { journalItems, keysBelow } from "../support/store/store_fixture.ts";
import {
  APP,
  bytesOf,
  CREATED,
  CREATED_BODY,
  NOW_MS,
  searchOf,
} from "../support/ingest/callback_fixture.ts";
import { meetFailure, openStalled } from "../support/ingest/stalled_store.ts";

const EARLIER_MS = NOW_MS - 86_400_000;
const QUERY = searchOf({ Sign: undefined });

function open(): Promise<Store> {
  const now = () => NOW_MS;
  return openStore({ path: ":memory:", dedupeMax: 100, now });
}

/** Sets a body aside as an imhook of yesterday may have done, which knew less. */
async function setAside(
  { journalWriter }: Pick<Store, "journalWriter">,
  body: unknown,
  {
    query = QUERY,
    reason = "an old reason",
    receivedAtMs = EARLIER_MS,
  } = {},
): Promise<number> {
  const outcome = await journalWriter.append({
    sequence: "quarantine",
    item: {
      app: APP.id,
      receivedAtMs,
      digest: new Uint8Array(16),
      isRecognisable: false,
      meta: JSON.stringify({ code: 42202, reason, query }),
      body: body instanceof Uint8Array ? body : bytesOf(body),
    },
  });
  return outcome.ok ? outcome.number : 0;
}

/** A result in a few words. */
function told(result: Revalidation): string {
  switch (result.kind) {
    case "journaled":
      return `journaled as ${result.seq}`;
    case "kept":
      return `kept: ${result.item.meta.code} ${result.item.meta.reason}`;
    case "refused":
      return `refused: ${result.reason}`;
    case "missing":
    case "late":
      return result.kind;
  }
}

Deno.test("revalidate() moves what passes to the journal with its receive time and a mark", async () => {
  await using store = await open();
  const id = await setAside(store, CREATED_BODY);
  assertEquals(told(await revalidate(store, id)), "journaled as 1");
  const record = await getRecord(store.reader, 1);

  assertEquals(record?.receivedAtMs, EARLIER_MS);
  assertEquals(record?.app, APP.id);
  assertEquals(record?.body, bytesOf(CREATED_BODY));
  assertEquals(record?.meta, {
    command: CREATED,
    group: CREATED_BODY.GroupId,
    eventTimeMs: NOW_MS,
    clientIp: "203.0.113.9",
    platform: "iOS",
    warnings:
      "EventTime: expected at most 5 minutes after the receive time, got a later time",
    revalidated: true,
  });
});

Deno.test("revalidate() appends and removes in one commit", async () => {
  await using store = await open();
  const large = { ...CREATED_BODY, filler: "x".repeat(BODY_MAX_BYTES - 100) };
  const id = await setAside(store, large);
  assertEquals(told(await revalidate(store, id)), "journaled as 1");
  const { versionstamp } = await store.reader.get(["journal", 1]);
  const head = await store.reader.get(HEAD_KEY);

  assertEquals(await keysBelow(store.reader, QUARANTINE_PREFIX), []);
  assertEquals(head.versionstamp, versionstamp);
  assertEquals(store.quarantineIndex.size, 0);
});

Deno.test("revalidate() leaves an item where it was when its commit is refused", async () => {
  await using store = await open();
  const id = await setAside(store, CREATED_BODY);
  await store.journalWriter[Symbol.asyncDispose]();

  assertEquals(told(await revalidate(store, id)), "refused: shutting down");
  const item = await getQuarantined(store.reader, id);
  assertEquals(item?.meta.reason, "an old reason");
  assertEquals(store.quarantineIndex.size, 1);
});

Deno.test("revalidate() refuses at once while the store fails, and says why", async () => {
  await using store = await openStalled(
    Array(1_000).fill("fails"),
    (journalWriter) => setAside({ journalWriter }, CREATED_BODY),
  );
  const reason = await meetFailure(store);

  assertEquals(told(await revalidate(store, 1)), `refused: ${reason}`);
  assertEquals(store.quarantineIndex.size, 1);
});

Deno.test("revalidate() does not wait for a silent store, and journals once", async () => {
  await using store = await openStalled(
    ["stays silent", "lands late"],
    (journalWriter) => setAside({ journalWriter }, CREATED_BODY),
  );

  assertEquals(told(await revalidate(store, 1, { patienceMs: 1 })), "late");
  await until(
    "it is journaled",
    () => store.journalWriter.head.journal || undefined,
  );
  assertEquals(told(await revalidate(store, 1)), "missing");
  assertEquals((await journalItems(store.reader)).length, 1);
});

const GROUP = "GroupId: expected a non-empty string, got number";

Deno.test.each<[unknown, string, string]>([
  [{ GroupId: 5 }, QUERY, `kept: 42202 ${GROUP}`],
  ["x", QUERY, "kept: 42200 Body: expected a JSON object in UTF-8"],
  [
    {},
    searchOf({ Sign: undefined, CallbackCommand: undefined }),
    "kept: 42201 CallbackCommand: expected a command in the query or the body",
  ],
])("revalidate() keeps %j with the reason of today", async (
  body,
  query,
  expected,
) => {
  await using store = await open();
  const id = await setAside(store, body, { query });
  const result = told(await revalidate(store, id));
  const item = await getQuarantined(store.reader, id);

  assertEquals(result.slice(0, 11), expected.slice(0, 11));
  assertEquals(`kept: ${item?.meta.code} ${item?.meta.reason}`, result);
  assertEquals(item?.meta.query, query);
  assertEquals(item?.receivedAtMs, EARLIER_MS);
  assertEquals(item?.body, bytesOf(body));
  assertEquals(store.tail.last, 0);
});

Deno.test("revalidate() moves an item that it had kept once", async () => {
  await using store = await open();
  const id = await setAside(store, { GroupId: 5 });
  assertEquals(told(await revalidate(store, id)), `kept: 42202 ${GROUP}`);
  assertEquals(told(await revalidate(store, id)), `kept: 42202 ${GROUP}`);

  assertEquals(await keysBelow(store.reader, QUARANTINE_PREFIX), [
    ["quarantine", 1],
  ]);
});

Deno.test.each([["long", "r".repeat(200)], ["short", ""]])(
  "revalidate() leaves no part behind when the reason was %s",
  async (_, reason) => {
    await using store = await open();
    // With one reason the body fits beside it, with the other it takes parts.
    for (
      let size = INLINE_MAX_BYTES - 800;
      size < INLINE_MAX_BYTES;
      size += 10
    ) {
      const body = new Uint8Array(size).fill(0x78);
      const id = await setAside(store, body, { reason });
      await revalidate(store, id);
      const item = await getQuarantined(store.reader, id);
      assertEquals(item?.body.length, size);
      // As this process knows it, and as one does that has started since.
      const isNew = size % 20 === 0;
      const quarantineIndex = isNew
        ? await recallQuarantineIndex(store.reader)
        : store.quarantineIndex;
      const { side } = store;
      assertEquals(
        await deleteQuarantined({ fenced: side, quarantineIndex }, id),
        true,
      );
    }

    assertEquals(await keysBelow(store.reader, QUARANTINE_PREFIX), []);
    assertEquals((await recallQuarantineIndex(store.reader)).size, 0);
  },
);

Deno.test("revalidate() adds nothing where a copy was journaled meanwhile", async () => {
  await using store = await open();
  const recently = { receivedAtMs: NOW_MS - 60_000 };
  const [one, two] = [
    await setAside(store, CREATED_BODY, recently),
    await setAside(store, CREATED_BODY, recently),
  ];
  assertEquals(told(await revalidate(store, one)), "journaled as 1");
  assertEquals(told(await revalidate(store, two)), "journaled as 1");

  assertEquals(store.tail.last, 1);
  assertEquals(await keysBelow(store.reader, QUARANTINE_PREFIX), []);
  assertEquals(store.quarantineIndex.size, 0);
});

Deno.test.each([CREATED_BODY, { GroupId: "g" }])(
  "revalidate() journals %j once when it is asked twice at once",
  async (body) => {
    await using store = await open();
    const id = await setAside(store, body);
    const both = await Promise.all([
      revalidate(store, id),
      revalidate(store, id),
    ]);

    const [first, second = ""] = both.map(told).toSorted();
    assertEquals(first, "journaled as 1");
    assertEquals(["journaled as 1", "missing"].includes(second), true);
    assertEquals([store.tail.last, store.quarantineIndex.size], [1, 0]);
    assertEquals(told(await revalidate(store, id)), "missing");
  },
);

Deno.test("revalidate() finds nothing under a number that is not kept", async () => {
  await using store = await open();
  const id = await setAside(store, CREATED_BODY);
  await deleteQuarantined(store, id);

  for (const number of [id, id + 1, 0]) {
    assertEquals(told(await revalidate(store, number)), "missing");
  }
  assertEquals(store.tail.last, 0);
});

Deno.test("revalidate() and deleteQuarantined() at once leave one trace", async () => {
  await using store = await open();
  const id = await setAside(store, CREATED_BODY);
  await Promise.all([revalidate(store, id), deleteQuarantined(store, id)]);

  assertEquals(await keysBelow(store.reader, QUARANTINE_PREFIX), []);
  assertEquals(store.quarantineIndex.size, 0);
});
