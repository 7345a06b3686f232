// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire
import { assertEquals } from "@std/assert";
import {
  accounts,
  type ShownGroup,
  shownGroup,
  shownInAnyOrder,
  stepRecord,
  type ToldStep,
} from "../../support/directory/told_steps.ts";

const CREATE: ToldStep = [0, "CreateGroup", {
  Owner_Account: "o",
  Name: "first",
  Introduction: "intro",
}];
const DESTROY: ToldStep = [10_000, "GroupDestroyed", { Owner_Account: "o" }];

function join(afterMs: number, ...ids: string[]): ToldStep {
  return [afterMs, "NewMemberJoin", { NewMemberList: accounts(...ids) }];
}

function ids({ members }: ShownGroup): string {
  return members.map(({ userId }) => userId).join(" ");
}

/** What one function reads of a group, the same in whatever order its callbacks are told. */
function inAnyOrder<T>(
  steps: readonly ToldStep[],
  read: (shown: ShownGroup) => T,
): T {
  const [first, ...others] = shownInAnyOrder(steps).map(read);
  for (const other of others) assertEquals(other, first);
  if (first === undefined) throw new Error("No callback was told");
  return first;
}

Deno.test("a create that is dated after the first topic and join discards nothing", () => {
  const topic = { TopicId: "t", Name: "topic" };
  const create = { Type: "Community", Owner_Account: "o" };
  const shown = inAnyOrder<unknown>([
    [0, "CreateTopic", topic],
    join(100, "u"),
    [50, "GroupInfoChanged", { Name: "told before" }],
    [2_500, "CreateGroup", create],
  ], (it) => [it.topics.length, ids(it), it.group.name, it.group.life]);

  assertEquals(shown, [1, "o u", "told before", 1]);
});

Deno.test("a create an hour after everything else discards nothing", () => {
  const steps = [join(0, "u"), [3_600_000, "CreateGroup", {}]] as const;
  assertEquals(inAnyOrder(steps, ids), "u");
});

Deno.test.each<[string, ToldStep]>([
  ["a join", join(10_003, "ghost")],
  ["an info change", [10_003, "GroupInfoChanged", {
    Name: "ghost",
    Introduction: "ghost",
  }]],
  ["an attribute", [10_003, "GroupAttrChanged", {
    GroupAttr: [{ key: "ghost", value: "1" }],
  }]],
  ["a clear of attributes", [10_003, "GroupAttrChanged", {
    OptionType: "clear",
  }]],
  ["an exit", [10_003, "MemberExit", { ExitMemberList: accounts("o") }]],
  ["another owner", [10_003, "ChangeGroupOwner", { NewOwner_Account: "p" }]],
  ["a role", [10_003, "MemberFieldChanged", {
    Member_Account: "ghost",
    Role: "Admin",
  }]],
  ["a topic", [10_003, "CreateTopic", { TopicId: "t", Name: "ghost" }]],
  ["a second disband", [10_003, "GroupDestroyed", { Name: "ghost" }]],
])("%s 3 ms after a disband changes nothing", (_, late) => {
  const attribute: ToldStep = [5, "GroupAttrChanged", {
    GroupAttr: [{ key: "a", value: "1" }],
  }];
  const steps = [CREATE, attribute, DESTROY];
  const before = inAnyOrder(steps, (shown) => shown);

  assertEquals(inAnyOrder([...steps, late], (shown) => shown), before);
  assertEquals(before.group.state, "disbanded");
});

Deno.test("several late changes of one field change nothing either", () => {
  const steps = [1, 2, 3, 4].map((n): ToldStep => [
    10_000 + n,
    "GroupInfoChanged",
    { Name: `ghost ${n}` },
  ]);
  const records = [CREATE, DESTROY, ...steps].map(stepRecord);
  for (const order of [records, records.toReversed()]) {
    assertEquals(shownGroup(order).group.name, "first");
  }
});

Deno.test("after a disband a create starts a life that shows nothing of the old one", () => {
  const again: ToldStep = [20_000, "CreateGroup", { Owner_Account: "p" }];
  const shown = inAnyOrder(
    [CREATE, DESTROY, join(10_003, "ghost"), again, join(20_001, "u")],
    (it) => {
      const { state, life, name, introduction, knownMembers } = it.group;
      return [ids(it), state, life, name, introduction, knownMembers];
    },
  );

  assertEquals(shown, ["p u", "active", 2, undefined, undefined, 2]);
});

Deno.test("a community that is created again keeps what came up to 5 s before its create", () => {
  const again: ToldStep = [
    60_000,
    "CreateGroup",
    { Type: "Community", Owner_Account: "p" },
  ];
  const steps = [CREATE, DESTROY, join(10_003, "ghost"), join(57_500, "u")];

  assertEquals(inAnyOrder([...steps, again], ids), "p u");
});

Deno.test("a topic made anew under an old id shows nothing of the old one", () => {
  const shown = inAnyOrder([
    CREATE,
    [1_000, "CreateTopic", {
      TopicId: "t",
      Name: "old",
      Introduction: "old",
      Owner_Account: "old",
      UserDefinedDataList: [{ Key: "k", Value: "old" }],
    }],
    [2_000, "TopicDestroyed", { TopicIdList: ["t"] }],
    [3_000, "CreateTopic", { TopicId: "t", Name: "new" }],
  ], ({ topics }) => JSON.parse(JSON.stringify(topics)));

  assertEquals(shown, [{
    topicId: "t",
    name: "new",
    createdAt: "2026-01-01T00:00:03.000Z",
    customFields: {},
  }]);
});

Deno.test("what is told of a topic that is gone does not bring it back", () => {
  const shown = inAnyOrder([
    [0, "CreateTopic", { TopicId: "t", Name: "old" }],
    [1_000, "TopicDestroyed", { TopicIdList: ["t"] }],
    [2_000, "TopicInfoChanged", { TopicId: "t", Name: "late" }],
  ], ({ topics }) => topics);

  assertEquals(shown, []);
});

Deno.test("a new owner is a member, and the former one a plain member", () => {
  const shown = inAnyOrder([
    CREATE,
    [1_000, "MemberFieldChanged", { Member_Account: "p", Role: "Admin" }],
    [2_000, "ChangeGroupOwner", {
      OldOwner_Account: "o",
      NewOwner_Account: "p",
    }],
    [3_000, "ChangeGroupOwner", {
      OldOwner_Account: "p",
      NewOwner_Account: "q",
    }],
  ], ({ group, members }) => [
    group.owner,
    group.knownMembers,
    members.map(({ userId, role }) => `${userId} ${role}`),
  ]);

  assertEquals(shown, ["q", 3, ["o Member", "p Member", "q Owner"]]);
});

Deno.test("a former owner who had left is no member again", () => {
  const steps: ToldStep[] = [
    CREATE,
    [1_000, "MemberExit", { ExitMemberList: accounts("o") }],
    [2_000, "ChangeGroupOwner", {
      OldOwner_Account: "o",
      NewOwner_Account: "p",
    }],
  ];
  assertEquals(inAnyOrder(steps, ids), "p");
});

Deno.test("more ends than are remembered end no later life", () => {
  const ends = Array.from(
    { length: 70 },
    (_, n): ToldStep => [10_000 + n, "GroupDestroyed", {}],
  );
  const again: ToldStep = [30_000, "CreateGroup", { Name: "new" }];
  const steps = [CREATE, ...ends, again];
  // Two orders: all of them are too many.
  for (const order of [steps, steps.toReversed()]) {
    const { group } = shownGroup(order.map(stepRecord));
    assertEquals([group.state, group.name], ["active", "new"]);
  }
});
