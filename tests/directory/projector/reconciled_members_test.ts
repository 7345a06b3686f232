import { assertEquals } from "@std/assert";
import { RECONCILED_COMMAND } from "../../../src/protocol/commands.ts";
import { getGroup, listGroups } from "../../../src/directory/rows/groups.ts";
import type { Store } from "../../../src/store/open.ts";
import { START_MS } from "../../support/directory/history.ts";
import { recordOf } from "../../support/directory/oracle.ts";
import {
  journal,
  listsIn,
  openMemory,
  project,
  toldOf,
} from "../../support/directory/projection_fixture.ts";

const ids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `u${from + n}`);

/** A list of all members of the group "g", as it was so long after the start. */
function listed(afterSec: number, userIds: readonly string[]) {
  const timeMs = START_MS + 1_000 * afterSec;
  return recordOf({
    command: RECONCILED_COMMAND,
    timeMs,
    body: {
      reason: "differs",
      observedAt: new Date(timeMs).toISOString(),
      group: { groupId: "g" },
      members: userIds.map((userId) => ({ userId, role: "Member" })),
    },
  });
}

async function isMember(store: Store, member: string): Promise<boolean> {
  const query = { member, limit: 1 };
  return (await listGroups(store.reader, query)).groups.length === 1;
}

Deno.test.each([[20], [900]])(
  "a list of all members leaves nobody else in a group of %d, and in their lists",
  async (count) => {
    await using store = await openMemory();
    const half = count / 2;
    await journal(store, [
      ...toldOf([["NewMemberJoin", {
        GroupId: "g",
        NewMemberList: ids(0, count).map((id) => ({ ["Member_Account"]: id })),
      }]]),
      listed(60, ids(half, count + half)),
      ...toldOf([["MemberExit", {
        GroupId: "g",
        ExitMemberList: [{ ["Member_Account"]: `u${count}` }],
      }]], { fromSec: 90 }),
    ]);
    await project(store);

    const found = await getGroup(store.reader, { app: 1, groupId: "g" });
    assertEquals(found?.knownMembers, count - 1);
    assertEquals(
      [await isMember(store, "u0"), await isMember(store, `u${count + 1}`)],
      [false, true],
    );
    assertEquals((await listsIn(store)).length, count - 1);
  },
);
