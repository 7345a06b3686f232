import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { ownerOf, sinceMs } from "../../../src/directory/fold/standing.ts";
import { getGroup } from "../../../src/directory/rows/groups.ts";
import type { Store } from "../../../src/store/open.ts";
import {
  journal,
  listsIn,
  openMemory,
  project,
  shownIn,
} from "../../support/directory/projection_fixture.ts";
import { historyArbitrary } from "../../support/directory/history.ts";
import { recordOf, shownOf } from "../../support/directory/oracle.ts";

const shuffled = historyArbitrary.chain((history) =>
  fc.record({
    order: fc.shuffledSubarray([...history], { minLength: history.length }),
    isShuffled: fc.boolean(),
    history: fc.constant(history),
  })
);

Deno.test("a projection shows what folding everything in memory shows, and lists users right", async () => {
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ order, isShuffled, history }) => {
      await using store = await openMemory();
      const records = (isShuffled ? order : history).map((told, index) =>
        recordOf(told, index + 1)
      );
      await journal(store, records);

      await project(store);

      assertEquals(await shownIn(store), plain(shownOf(records)));
      await assertLists(store);
    }),
    { numRuns: 100 },
  );
});

Deno.test("a projection that is folded piece by piece shows the same", async () => {
  await fc.assert(
    fc.asyncProperty(shuffled, async ({ order }) => {
      await using store = await openMemory();
      const records = order.map((told, index) => recordOf(told, index + 1));
      for (const record of records) {
        await journal(store, [record]);
        await project(store);
      }

      assertEquals(await shownIn(store), plain(shownOf(records)));
      await assertLists(store);
    }),
    { numRuns: 40 },
  );
});

/** Each user's list holds the group exactly while they own it or are in it. */
async function assertLists(store: Store): Promise<void> {
  const { members } = await shownIn(store);
  const found = await getGroup(store.reader, { app: 1, groupId: "g" });
  if (found === null) return;
  const owner = ownerOf(found.group);
  const ids = new Set(
    members.map((member) => (member as { userId: string }).userId),
  );
  if (owner !== undefined) ids.add(owner);
  const since = sinceMs(found.group);

  assertEquals(
    await listsIn(store),
    [...ids].map((id) => `${id} ${since}`).sort(),
  );
}

function plain<T>(shown: T): T {
  return structuredClone(shown);
}
