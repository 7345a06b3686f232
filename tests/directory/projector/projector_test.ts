import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { listGroups } from "../../../src/directory/rows/groups.ts";
import type { Store } from "../../../src/store/open.ts";
import { historyArbitrary } from "../../support/directory/history.ts";
import { recordOf, shownOf } from "../../support/directory/oracle.ts";
import {
  openProjector,
  purge,
  rebuilt,
  settled,
  until,
} from "../../support/directory/projector_fixture.ts";
import {
  countsIn,
  journal,
  openMemory,
  shownIn,
  type Told,
  toldOf,
} from "../../support/directory/projection_fixture.ts";

Deno.test("a rebuild after a purge starts from the base and loses nothing", async () => {
  await fc.assert(
    fc.asyncProperty(historyArbitrary, fc.nat(), async (history, cut) => {
      await using store = await openMemory();
      const records = history.map((told, index) => recordOf(told, index + 1));
      await journal(store, records);
      await using projector = openProjector(store);
      await settled(store, projector);
      const before = await countsIn(store);
      await purge(store, projector, 1 + cut % records.length);

      projector.rebuild();
      await rebuilt(store, projector);

      assertEquals(await shownIn(store), structuredClone(shownOf(records)));
      assertEquals(await countsIn(store, projector.status.generation), before);
    }),
    { numRuns: 30 },
  );
});

Deno.test("a purge beside a rebuild loses nothing", async () => {
  await using store = await openMemory();
  const told = Array.from({ length: 700 }, (_, n): Told[] => [
    ["NewMemberJoin", {
      GroupId: `g${n}`,
      NewMemberList: [{ Member_Account: `u${n}` }],
    }],
    ["CreateGroup", { GroupId: `g${n}` }],
  ]).flat();
  await journal(store, toldOf(told));
  await using projector = openProjector(store);
  await settled(store, projector);
  const before = await countsIn(store);

  for (const number of [300, 700, 1_301]) {
    const from = projector.status.generation;
    projector.rebuild();
    await Promise.all([
      purge(store, projector, number),
      purge(store, projector, number),
      rebuilt(store, projector, from),
    ]);

    assertEquals(await countsIn(store, projector.status.generation), before);
    const { groups } = await listGroups(store.reader, { limit: 1_000 });
    assertEquals(groups.length, 700);
  }
});

Deno.test("the status tells of a rebuild as soon as it is asked for", async () => {
  await using store = await openMemory();
  await journal(store, [created("g")]);
  await using projector = openProjector(store);
  await settled(store, projector);
  const before = projector.status.building;

  projector.rebuild();
  const asked = projector.status.building;
  // From then on it is told until another generation is read.
  await until(() => {
    const { building, generation } = projector.status;
    assert(building !== undefined || generation === 2);
    return generation === 2;
  });

  assertEquals([before, asked], [undefined, { through: 0 }]);
  assertEquals(projector.status.building, undefined);
});

Deno.test("the status says when its position has not been read yet", async () => {
  await using store = await openMemory();
  await journal(store, [created("g")]);
  await using projector = openProjector(store);
  const before = projector.status;
  await settled(store, projector);

  assertEquals([before.through, before.isOpening], [0, true]);
  const { through, isOpening } = projector.status;
  assertEquals([through, isOpening], [1, false]);
});

Deno.test("what a rebuild replaces is removed", async () => {
  await using store = await openMemory();
  await journal(store, [created("g")]);
  await using projector = openProjector(store);
  await settled(store, projector);

  projector.rebuild();
  await rebuilt(store, projector);
  await until(async () => await keysOf(store, ["directory", 1]) === 0);

  assert(await keysOf(store, ["directory", 2]) > 0);
});

Deno.test("a purge without a base may not pass the directory", async () => {
  await using store = await openMemory();
  await journal(store, [created("g")]);
  await using projector = openProjector(store);
  await settled(store, projector);

  assertEquals(await projector.floor(), 0);
});

Deno.test("a record that cannot be folded is set aside and stops nobody", async () => {
  await using store = await openMemory();
  const bad = { ...created("g"), body: new TextEncoder().encode("{") };
  await journal(store, [bad, created("g")]);

  await using projector = openProjector(store);
  await settled(store, projector);

  assertEquals(
    (await listGroups(store.reader, { limit: 10 })).groups.length,
    1,
  );
  assertEquals(await keysOf(store, ["directory", 1, "unfolded"]), 1);
});

function created(groupId: string) {
  return recordOf({
    command: "Group.CallbackAfterCreateGroup",
    timeMs: 1_700_000_000_000,
    body: { GroupId: groupId, Name: "n", Owner_Account: "o" },
  });
}

async function keysOf(
  { reader }: Store,
  prefix: Deno.KvKey,
): Promise<number> {
  let keys = 0;
  for await (const _ of reader.list({ prefix })) keys++;
  return keys;
}
