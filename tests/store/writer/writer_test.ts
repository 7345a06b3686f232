import { assert, assertEquals } from "@std/assert";
import { HEAD_KEY } from "../../../src/store/kv/keys.ts";
import {
  BODY_MAX_BYTES,
  COMMIT_MAX_BYTES,
} from "../../../src/store/kv/limits.ts";
import { getRecord } from "../../../src/store/journal/page.ts";
import type { Item } from "../../../src/store/journal/pack.ts";
import { FaultyKv } from "../../support/store/faulty_kv.ts";
import {
  appendAll,
  assertSameBytes,
  event,
  journalNames,
  names,
  NOW_MS,
  oddity,
  openWriter,
  told,
} from "../../support/store/store_fixture.ts";

Deno.test("Writer.append() settles only when the item can be read", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  for (const number of [1, 2, 3]) {
    const outcome = await writer.append(event(`e${number}`));
    assertEquals(told(outcome), number);
    assertEquals((await getRecord(kv, number))?.seq, number);
  }
});

Deno.test("Writer.append() settles nothing while the commit has no outcome", async () => {
  using kv = await Deno.openKv(":memory:");
  const landed = Promise.withResolvers<void>();
  const faulty = new FaultyKv(kv, {
    commits: ["loses"],
    rival: () => landed.promise,
  });
  await using writer = await openWriter(kv, { kv: faulty });
  const settled: string[] = [];
  const append = writer.append(event("a")).then(() => settled.push("append"));
  await kv.get(HEAD_KEY).then(() => settled.push("another read"));
  landed.resolve();
  await append;
  assertEquals(settled, ["another read", "append"]);
});

Deno.test("Writer.append() commits together what arrives together, in order", async () => {
  using kv = await Deno.openKv(":memory:");
  let commits = 0;
  await using writer = await openWriter(kv, { onCommit: () => commits++ });
  const all = names("e", 100);
  const outcomes = await appendAll(writer, all.map((name) => event(name)));
  assertEquals(outcomes.map(told), all.map((_, index) => index + 1));
  assertEquals(await journalNames(kv), all);
  assertEquals(commits, 1);
});

Deno.test("Writer.append() takes several commits when one has no room", async () => {
  using kv = await Deno.openKv(":memory:");
  let commits = 0;
  await using writer = await openWriter(kv, { onCommit: () => commits++ });
  const all = names("e", 2_500);
  await appendAll(writer, all.map((name) => event(name)));
  assertEquals((await journalNames(kv)).join(), all.join());
  assert(commits >= 3);
});

Deno.test("Writer.append() keeps a body of the largest size with a large meta", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const body = new Uint8Array(BODY_MAX_BYTES).map((_, index) => index * 31);
  const meta = JSON.stringify({ command: "c".repeat(20_000) });
  const outcome = await writer.append(event("big", { body, meta }));
  assertEquals(told(outcome), 1);
  assertSameBytes((await getRecord(kv, 1))?.body, body);
});

Deno.test.each([61_439, 61_440, 61_441, 65_535, 65_536, 65_537, 131_073])(
  "Writer.append() keeps a body of %d bytes whole",
  async (size) => {
    using kv = await Deno.openKv(":memory:");
    await using writer = await openWriter(kv);
    const body = new Uint8Array(size).map((_, index) => index * 31);
    await appendAll(writer, [event("a"), event("b", { body }), event("c")]);
    const record = await getRecord(kv, 2);
    assertSameBytes(record?.body, body);
    assertEquals(record?.meta.command, "b");
    assertEquals((await getRecord(kv, 3))?.meta.command, "c");
  },
);

Deno.test("Writer.append() refuses by count and keeps what it took", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv, { maxItems: 3 });
  const all = names("e", 5).map((name) => event(name));
  const outcomes = await appendAll(writer, all);
  assertEquals(outcomes.map(told), [1, 2, 3, "full", "full"]);
  assertEquals(await journalNames(kv), ["e0", "e1", "e2"]);
});

Deno.test("Writer.append() refuses by bytes", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const body = new Uint8Array(BODY_MAX_BYTES);
  const all = names("e", 90).map((name) => event(name, { body }));
  const outcomes = (await appendAll(writer, all)).map(told);
  assertEquals(outcomes.filter((outcome) => outcome !== "full").length, 85);
  assertEquals(outcomes.slice(85), Array(5).fill("full"));
});

Deno.test("Writer.append() takes items again once the full queue has drained", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv, { maxItems: 1 });
  const first = writer.append(event("a"));
  assertEquals(writer.failure, "queue full");
  assertEquals(told(await writer.append(event("b"))), "full");
  await first;
  await kv.get(HEAD_KEY);
  assertEquals(writer.failure, undefined);
  assertEquals(told(await writer.append(event("b"))), 2);
});

Deno.test("Writer.append() counts bytes only until they are kept", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const body = new Uint8Array(BODY_MAX_BYTES);
  for (const round of ["a", "b"]) {
    const all = names(round, 50).map((name) => event(name, { body }));
    assert((await appendAll(writer, all)).every((outcome) => outcome.ok));
    await kv.get(HEAD_KEY);
  }
});

Deno.test.each<[string, Partial<Item>]>([
  ["body", { body: new Uint8Array(COMMIT_MAX_BYTES) }],
  ["meta", { meta: "群".repeat(COMMIT_MAX_BYTES / 3) }],
])(
  "Writer.append() does not let a %s that fits no commit hold up the others",
  async (_, large) => {
    using kv = await Deno.openKv(":memory:");
    await using writer = await openWriter(kv, { drainMs: 200 });
    const tooLarge = writer.append(event("a", large)).catch(() => null);
    const neighbour = writer.append(event("b"));
    await writer[Symbol.asyncDispose]();
    assertEquals(told(await neighbour), 1);
    assert((await tooLarge)?.ok !== true);
  },
);

Deno.test("Writer.append() keeps 2,000 small quarantined items that arrive at once", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const all = names("q", 2_000).map((name) => oddity(name, { meta: "{}" }));
  const outcomes = appendAll(writer, all);
  await writer[Symbol.asyncDispose]();
  const refused = (await outcomes).filter((outcome) => !outcome.ok);
  assertEquals(refused.length, 0);
});

Deno.test("Writer.queueLength counts what waits and what is in flight", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const outcomes = appendAll(writer, [event("a"), event("b"), event("a")]);
  assertEquals(writer.queueLength, 2);
  await outcomes;
  await writer[Symbol.asyncDispose]();
  assertEquals(writer.queueLength, 0);
});

Deno.test("Writer.head is the head it has committed", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  await appendAll(writer, [event("a"), oddity("b"), event("c")]);
  const { journal, quarantine, versionstamp } = writer.head;
  assertEquals({ journal, quarantine }, { journal: 2, quarantine: 1 });
  assertEquals((await kv.get(HEAD_KEY)).versionstamp, versionstamp);
});

Deno.test("Writer.append() keeps app, time, digest and meta", async () => {
  using kv = await Deno.openKv(":memory:");
  await using writer = await openWriter(kv);
  const arrival = event("a", { app: 2 ** 32 - 1, meta: `{"command":"群"}` });
  await writer.append(arrival);
  const { app, receivedAtMs, digest, meta } = await getRecord(kv, 1) ?? {};
  const { item } = arrival;
  assertEquals({ app, receivedAtMs, digest, meta }, {
    app: 2 ** 32 - 1,
    receivedAtMs: NOW_MS,
    digest: item.digest,
    meta: { command: "群" },
  });
});
