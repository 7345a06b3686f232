import { assertEquals } from "@std/assert";
import { removeSome } from "../../../src/directory/rows/generation.ts";
import { getGroup, listGroups } from "../../../src/directory/rows/groups.ts";
import { DIRECTORIES_KEY } from "../../../src/directory/rows/keys.ts";
import { listMembers } from "../../../src/directory/rows/parts.ts";
import { listTimeline } from "../../../src/directory/rows/timeline.ts";
import type { ReadableKv, WritableKv } from "../../../src/store/kv/kv.ts";
import type { Store } from "../../../src/store/open.ts";
import {
  journal,
  openMemory,
  project,
  type Told,
  toldOf,
} from "../../support/directory/projection_fixture.ts";
import { aroundCommit } from "../../support/store/around_commit.ts";
import { beforeRead } from "../../support/store/before_read.ts";

const REF = { app: 1, groupId: "mv" };
// deno-lint-ignore camelcase -- Tencent's spelling on the wire
const OWNER = { GroupId: "mv", Owner_Account: "o" };

/** Groups of one owner: of those before and behind the one that moves, ten each. */
function groups(count: number, prefix: string): Told[] {
  return Array.from({ length: count }, (_, n): Told => [
    "CreateGroup",
    { ...OWNER, GroupId: `${prefix}${n}` },
  ]);
}

async function openGroups(): Promise<Store> {
  const store = await openMemory();
  await journal(
    store,
    toldOf([
      ...groups(10, "a"),
      ["GroupInfoChanged", { GroupId: "mv", Name: "n" }],
      ["ChangeGroupOwner", { GroupId: "mv", NewOwner_Account: "o" }],
      ...groups(10, "z"),
    ], { fromSec: 100 }),
  );
  await project(store);
  return store;
}

/** Folds an event that moves the group to the top of the list, or to its end. */
async function move(store: Store, to: "top" | "end"): Promise<void> {
  const [told, fromSec]: [Told, number] = to === "top"
    ? [["CreateGroup", OWNER], 1_000]
    : [["GroupInfoChanged", { GroupId: "mv", Name: "n" }], 1];
  await journal(store, toldOf([told], { fromSec }));
  await project(store);
}

const MOVES = Array.from({ length: 8 }, (_, at) => [at + 1] as const)
  .flatMap(([read]) => [[read, "top"], [read, "end"]] as const);

Deno.test.each(MOVES)(
  "a group that moves before read %d, to the %s, is found",
  async (read, to) => {
    const reads = [
      (kv: ReadableKv) => getGroup(kv, REF),
      (kv: ReadableKv) => listMembers(kv, { ...REF, limit: 1 }),
      (kv: ReadableKv) => listTimeline(kv, { ...REF, limit: 1 }),
    ];
    for (const look of reads) {
      await using store = await openGroups();
      const happen = () => move(store, to);

      const found = await look(beforeRead(store.reader, { read, happen }));

      assertEquals(found === null, false);
    }
  },
);

/** The groups on a page, and how often the one that moves is among them. */
async function listed(kv: ReadableKv, query: object) {
  const { groups } = await listGroups(kv, { limit: 100, ...query });
  const ids = groups.map(({ group }) => group.groupId);
  return [ids.length, ids.filter((id) => id === "mv").length];
}

Deno.test.each(MOVES)(
  "a group that moves before read %d, to the %s, is once in each list",
  async (read, to) => {
    for (const query of [{}, { owner: "o" }]) {
      await using store = await openGroups();
      const happen = () => move(store, to);
      const kv = beforeRead(store.reader, { read, happen });

      assertEquals(await listed(kv, query), [21, 1]);
    }
  },
);

Deno.test("a group that moves down between two parts of a list is on the page once", async () => {
  await using store = await openMemory();
  const rename: Told = ["GroupInfoChanged", { GroupId: "mv", Name: "n" }];
  const told = [...groups(150, "a"), rename];
  await journal(store, toldOf(told, { fromSec: 100 }));
  await project(store);
  let given = 0;
  const kv = {
    get: store.reader.get.bind(store.reader),
    getMany: store.reader.getMany.bind(store.reader),
    list: (...args: Parameters<Deno.Kv["list"]>) => {
      const entries = store.reader.list(...args);
      const next = entries.next.bind(entries);
      entries.next = async () => {
        if (++given === 50) await move(store, "end");
        return await next();
      };
      return entries;
    },
    // Each method answers as the real handle does.
  } as unknown as ReadableKv;

  assertEquals(await listed(kv, { name: "n", limit: 10 }), [1, 1]);
});

/** A handle that does something before and behind each of its commits. */
function around(kv: WritableKv, act: () => Promise<void>): WritableKv {
  return aroundCommit(kv, async (commit) => {
    await act();
    const result = await commit();
    await act();
    return result;
  });
}

Deno.test("a large group that moves in several commits is once in its members' lists all the while", async () => {
  await using store = await openMemory();
  const users = Array.from({ length: 60 }, (_, n) => `u${n}`);
  const NewMemberList = users.map((Member_Account) => ({ Member_Account }));
  await journal(
    store,
    toldOf([["NewMemberJoin", { GroupId: "mv", NewMemberList }]], {
      fromSec: 9,
    }),
  );
  await project(store);
  await journal(
    store,
    toldOf([["NewMemberJoin", { GroupId: "mv", NewMemberList: [] }], [
      "CreateGroup",
      { GroupId: "mv" },
    ]], { fromSec: 8 }),
  );
  let looks = 0;
  const fenced = around(store.fenced, async () => {
    looks++;
    for (const member of [users[0], users.at(-1)]) {
      assertEquals(await listed(store.reader, { member }), [1, 1]);
    }
  });

  await project({ ...store, fenced });

  assertEquals(looks > 4, true);
});

Deno.test("what an older life left in a user's list shows no group twice", async () => {
  await using store = await openMemory();
  const MemberList = Array.from({ length: 60 }, (_, n) => ({
    Member_Account: `u${n}`,
  }));
  const told: Told[] = [
    ["CreateGroup", { GroupId: "mv", MemberList }],
    ["GroupDestroyed", { GroupId: "mv" }],
    ["CreateGroup", { GroupId: "mv", MemberList: MemberList.slice(0, 1) }],
  ];
  await journal(store, toldOf(told));
  const seen: unknown[] = [];
  // Before the sweeper comes, and behind it.
  const fenced = around(store.fenced, async () => {
    seen.push(await listed(store.reader, { member: "u0" }));
    seen.push(await listed(store.reader, { member: "u1" }));
  });
  await project({ ...store, fenced });

  const last = await listed(store.reader, { member: "u1" });
  assertEquals(seen.every((it) => it instanceof Array && it[0] <= 1), true);
  assertEquals(last, [0, 0]);
  assertEquals(await listed(store.reader, { member: "u0" }), [1, 1]);
});

Deno.test.each(Array.from({ length: 6 }, (_, at) => [at + 1] as const))(
  "a group is found where a rebuild ends before read %d",
  async (read) => {
    await using store = await openGroups();
    await project(store, 2);
    const happen = async () => {
      await store.side.atomic().set(DIRECTORIES_KEY, { live: 2 }).commit();
      while (await removeSome(store.side, ["directory", 1]));
    };
    const kv = beforeRead(store.reader, { read, happen });

    assertEquals(await getGroup(kv, REF) === null, false);
    assertEquals(await listed(kv, {}), [21, 1]);
  },
);
