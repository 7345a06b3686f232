import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { newGroup } from "../../../src/directory/fold/group.ts";
import { MAX_VERSIONS } from "../../../src/directory/fold/stamp.ts";
import { type GroupView, groupView } from "../../../src/directory/fold/view.ts";
import { getGroup } from "../../../src/directory/rows/groups.ts";
import { directoryKeys } from "../../../src/directory/rows/keys.ts";
import { keepRow } from "../../../src/directory/rows/row.ts";
import type { Store } from "../../../src/store/open.ts";
import { START_MS } from "../../support/directory/history.ts";
import { shownOf } from "../../support/directory/oracle.ts";
import {
  journal,
  openMemory,
  project,
  type Told,
  toldOf,
} from "../../support/directory/projection_fixture.ts";

const REF = { app: 1, groupId: "g" };
const KEYS = directoryKeys(1);

function attributes(
  OptionType: string,
  entries: readonly (readonly [key: string, value: string])[],
): Told {
  const GroupAttr = entries.map(([key, value]) => ({ key, value }));
  return ["GroupAttrChanged", { GroupId: "g", OptionType, GroupAttr }];
}

/** As many attributes as are asked for. */
function many(count: number): (readonly [string, string])[] {
  return Array.from({ length: count }, (_, n) => [`k${n}`, `v${n}`] as const);
}

async function groupIn({ reader }: Store): Promise<GroupView | undefined> {
  const found = await getGroup(reader, REF);
  return found === null ? undefined : groupView(found.group, found);
}

/** Keys that hold fields, and marks of what is to be swept. */
async function fieldKeysIn({ reader }: Store): Promise<number> {
  let keys = 0;
  for (const prefix of [KEYS.parts("fields", REF), KEYS.staleFields]) {
    for await (const _ of reader.list({ prefix })) keys++;
  }
  return keys;
}

Deno.test("a room whose attributes come and go by the thousand lives and ends as any other", async () => {
  await using store = await openMemory();
  const seats = Array.from({ length: 1_500 }, (_, n) => `speaker_user_${n}`);
  const told: Told[] = [
    ["CreateGroup", { GroupId: "g", Type: "AVChatRoom", Name: "before" }],
    attributes("modify", [["theme", "dark"]]),
    ...seats.flatMap((seat) => [
      attributes("modify", [[seat, "1"]]),
      attributes("delete", [[seat, ""]]),
    ]),
    ["GroupInfoChanged", { GroupId: "g", Name: "behind" }],
    ["GroupDestroyed", { GroupId: "g" }],
  ];
  await journal(store, toldOf(told));

  await project(store);

  const group = await groupIn(store);
  assertEquals(group?.attributes, { theme: "dark" });
  assertEquals([group?.name, group?.state], ["behind", "disbanded"]);
});

Deno.test.each([[20_000], [31_000], [60_000]])(
  "an attribute of %d bytes is kept",
  async (bytes) => {
    await using store = await openMemory();
    await journal(
      store,
      toldOf([attributes("set", [["k", "v".repeat(bytes)]])]),
    );
    await project(store);

    assertEquals((await groupIn(store))?.attributes.k?.length, bytes);
  },
);

/** As many as a register remembers. */
const times = Array.from({ length: MAX_VERSIONS }, (_, n) => n);

Deno.test.each<[string, readonly Told[], number]>([
  // As many as are remembered: the attributes of before could count again if the group had ended before.
  ["as many clears", times.map(() => attributes("clear", [])), 0],
  // One that is set, and none that were taken away.
  ["as many sets", times.map((n) => attributes("set", [["k1", `${n}`]])), 1],
  ["a delete", [attributes("delete", many(10))], 60],
  ["a new life", [["GroupDestroyed", { GroupId: "g" }], [
    "CreateGroup",
    { GroupId: "g" },
  ]], 0],
])(
  "after %s a group keeps what still counts, and no more",
  async (_, then, keys) => {
    await using store = await openMemory();
    await journal(store, toldOf([attributes("modify", many(60)), ...then]));

    await project(store);

    assertEquals(await fieldKeysIn(store), keys);
  },
);

Deno.test("a group with more fields than are shown says so", async () => {
  await using store = await openMemory();
  await journal(store, toldOf([attributes("modify", many(300))]));
  await project(store);
  const full = await groupIn(store);
  await journal(
    store,
    toldOf([attributes("delete", many(44))], { fromSec: 1 }),
  );
  await project(store);
  const less = await groupIn(store);

  const shown = [full, less].map((group) => [
    Object.keys(group?.attributes ?? {}).length,
    group?.hasMoreFields,
  ]);
  assertEquals(shown, [[256, true], [256, undefined]]);
});

const changes = fc.array(
  fc.record({
    option: fc.constantFrom("set", "modify", "modify", "delete", "clear"),
    keys: fc.uniqueArray(fc.nat({ max: 79 }), { maxLength: 40 }),
  }),
  { minLength: 1, maxLength: 10 },
).map((all) =>
  toldOf(
    all.map(({ option, keys }, at) =>
      attributes(option, keys.map((key) => [`k${key}`, `${at}`]))
    ),
  )
);

Deno.test("any order of attribute events, and any event twice, gives the same attributes", async () => {
  await fc.assert(
    fc.asyncProperty(
      changes.chain((records) =>
        fc.record({
          records: fc.constant(records),
          order: fc.shuffledSubarray([...records, ...records], {
            minLength: records.length * 2,
          }),
          isPiecemeal: fc.boolean(),
        })
      ),
      async ({ records, order, isPiecemeal }) => {
        await using store = await openMemory();
        for (const record of order) {
          await journal(store, [record]);
          if (isPiecemeal) await project(store);
        }
        await project(store);

        // shownOf() gives what the API's views are.
        const expected = (shownOf(records).group as GroupView).attributes;
        assertEquals((await groupIn(store))?.attributes, expected);
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("a row that was filled with attributes before they had keys of their own is relieved of them", async () => {
  await using store = await openMemory();
  const stamp = (n: number) =>
    `${START_MS + n}`.padStart(14, "0") + "0".repeat(12);
  const names = many(900);
  const fields = Object.fromEntries(
    names.map(([key, value], n) =>
      [`attribute:${key}`, [value, stamp(n)]] as const
    ),
  );
  const group = { ...newGroup(1, "g"), fields, earliestMs: START_MS };
  const row = {
    group,
    knownMembers: 0,
    newestMember: "",
    hasFieldKeys: false,
    timeline: [],
    pending: [],
    through: { seq: 0, step: -1 },
  };
  const place = { ...REF, sinceMs: START_MS };
  await store.side.atomic().set(KEYS.place(REF), START_MS)
    .set(KEYS.group(place), keepRow(row, [])).commit();
  const told = attributes("delete", names.slice(1));
  await journal(store, toldOf([told], { fromSec: 10 }));

  await project(store);

  assertEquals((await groupIn(store))?.attributes, { k0: "v0" });
});
