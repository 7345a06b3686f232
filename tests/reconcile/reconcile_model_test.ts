// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { openStore } from "../../src/store/open.ts";
import { openStandIn } from "../support/reconcile/stand_in_fixture.ts";
import { ended, openWorld, type World } from "../support/reconcile/world.ts";

/** Something that happens at Tencent, and whether its callback is lost. */
interface Act {
  readonly kind:
    | "create"
    | "import"
    | "rename"
    | "owner"
    | "join"
    | "leave"
    | "destroy";
  readonly group: number;
  readonly user: number;
  readonly isLost: boolean;
  readonly afterMs: number;
}

const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom(
    ...[
      "create",
      "create",
      "import",
      "rename",
      "owner",
      "join",
      "leave",
      "destroy",
    ] as const,
  ),
  group: fc.nat({ max: 5 }),
  user: fc.nat({ max: 4 }),
  isLost: fc.boolean(),
  afterMs: fc.constantFrom(1, 700, 30_000),
});

const TYPES = ["Public", "Private", "ChatRoom", "AVChatRoom", "Community"];
const MINUTES_MS = 120_000;

/** Does it, where it can be done. */
async function perform(world: World, one: Act, number: number): Promise<void> {
  const { kind, group, user, isLost } = one;
  world.rest.clock.nowMs += one.afterMs;
  const GroupId = `g${group}`;
  const userId = `u${user}`;
  const { groups } = world.rest.standIn.model;
  const isNew = kind === "create" || kind === "import";
  if (groups.has(GroupId) === isNew) return;
  const whole = {
    GroupId,
    Type: TYPES[group % TYPES.length],
    Name: `name ${number}`,
    Owner_Account: userId,
    MemberList: [{ Member_Account: "u0" }, { Member_Account: "u1" }],
  };
  const member = { MemberList: [{ Member_Account: userId }] };
  const isOwner = groups.get(GroupId)?.owner === userId;
  const calls = {
    create: ["create_group", whole],
    import: ["import_group", whole],
    rename: ["modify_group_base_info", {
      GroupId,
      Name: `name ${number}`,
      Introduction: `${user}`,
    }],
    owner: ["change_group_owner", { GroupId, NewOwner_Account: userId }],
    join: ["add_group_member", { GroupId, ...member }],
    leave: ["delete_group_member", {
      GroupId,
      MemberToDel_Account: isOwner ? [] : [userId],
    }],
    destroy: ["destroy_group", { GroupId }],
  } as const;
  const [word, body] = calls[kind];
  await world.make(word, body, { isLost });
}

/** What Tencent has, as the directory should show it. */
function modelOf({ rest }: World): Record<string, unknown> {
  const shown = Array.from(rest.standIn.model.groups.values(), (group) => {
    const { groupId, type, name, owner, introduction } = group;
    const members = [...group.members].map(([userId, { role }]) =>
      [userId, userId === owner ? "Owner" : role] as const
    );
    const listed = type === "AVChatRoom" ? [] : members.toSorted();
    return [groupId, { type, name, owner, introduction, listed }] as const;
  });
  return Object.fromEntries(shown.toSorted());
}

/** The groups of the directory that live. */
async function shownIn(world: World): Promise<Record<string, unknown>> {
  const shown: [string, unknown][] = [];
  for (const [groupId, group] of await world.groups()) {
    if (group.state === "disbanded") continue;
    const { type, name, owner = "", introduction = "" } = group;
    const members = Object.entries(await world.members(groupId)).toSorted();
    const listed = type === "AVChatRoom" ? [] : members;
    shown.push([groupId, { type, name, owner, introduction, listed }]);
  }
  return Object.fromEntries(shown.toSorted());
}

Deno.test("after two runs the directory equals Tencent's groups, whatever was lost and came meanwhile", async () => {
  const histories = fc.tuple(
    fc.array(act, { maxLength: 30 }),
    fc.array(act, { maxLength: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(histories, async ([before, meanwhile]) => {
      await using world = await openWorld();
      let number = 0;
      for (const one of before) await perform(world, one, number++);
      world.rest.clock.nowMs += MINUTES_MS;
      const running = world.run({ hasMembers: true });
      for (const one of meanwhile) await perform(world, one, number++);
      await running;
      for (let run = 0; run < 2; run++) {
        world.rest.clock.nowMs += MINUTES_MS;
        await world.run({ hasMembers: true, acceptsGone: true });
      }

      assertEquals(await shownIn(world), modelOf(world));
      const repairs = (await world.repairs()).length;
      world.rest.clock.nowMs += MINUTES_MS;
      await world.run({ hasMembers: true });
      assertEquals((await world.repairs()).length, repairs);
    }),
    { numRuns: 20 },
  );
});

Deno.test("a run goes on wherever its process is killed, and repairs nothing twice", async () => {
  for (let kill = 1; kill <= 6; kill++) {
    let requests = 0;
    const dying = Promise.withResolvers<void>();
    await using rest = openStandIn({
      onRequest() {
        if (++requests === kill) dying.resolve();
      },
    });
    await using store = await openStore({ path: ":memory:", dedupeMax: 1_000 });
    for (let n = 0; n < 120; n++) {
      const Owner_Account = n % 50 === 0 ? "bob" : "";
      await rest.make("import_group", {
        Type: "Public",
        Name: "n",
        GroupId: `g${n}`,
        CreateTime: 1,
        Owner_Account,
      });
    }
    const wishes = { hasMembers: false, isDry: false, acceptsGone: false };
    const first = await openWorld({ rest, store });
    const started = await first.reconciler.start({
      app: 1_400_000_000,
      ...wishes,
    });
    if (started.kind !== "started") throw new Error(started.kind);
    await dying.promise;
    await first[Symbol.asyncDispose]();
    await using second = await openWorld({ rest, store });
    const run = await ended(store, started.run.id);

    assertEquals([run.state, run.found.groups], ["done", 120]);
    assertEquals(run.found.differing, 0);
    assertEquals(await shownIn(second), modelOf(second));
    const missing = (await second.repairs()).filter(({ reason }) =>
      reason === "missing"
    );
    assertEquals(missing.length, 120, `killed at request ${kill}`);
  }
});
