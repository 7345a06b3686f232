import { assert, assertEquals } from "@std/assert";
import { groupView } from "../../../src/directory/fold/view.ts";
import { readGroupStats } from "../../../src/directory/rows/counts.ts";
import {
  DIRECTORY_VERSION,
  readCursor,
} from "../../../src/directory/rows/generation.ts";
import { getGroup } from "../../../src/directory/rows/groups.ts";
import {
  DIRECTORIES_KEY,
  directoryKeys,
  type Generation,
} from "../../../src/directory/rows/keys.ts";
import type { Store } from "../../../src/store/open.ts";
import { START_MS } from "../../support/directory/history.ts";
import {
  GROUP_OF_VERSION_2,
  MEMBER_OF_VERSION_2,
} from "../../support/directory/old_texts.ts";
import {
  journal,
  openMemory,
  project,
  toldOf,
} from "../../support/directory/projection_fixture.ts";
import {
  openProjector,
  purge,
  rebuilt,
  settled,
  until,
} from "../../support/directory/projector_fixture.ts";

const CREATES = toldOf([
  ["CreateGroup", { GroupId: "a", Name: "a" }],
  ["CreateGroup", { GroupId: "b", Name: "b" }],
]);

/** Makes a generation look as if other code had begun it. */
async function age(store: Store, generation: Generation): Promise<void> {
  const { cursor } = directoryKeys(generation);
  const { seq } = await readCursor(store.reader, directoryKeys(generation));
  await store.side.atomic().set(cursor, { seq, version: 0 }).commit();
}

async function isThere(store: Store, groupId: string): Promise<boolean> {
  return await getGroup(store.reader, { app: 1, groupId }) !== null;
}

/** Puts what nothing can read in the place of a group's row. */
async function spoil(store: Store, groupId: string): Promise<void> {
  const keys = directoryKeys(1);
  const point = keys.place({ app: 1, groupId });
  const { value: sinceMs } = await store.reader.get<number>(point);
  const row = keys.group({ app: 1, groupId, sinceMs: sinceMs ?? 0 });
  await store.side.atomic().set(row, { group: "{" }).commit();
}

Deno.test("what is being built and of another version is begun anew", async () => {
  await using store = await openMemory();
  await journal(store, CREATES);
  await project(store, 1);
  await project(store, 2);
  await age(store, 2);
  await store.side.atomic().set(DIRECTORIES_KEY, { live: 1, building: 2 })
    .commit();

  await using projector = openProjector(store);
  await rebuilt(store, projector);

  const { generation } = projector.status;
  const { version } = await readCursor(store.reader, directoryKeys(generation));
  assertEquals([generation, version], [3, DIRECTORY_VERSION]);
});

Deno.test("a directory of another version stays as it is until a new one is read", async () => {
  await using store = await openMemory();
  await journal(store, CREATES.slice(0, 1));
  await project(store);
  await age(store, 1);
  await spoil(store, "a");
  await journal(store, [
    ...CREATES,
    ...toldOf([["GroupFull", {
      GroupId: "a",
    }]]),
  ]);

  await using projector = openProjector(store);
  await rebuilt(store, projector);

  assertEquals([await isThere(store, "a"), await isThere(store, "b")], [
    true,
    true,
  ]);
  assertEquals(projector.status.failure, undefined);
});

Deno.test("a rebuild replaces a directory that does not go on", async () => {
  await using store = await openMemory();
  await journal(store, CREATES);
  await using projector = openProjector(store);
  await settled(store, projector);
  await spoil(store, "a");
  await journal(store, toldOf([["GroupFull", { GroupId: "a" }]]));
  await until(() => projector.status.failure !== undefined);

  projector.rebuild();
  await rebuilt(store, projector);

  assertEquals(await isThere(store, "a"), true);
  await until(() => projector.status.failure === undefined);
});

/** Writes into a store's base what version 2 had folded its first six events to. */
async function putOldBase(store: Store): Promise<void> {
  const keys = directoryKeys("base");
  const ref = { app: 1, groupId: "g" };
  const place = { ...ref, sinceMs: START_MS };
  const row = {
    group: GROUP_OF_VERSION_2,
    members: ["b", MEMBER_OF_VERSION_2],
    known: 1,
    newest: "01767225600003f3ba2a69df56",
    timeline: [1, 2, 3],
    through: [6, -1],
  };
  await store.side.atomic().set(keys.cursor, { seq: 6, version: 2 })
    .set(keys.group(place), row).set(keys.place(ref), START_MS)
    .set(keys.groupByMember("a", place), 0)
    .set(keys.groupByMember("b", place), 0)
    .set(keys.totals, { Public: { active: 1 }, "made up": { active: 2 } })
    .commit();
}

Deno.test("a base of an older version is read, copied and folded on", async () => {
  await using store = await openMemory();
  const events = Array.from({ length: 6 }, () => CREATES[0]);
  await journal(store, events.filter((it) => it !== undefined));
  {
    await using projector = openProjector(store);
    await settled(store, projector);
    await purge(store, projector, 7);
  }
  await putOldBase(store);
  await age(store, 1);
  const rename = ["GroupInfoChanged", { GroupId: "g", Name: "new" }] as const;
  await journal(store, toldOf([rename], { fromSec: 60 }));

  await using projector = openProjector(store);
  await rebuilt(store, projector);
  await purge(store, projector, 8);

  for (const generation of ["copy", "base"]) {
    const keys = generation === "base" ? { live: "base" } : undefined;
    if (keys) await store.side.atomic().set(DIRECTORIES_KEY, keys).commit();
    const found = await getGroup(store.reader, { app: 1, groupId: "g" });
    assert(found !== null);
    const { name, owner, attributes } = groupView(found.group, found);
    assertEquals([name, owner, attributes], ["new", "a", { x: "1" }]);
    const { totals } = await readGroupStats(store.reader, START_MS);
    assertEquals(totals, { Public: { active: 1 }, other: { active: 2 } });
  }
});
