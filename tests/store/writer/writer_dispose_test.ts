import { assert, assertEquals } from "@std/assert";
import { HEAD_KEY } from "../../../src/store/kv/keys.ts";
import { FaultyKv } from "../../support/store/faulty_kv.ts";
import {
  appendAll,
  event,
  journalNames,
  names,
  oddity,
  openWriter,
  told,
} from "../../support/store/store_fixture.ts";

Deno.test("Writer[Symbol.asyncDispose]() drains what is queued", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = await openWriter(kv);
  const all = names("e", 2_500);
  const outcomes = appendAll(writer, all.map((name) => event(name)));
  await writer[Symbol.asyncDispose]();
  assert((await outcomes).every((outcome) => outcome.ok));
  assertEquals((await journalNames(kv)).join(), all.join());
});

Deno.test("Writer[Symbol.asyncDispose]() gives up on a silent store and settles the rest as closed", async () => {
  using kv = await Deno.openKv(":memory:");
  const faulty = new FaultyKv(kv, { commits: ["stays silent"] });
  const writer = await openWriter(kv, { kv: faulty, drainMs: 5 });
  const inFlight = writer.append(event("a"));
  await writer[Symbol.asyncDispose]();
  assertEquals(told(await inFlight), "closed");
  assertEquals(await journalNames(kv), []);
});

Deno.test("Writer[Symbol.asyncDispose]() leaves no timer behind when a silent commit fails later", async () => {
  using kv = await Deno.openKv(":memory:");
  const closed = Promise.withResolvers<void>();
  const faulty = new FaultyKv(kv, {
    commits: ["loses and fails"],
    rival: () => closed.promise,
  });
  const writer = await openWriter(kv, { kv: faulty, drainMs: 5 });
  const inFlight = writer.append(event("a"));
  await writer[Symbol.asyncDispose]();
  closed.resolve();
  // The sanitizers of this run are the assertion: nothing may still wait for the store.
  assertEquals(told(await inFlight), "closed");
  await kv.get(HEAD_KEY);
});

Deno.test("Writer[Symbol.asyncDispose]() sends nothing more once it has given up", async () => {
  using kv = await Deno.openKv(":memory:");
  await using other = await openWriter(kv);
  const given = Promise.withResolvers<void>();
  const rival = async () => {
    await given.promise;
    await other.append(event("a"));
  };
  const faulty = new FaultyKv(kv, { commits: ["loses and fails"], rival });
  const writer = await openWriter(kv, { kv: faulty, drainMs: 5 });
  const closed = writer.append(event("a"));
  await writer[Symbol.asyncDispose]();
  given.resolve();
  await faulty.settle();
  // More turns than it would need to learn of the other and to send again.
  for (let turn = 0; turn < 50; turn++) await kv.get(HEAD_KEY);
  assertEquals(told(await closed), "closed");
  assertEquals(await journalNames(kv), ["a"]);
});

Deno.test("Writer[Symbol.asyncDispose]() settles copies of what it gave up as closed", async () => {
  using kv = await Deno.openKv(":memory:");
  const faulty = new FaultyKv(kv, { commits: ["stays silent"] });
  const writer = await openWriter(kv, { kv: faulty, drainMs: 5 });
  const outcomes = appendAll(writer, [event("a"), event("a"), oddity("b")]);
  await writer[Symbol.asyncDispose]();
  assertEquals((await outcomes).map(told), ["closed", "closed", "closed"]);
});

Deno.test("Writer[Symbol.asyncDispose]() may be called again", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = await openWriter(kv);
  const outcome = writer.append(event("a"));
  const dispose = () => writer[Symbol.asyncDispose]();
  await Promise.all([dispose(), dispose()]);
  await dispose();
  assertEquals(told(await outcome), 1);
});

Deno.test("Writer.append() after disposal is refused, also for a copy", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = await openWriter(kv);
  await writer.append(event("a"));
  await writer[Symbol.asyncDispose]();
  assertEquals(writer.failure, "shutting down");
  assertEquals(told(await writer.append(event("a"))), "closed");
  assertEquals(told(await writer.append(event("b"))), "closed");
  assertEquals(await journalNames(kv), ["a"]);
});
