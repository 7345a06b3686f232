import { assert, assertEquals } from "@std/assert";
import { listMembers } from "../../../src/directory/rows/parts.ts";
import {
  getGroup,
  type GroupRowPage,
  listGroups,
} from "../../../src/directory/rows/groups.ts";
import {
  listTimeline,
  type TimelinePage,
} from "../../../src/directory/rows/timeline.ts";
import type { Store } from "../../../src/store/open.ts";
import { recordOf } from "../../support/directory/oracle.ts";
import {
  journal,
  openMemory,
  project,
} from "../../support/directory/projection_fixture.ts";

const REF = { app: 1, groupId: "g" };
const START_MS = Date.UTC(2026, 0, 1);
const MEMBERS = 2_000;
const BATCH = 100;

let tick = 0;

/** The next callback of the group, a second after the one before. */
function told(command: string, fields: Record<string, unknown> = {}) {
  const timeMs = START_MS + 1_000 * ++tick;
  const body = { GroupId: "g", Type: "Public", ...fields, EventTime: timeMs };
  return recordOf({ command: `Group.CallbackAfter${command}`, timeMs, body });
}

const user = (number: number) => `u${String(number).padStart(5, "0")}`;

/** Joins of as many members, in batches. */
function joins(): ReturnType<typeof told>[] {
  return Array.from(
    { length: MEMBERS / BATCH },
    (_, batch) =>
      told("NewMemberJoin", {
        NewMemberList: Array.from({ length: BATCH }, (_, at) => ({
          Member_Account: user(batch * BATCH + at),
        })),
      }),
  );
}

async function groupsOf({ reader }: Store, member: string): Promise<number> {
  return (await listGroups(reader, { member, limit: 10 })).groups.length;
}

async function keysOf({ reader }: Store, part: string): Promise<number> {
  let keys = 0;
  for await (const _ of reader.list({ prefix: ["directory", 1, part] })) keys++;
  return keys;
}

Deno.test("a large group counts its members, pages them, and is in each one's list", async () => {
  await using store = await openMemory();
  await journal(store, [
    told("CreateGroup", { Owner_Account: "owner", Name: "n" }),
    ...joins(),
    told("MemberExit", { ExitMemberList: [{ Member_Account: user(7) }] }),
  ]);
  await project(store);

  const found = await getGroup(store.reader, REF);
  assertEquals(found?.knownMembers, MEMBERS);
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await listMembers(store.reader, { ...REF, after, limit: 300 });
    seen.push(...page?.items.map(({ id }) => id) ?? []);
    after = page?.next;
  } while (after !== undefined);
  assertEquals(seen.length, MEMBERS);
  assertEquals(new Set(seen).size, MEMBERS);
  assertEquals(seen.includes(user(7)), false);
  const some = await listMembers(store.reader, {
    ...REF,
    prefix: "u0012",
    limit: 100,
  });
  assertEquals(some?.items.map(({ id }) => id).at(0), user(120));
  assertEquals(some?.items.length, 10);
  assertEquals(
    [await groupsOf(store, user(1_999)), await groupsOf(store, user(7))],
    [1, 0],
  );
});

Deno.test("a new life of a large group has none of the former members, and they are swept", async () => {
  await using store = await openMemory();
  await journal(store, [
    told("CreateGroup", { Owner_Account: "owner" }),
    ...joins(),
    told("GroupDestroyed"),
  ]);
  await project(store);
  assertEquals(await groupsOf(store, user(5)), 1);

  await journal(store, [
    told("CreateGroup", {
      Owner_Account: "other",
      MemberList: [{ Member_Account: user(5) }],
    }),
  ]);
  await project(store);

  const found = await getGroup(store.reader, REF);
  assertEquals(found?.knownMembers, 2);
  assertEquals(
    [await groupsOf(store, user(5)), await groupsOf(store, user(6))],
    [1, 0],
  );
  assertEquals(await keysOf(store, "members"), 0);
  assertEquals(await keysOf(store, "groups_by_member"), 2);
  assertEquals(await keysOf(store, "leftovers"), 0);
});

Deno.test("a timeline goes back beyond what the row holds, in pages without a gap", async () => {
  await using store = await openMemory();
  const renames = Array.from(
    { length: 200 },
    (_, n) => told("GroupInfoChanged", { Name: `n${n}` }),
  );
  await journal(store, renames);
  await project(store);

  const seen: number[] = [];
  let before: number | undefined;
  do {
    const page: TimelinePage | null = await listTimeline(store.reader, {
      ...REF,
      before,
      limit: 33,
    });
    assert(page !== null);
    seen.push(...page.seqs);
    before = page.next;
  } while (before !== undefined);
  assertEquals(seen, Array.from({ length: 200 }, (_, n) => 200 - n));
});

Deno.test("a field that is too long is left out, and the rest goes on", async () => {
  await using store = await openMemory();
  await journal(store, [
    told("CreateGroup", { Owner_Account: "owner", Name: "before" }),
    told("GroupInfoChanged", { Introduction: "x".repeat(70_000) }),
    told("GroupInfoChanged", { Name: "behind" }),
  ]);
  await project(store);

  const { groups } = await listGroups(store.reader, {
    limit: 1,
    name: "behind",
  });
  assertEquals(groups.length, 1);
  assertEquals(await keysOf(store, "unfolded"), 1);
});

Deno.test("listGroups() misses and repeats nothing while groups are added between pages", async () => {
  await using store = await openMemory();
  const add = (from: number) =>
    journal(
      store,
      Array.from({ length: 10 }, (_, n) => {
        const timeMs = START_MS + 1_000 * (from + n);
        const body = { GroupId: `k${from + n}`, Type: "Public" };
        const command = "Group.CallbackAfterCreateGroup";
        const record = recordOf({ command, timeMs, body });
        return { ...record, meta: { ...record.meta, group: body.GroupId } };
      }),
    );
  await add(0);
  await project(store);

  const seen: string[] = [];
  let before: GroupRowPage["next"];
  do {
    const page = await listGroups(store.reader, { before, limit: 3 });
    seen.push(...page.groups.map(({ group }) => group.groupId));
    before = page.next;
    await add(100 * seen.length);
    await project(store);
  } while (before !== undefined);
  assertEquals(seen, Array.from({ length: 10 }, (_, n) => `k${9 - n}`));
});

Deno.test("who leaves a large group right after it has moved is in no list of it", async () => {
  await using store = await openMemory();
  await journal(store, [...joins().slice(0, 1)]);
  await project(store);
  const exit = told("MemberExit", {
    ExitMemberList: [{ Member_Account: user(7) }],
  });
  const create = told("CreateGroup", { MemberList: [] });
  const early = { ...create.meta, eventTimeMs: START_MS };
  // The create is told late: the group moves to where it began, with everybody in it.
  await journal(store, [{ ...create, meta: early }, exit]);

  await project(store);

  assertEquals(
    [await groupsOf(store, user(7)), await groupsOf(store, user(8))],
    [0, 1],
  );
  assertEquals(await keysOf(store, "groups_by_member"), BATCH - 1);
});
