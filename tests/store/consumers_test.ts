import { assert, assertEquals } from "@std/assert";
import {
  ackConsumer,
  type Consumer,
  createConsumer,
  deleteConsumer,
  getConsumer,
  lagOf,
  listConsumers,
  type MoveResult,
  type Position,
  seekConsumer,
} from "../../src/store/consumers.ts";
import { DAY_MS, dropPack, openDays } from "./purge_fixture.ts";
import { NOW_MS } from "./store_fixture.ts";

const NAME = "a";

/** Fifteen events on five days, three a day, and a consumer that stands here. */
async function openWith(start: Position): Promise<Deno.Kv> {
  const kv = await openDays(5);
  const made = await createConsumer(kv, { name: NAME, start, nowMs: NOW_MS });
  assertEquals(made.kind, "moved");
  return kv;
}

/** A result in one word or number. */
function told(result: MoveResult): string | number {
  return result.kind === "moved" ? result.consumer.cursor : result.kind;
}

function ack(kv: Deno.Kv, through: number, nowMs = NOW_MS + 1) {
  return ackConsumer(kv, { name: NAME, through, nowMs });
}

Deno.test.each<[Position, string | number]>([
  ["first", 0],
  ["now", 15],
  [0, 0],
  [1, 0],
  [7, 6],
  [15, 14],
  [16, 15],
  [17, "ahead"],
  [{ timeMs: 0 }, 0],
  [{ timeMs: NOW_MS - 2 * DAY_MS }, 6],
  [{ timeMs: NOW_MS + 1 }, 15],
])("createConsumer() and seekConsumer() at %j stand at %s", async (
  start,
  cursor,
) => {
  using kv = await openDays(5);
  const made = await createConsumer(kv, { name: "new", start, nowMs: NOW_MS });
  await createConsumer(kv, { name: NAME, start: 3, nowMs: NOW_MS });
  const to = start;
  const sought = await seekConsumer(kv, { name: NAME, to, nowMs: NOW_MS });

  assertEquals([told(made), told(sought)], [cursor, cursor]);
});

Deno.test("createConsumer() starts first at the first kept", async () => {
  using kv = await openDays(5);
  await dropPack(kv, 1);
  const made = await createConsumer(kv, {
    name: NAME,
    start: "first",
    nowMs: NOW_MS,
  });

  assertEquals(told(made), 3);
});

Deno.test("createConsumer() leaves one that exists as it is", async () => {
  using kv = await openWith(5);
  const before = await getConsumer(kv, NAME);
  const again = { name: NAME, start: 99, nowMs: NOW_MS + 1 };

  assertEquals(await createConsumer(kv, again), {
    kind: "moved",
    isNew: false,
    consumer: before as Consumer,
  });
});

Deno.test("createConsumer() makes one where ten ask at once", async () => {
  using kv = await openDays(5);
  const made = await Promise.all(
    Array.from(
      { length: 10 },
      (_, n) => createConsumer(kv, { name: NAME, start: n + 1, nowMs: NOW_MS }),
    ),
  );
  const kept = await getConsumer(kv, NAME);

  assertEquals(made.filter(({ isNew }) => isNew).length, 1);
  assertEquals(new Set(made.map(told)), new Set([kept?.cursor ?? -1]));
});

Deno.test.each<[number, string | number]>([
  [4, 4],
  [5, 5],
  [3, 4],
  [0, 4],
  [15, 15],
  [16, "ahead"],
])("ackConsumer() through %d stands at %s when it stood at 4", async (
  through,
  cursor,
) => {
  using kv = await openWith(5);

  assertEquals(told(await ack(kv, through)), cursor);
});

Deno.test("ackConsumer() keeps the time of the last move where nothing moves", async () => {
  using kv = await openWith(5);
  await ack(kv, 6, 100);
  await ack(kv, 6, 200);
  await ack(kv, 2, 300);

  assertEquals(await getConsumer(kv, NAME), {
    name: NAME,
    cursor: 6,
    createdAtMs: NOW_MS,
    movedAtMs: 100,
  });
});

Deno.test("ackConsumer() ends at the highest of many at once", async () => {
  using kv = await openWith("first");
  const order = [3, 15, 1, 9, 14, 2, 15, 7];
  const results = await Promise.all(order.map((through) => ack(kv, through)));

  assert(results.every((result) => result.kind === "moved"));
  assertEquals((await getConsumer(kv, NAME))?.cursor, 15);
});

Deno.test("seekConsumer() goes back", async () => {
  using kv = await openWith("now");
  await seekConsumer(kv, { name: NAME, to: 3, nowMs: NOW_MS });

  assertEquals((await getConsumer(kv, NAME))?.cursor, 2);
});

Deno.test("a consumer that does not exist is missing everywhere", async () => {
  using kv = await openDays(1);
  const seek = { name: NAME, to: 1, nowMs: NOW_MS };

  assertEquals(await getConsumer(kv, NAME), null);
  assertEquals(told(await ack(kv, 1)), "missing");
  assertEquals(told(await seekConsumer(kv, seek)), "missing");
  assertEquals(await deleteConsumer(kv, NAME), false);
  assertEquals(await getConsumer(kv, NAME), null);
});

Deno.test("deleteConsumer() forgets, once", async () => {
  using kv = await openWith(5);

  assertEquals(await deleteConsumer(kv, NAME), true);
  assertEquals(await deleteConsumer(kv, NAME), false);
  assertEquals(await listConsumers(kv), []);
});

Deno.test("listConsumers() gives all by name", async () => {
  using kv = await openDays(1);
  for (const name of ["b", "a.b", "a", "B", "_"]) {
    await createConsumer(kv, { name, start: "now", nowMs: NOW_MS });
  }
  const names = (await listConsumers(kv)).map(({ name }) => name);

  assertEquals(names, ["B", "_", "a", "a.b", "b"]);
});

Deno.test.each<[number, number, number]>([
  [0, 15, 4 * 86_400 + 1],
  [2, 13, 4 * 86_400 + 1],
  [3, 12, 3 * 86_400 + 1],
  [14, 1, 1],
  [15, 0, 0],
])("lagOf() a cursor at %d is %d events and %d seconds", async (
  cursor,
  lagEvents,
  lagSec,
) => {
  using kv = await openDays(5);
  const at = { createdAtMs: 0, movedAtMs: 0 };
  const lag = await lagOf(kv, { name: NAME, cursor, ...at }, NOW_MS + 1_000);

  assertEquals([lag.lagEvents, lag.lagSec], [lagEvents, lagSec]);
});

Deno.test("lagOf() one left behind counts what it missed, and waits for the first kept", async () => {
  using kv = await openDays(5);
  await dropPack(kv, 1);
  const consumer = { name: NAME, cursor: 1, createdAtMs: 0, movedAtMs: 0 };
  const lag = await lagOf(kv, consumer, NOW_MS);

  assertEquals([lag.lagEvents, lag.lagSec], [14, 3 * 86_400]);
});

Deno.test("lagOf() is never negative when the clock was set back", async () => {
  using kv = await openWith(15);
  const consumer = await getConsumer(kv, NAME);
  const lag = await lagOf(kv, consumer as Consumer, NOW_MS - 5_000);

  assertEquals([lag.lagEvents, lag.lagSec], [1, 0]);
});
