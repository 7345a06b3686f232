import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { Keeper } from "../../src/projector/keeper.ts";
import { sweep } from "../../src/retention/sweep.ts";
import { DIRECTORIES_KEY } from "../../src/store/keys.ts";
import { listGroups } from "../../src/store/groups.ts";
import { readExtent } from "../../src/store/journal.ts";
import { Pace } from "../../src/store/pace.ts";
import type { Store } from "../../src/store/open.ts";
import { historyArbitrary } from "../directory/history.ts";
import { recordOf, shownOf } from "../directory/oracle.ts";
import { countsIn, journal, openMemory, shownIn } from "./projector_fixture.ts";

Deno.test("a rebuild after a purge starts from the base and loses nothing", async () => {
  await fc.assert(
    fc.asyncProperty(historyArbitrary, fc.nat(), async (history, cut) => {
      await using store = await openMemory();
      const records = history.map((told, index) => recordOf(told, index + 1));
      await journal(store, records);
      await using keeper = openKeeper(store);
      await settled(store, keeper);
      const before = await countsIn(store);
      await purge(store, keeper, 1 + cut % records.length);

      keeper.rebuild();
      await rebuilt(store, keeper);

      assertEquals(await shownIn(store), structuredClone(shownOf(records)));
      assertEquals(await countsIn(store, keeper.status.generation), before);
    }),
    { numRuns: 30 },
  );
});

Deno.test("a directory of another version is rebuilt at the start", async () => {
  await using store = await openMemory();
  await journal(store, [created("g")]);
  await store.side.atomic().set(DIRECTORIES_KEY, { version: 0, live: 7 })
    .commit();

  await using keeper = openKeeper(store);
  await rebuilt(store, keeper, 7);

  assertEquals(
    (await listGroups(store.reader, { limit: 10 })).groups.length,
    1,
  );
});

Deno.test("the status tells of a rebuild as soon as it is asked for", async () => {
  await using store = await openMemory();
  await journal(store, [created("g")]);
  await using keeper = openKeeper(store);
  await settled(store, keeper);
  const before = keeper.status.building;

  keeper.rebuild();
  const asked = keeper.status.building;
  // From then on it is told until another generation is read.
  await until(() => {
    const { building, generation } = keeper.status;
    assert(building !== undefined || generation === 2);
    return generation === 2;
  });

  assertEquals([before, asked], [undefined, { through: 0 }]);
  assertEquals(keeper.status.building, undefined);
});

Deno.test("what a rebuild replaces is removed", async () => {
  await using store = await openMemory();
  await journal(store, [created("g")]);
  await using keeper = openKeeper(store);
  await settled(store, keeper);

  keeper.rebuild();
  await rebuilt(store, keeper);
  await until(async () => await keysOf(store, ["directory", 1]) === 0);

  assert(await keysOf(store, ["directory", 2]) > 0);
});

Deno.test("a purge without a base may not pass the directory", async () => {
  await using store = await openMemory();
  await journal(store, [created("g")]);
  await using keeper = openKeeper(store);
  await settled(store, keeper);

  assertEquals(await keeper.floor(), 0);
});

Deno.test("a record that cannot be folded is set aside and stops nobody", async () => {
  await using store = await openMemory();
  const bad = { ...created("g"), body: new TextEncoder().encode("{") };
  await journal(store, [bad, created("g")]);

  await using keeper = openKeeper(store);
  await settled(store, keeper);

  assertEquals(
    (await listGroups(store.reader, { limit: 10 })).groups.length,
    1,
  );
  assertEquals(await keysOf(store, ["directory", 1, "unfolded"]), 1);
});

function openKeeper(store: Store): Keeper {
  return new Keeper({ store, pace: new Pace(store), pauseMs: 1 });
}

function created(groupId: string) {
  return recordOf({
    command: "Group.CallbackAfterCreateGroup",
    timeMs: 1_700_000_000_000,
    body: { GroupId: groupId, Name: "n", Owner_Account: "o" },
  });
}

/** Purges everything before a number, as far as that may leave. */
async function purge(
  store: Store,
  keeper: Keeper,
  before: number,
): Promise<void> {
  const { signal } = new AbortController();
  await keeper.prepare(before - 1, { signal });
  const floor = async () => Math.min(before - 1, await keeper.floor());
  await sweep({
    fenced: store.fenced,
    pace: new Pace(store),
    cutoffMs: Infinity,
    floor,
    signal,
    onStep: () => {},
  });
  assertEquals((await readExtent(store.reader)).first, before);
}

async function settled(store: Store, keeper: Keeper): Promise<void> {
  await until(() => keeper.status.through === store.tail.last);
}

async function rebuilt(store: Store, keeper: Keeper, from = 1): Promise<void> {
  await until(() => keeper.status.generation > from);
  await settled(store, keeper);
}

/** Waits, a turn of the event loop at a time, until something holds. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < 100_000; turns++) {
    if (await holds()) return;
    await new Promise<void>((resolve) => setTimeout(resolve));
  }
  throw new Error("It never came so far");
}

async function keysOf(
  { reader }: Store,
  prefix: Deno.KvKey,
): Promise<number> {
  let keys = 0;
  for await (const _ of reader.list({ prefix })) keys++;
  return keys;
}
