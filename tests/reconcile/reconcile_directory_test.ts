// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire
import { assertEquals } from "@std/assert";
import { openWorld } from "../support/reconcile/world.ts";

const GROUP = { Type: "Public", Name: "Tea", Owner_Account: "leckie" };
const LOST = { isLost: true };

Deno.test("Reconciler makes an imported group known, marked and counted", async () => {
  await using world = await openWorld();
  const CreateTime = 1_600_000_000;
  const MemberList = [{ Member_Account: "bob", Role: "Admin" }];
  await world.make("import_group", {
    ...GROUP,
    GroupId: "old",
    CreateTime,
    MemberList,
  });

  const { state, found, calls } = await world.run();

  assertEquals(state, "done");
  assertEquals([found.groups, found.missing, found.missed], [1, 1, 0]);
  assertEquals(calls, 4);
  const group = (await world.groups()).get("old");
  assertEquals(
    [group?.name, group?.owner, group?.state, group?.source, group?.createdAt],
    ["Tea", "leckie", "active", "reconcile", "2020-09-13T12:26:40.000Z"],
  );
  assertEquals(await world.members("old"), { leckie: "Owner", bob: "Admin" });
});

Deno.test("Reconciler repairs nothing twice", async () => {
  await using world = await openWorld();
  await world.make("import_group", { ...GROUP, GroupId: "old" });
  await world.make("create_group", { ...GROUP, GroupId: "new" });
  await world.run();
  const before = await world.repairs();

  const { found } = await world.run({ hasMembers: true });

  assertEquals([found.missing, found.differing], [0, 0]);
  assertEquals(await world.repairs(), before);
});

Deno.test("Reconciler repairs what differs, and a later callback wins", async () => {
  await using world = await openWorld();
  await world.make("create_group", { ...GROUP, GroupId: "a" });
  const rename = (Name: string) => ({
    GroupId: "a",
    Name,
    Introduction: "hello",
  });
  await world.make("modify_group_base_info", rename("Coffee"), LOST);
  await world.make("change_group_owner", {
    GroupId: "a",
    NewOwner_Account: "bob",
  }, LOST);

  const { found } = await world.run();

  assertEquals([found.missing, found.differing], [0, 1]);
  const group = (await world.groups()).get("a");
  assertEquals(
    [group?.name, group?.introduction, group?.owner, group?.source],
    [
      "Coffee",
      "hello",
      "bob",
      "callback",
    ],
  );
  assertEquals(group?.knownMembers, 2);
  await world.make("modify_group_base_info", rename("Milk"));
  assertEquals((await world.groups()).get("a")?.name, "Milk");
});

Deno.test("Reconciler gives a group that was made anew after a disband a new life", async () => {
  await using world = await openWorld();
  await world.make("create_group", { ...GROUP, GroupId: "a" });
  world.rest.clock.nowMs += 5_000;
  await world.make("destroy_group", { GroupId: "a" });
  world.rest.clock.nowMs += 5_000;
  await world.make(
    "create_group",
    { ...GROUP, Name: "Again", GroupId: "a" },
    LOST,
  );
  world.rest.clock.nowMs += 120_000;

  const { found } = await world.run();

  assertEquals(found.missing, 1);
  const group = (await world.groups()).get("a");
  assertEquals([group?.name, group?.state, group?.life], [
    "Again",
    "active",
    2,
  ]);
});

Deno.test("Reconciler ends a group that two passes did not find", async () => {
  await using world = await openWorld();
  await world.make("create_group", { ...GROUP, GroupId: "a" });
  await world.make("create_group", { ...GROUP, GroupId: "b" });
  await world.make("destroy_group", { GroupId: "a" }, LOST);
  world.rest.clock.nowMs += 5_000;

  const first = await world.run();
  assertEquals([first.found.gone, first.found.absent], [0, 1]);
  assertEquals((await world.groups()).get("a")?.state, "active");

  const second = await world.run();
  assertEquals([second.found.gone, second.found.absent], [1, 0]);
  assertEquals((await world.groups()).get("a")?.state, "disbanded");
  assertEquals((await world.groups()).get("b")?.state, "active");
  assertEquals((await world.run()).found.gone, 0);
});

Deno.test("Reconciler holds back where many groups would end, and goes on with leave", async () => {
  await using world = await openWorld();
  for (let n = 0; n < 12; n++) {
    await world.make("create_group", { ...GROUP, GroupId: `group${n}` });
  }
  for (let n = 0; n < 11; n++) {
    await world.make("destroy_group", { GroupId: `group${n}` }, LOST);
  }
  world.rest.clock.nowMs += 5_000;
  await world.run();

  const { found } = await world.run();
  assertEquals([found.gone, found.absent, found.isHeldBack], [0, 11, true]);
  assertEquals(await world.repairs(), []);

  const dry = await world.run({ isDry: true, acceptsGone: true });
  assertEquals([dry.found.gone, (await world.repairs()).length], [11, 0]);
  const accepted = await world.run({ acceptsGone: true });
  assertEquals([accepted.found.gone, accepted.found.isHeldBack], [11, false]);
  const states = [...(await world.groups()).values()].map(({ state }) => state);
  assertEquals(states.filter((state) => state === "disbanded").length, 11);
});

Deno.test("Reconciler compares members where counts differ, or everywhere when asked", async () => {
  await using world = await openWorld();
  await world.make("create_group", { ...GROUP, GroupId: "a" });
  const join = (userId: string) => ({
    GroupId: "a",
    MemberList: [{ Member_Account: userId }],
  });
  await world.make("add_group_member", join("bob"));
  await world.make("delete_group_member", {
    GroupId: "a",
    MemberToDel_Account: ["bob"],
  }, LOST);
  await world.make("add_group_member", join("jared"), LOST);
  world.rest.clock.nowMs += 120_000;

  assertEquals((await world.run()).found.differing, 0);
  assertEquals(await world.members("a"), { leckie: "Owner", bob: "Member" });

  assertEquals((await world.run({ hasMembers: true })).found.differing, 1);
  assertEquals(await world.members("a"), { leckie: "Owner", jared: "Member" });

  await world.make("add_group_member", join("peter"), LOST);
  assertEquals((await world.run()).found.differing, 1);
  assertEquals(await world.members("a"), {
    leckie: "Owner",
    jared: "Member",
    peter: "Member",
  });
});
