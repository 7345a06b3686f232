import { assert, assertEquals } from "@std/assert";
import {
  ackConsumer,
  type Consumer,
  createConsumer,
  type CreateResult,
  deleteConsumer,
  getConsumer,
  listConsumers,
  type Position,
  seekConsumer,
} from "../../../src/store/journal/consumers.ts";
import { consumerKey } from "../../../src/store/kv/keys.ts";
import { CONSUMERS_MAX } from "../../../src/store/kv/limits.ts";
import {
  DAY_MS,
  dropPack,
  openDays,
} from "../../support/store/purge_fixture.ts";
import { names, NOW_MS } from "../../support/store/store_fixture.ts";

const NAME = "a";

/** Fifteen events on five days, three a day, and a consumer that stands here. */
async function openWith(start: Position): Promise<Deno.Kv> {
  const kv = await openDays(5);
  const made = await createConsumer(kv, { name: NAME, start, nowMs: NOW_MS });
  assertEquals(made.kind, "moved");
  return kv;
}

/** A result in one word or number. */
function told(result: CreateResult): string | number {
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

  assertEquals(
    made.filter((one) => one.kind === "moved" && one.isNew).length,
    1,
  );
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

Deno.test("createConsumer() makes as many as there may be, and no more", async () => {
  using kv = await openDays(1);
  const operation = kv.atomic();
  for (const name of names("c", CONSUMERS_MAX - 1)) {
    operation.set(consumerKey(name), { cursor: 0 });
  }
  await operation.commit();
  const create = async (name: string) =>
    (await createConsumer(kv, { name, start: "now", nowMs: NOW_MS })).kind;

  assertEquals(await create("last"), "moved");
  assertEquals(await create("more"), "full");
  assertEquals(await create("last"), "moved");
  await deleteConsumer(kv, "c0");
  assertEquals(await create("more"), "moved");
});

Deno.test("listConsumers() gives all by name", async () => {
  using kv = await openDays(1);
  for (const name of ["b", "a.b", "a", "B", "_"]) {
    await createConsumer(kv, { name, start: "now", nowMs: NOW_MS });
  }
  const names = (await listConsumers(kv)).map(({ name }) => name);

  assertEquals(names, ["B", "_", "a", "a.b", "b"]);
});
