import { assertEquals } from "@std/assert";
import {
  accounts,
  shownInAnyOrder,
  type ToldStep,
} from "../../support/directory/told_steps.ts";
import { START_MS } from "../../support/directory/history.ts";

function iso(afterMs: number): string {
  return new Date(START_MS + afterMs).toISOString();
}

/** What Tencent holds of the group "g", as it was observed so many ms after the start. */
function observed(
  atMs: number,
  reason: string,
  { members, ...group }: Readonly<Record<string, unknown>> = {},
): ToldStep {
  const observedAt = iso(atMs);
  const told = { reason, observedAt, group: { groupId: "g", ...group } };
  // It is kept some seconds after it was observed.
  return [atMs + 3_000, "imhook.GroupReconciled", {
    ...told,
    ...(members !== undefined && { members }),
  }];
}

const WHOLE = {
  type: "Public",
  name: "kept",
  owner: "o",
  introduction: "i",
  createdAt: iso(-86_400_000),
  customFields: { k: "v", __proto__key: "p" },
};

const CREATE: ToldStep = [0, "CreateGroup", {
  Owner_Account: "o",
  Name: "told",
  MemberList: accounts("a", "b"),
}];

/** What one function reads, the same in whatever order events are told. */
function inAnyOrder(
  steps: readonly ToldStep[],
  read: (shown: ReturnType<typeof shownInAnyOrder>[number]) => unknown,
): unknown {
  const [first, ...others] = shownInAnyOrder(steps).map(read);
  for (const other of others) assertEquals(other, first);
  return first;
}

Deno.test("a group that no callback told of is as it was observed", () => {
  const { group, members } = shownInAnyOrder([
    observed(10_000, "missing", WHOLE),
  ])[0] ?? { members: [] };

  assertEquals(JSON.parse(JSON.stringify(group)), {
    sdkAppId: 1,
    groupId: "g",
    type: "Public",
    name: "kept",
    owner: "o",
    introduction: "i",
    customFields: { k: "v", __proto__key: "p" },
    attributes: {},
    knownMembers: 0,
    membersComplete: false,
    state: "active",
    createdAt: iso(-86_400_000),
    changedAt: iso(10_000),
    source: "reconcile",
    life: 1,
  });
  assertEquals(members, []);
});

Deno.test("a list of all members makes them complete, and leaves nobody else", () => {
  const list = [
    { userId: "o", role: "Owner", joinedAt: iso(-5_000) },
    { userId: "a", role: "Admin ", joinedAt: iso(-4_000), nameCard: "card" },
  ];
  const steps = [CREATE, observed(10_000, "differs", { members: list })];
  const shown = inAnyOrder(steps, ({ group, members }) => [
    group.membersComplete,
    group.knownMembers,
    members.map((it) => [it.userId, it.role, it.joinedAt, it.nameCard]),
  ]);

  assertEquals(shown, [true, 2, [
    ["a", "Admin", iso(0), "card"],
    ["o", "Owner", iso(0), undefined],
  ]]);
});

Deno.test("a callback later than the observation wins, an earlier one does not", () => {
  const rename = (afterMs: number): ToldStep => [
    afterMs,
    "GroupInfoChanged",
    { Name: "callback" },
  ];
  const differs = observed(10_000, "differs", { name: "observed" });
  const name = (steps: readonly ToldStep[]) =>
    inAnyOrder(steps, ({ group }) => [group.name, group.source]);

  assertEquals(name([CREATE, differs]), ["observed", "callback"]);
  assertEquals(name([CREATE, differs, rename(9_999)]), [
    "observed",
    "callback",
  ]);
  assertEquals(name([CREATE, differs, rename(10_000)]), [
    "callback",
    "callback",
  ]);
  assertEquals(name([differs]), ["observed", "reconcile"]);
  assertEquals(name([differs, rename(10_001)]), ["callback", "callback"]);
});

Deno.test("a group that is gone is disbanded until a create or an observation shows it again", () => {
  const gone = observed(10_000, "gone");
  const late: ToldStep = [11_000, "GroupInfoChanged", { Name: "late" }];
  const again = observed(20_000, "missing", {
    ...WHOLE,
    createdAt: iso(15_000),
    members: [{ userId: "p" }],
  });
  const read = (steps: readonly ToldStep[]) =>
    inAnyOrder(steps, ({ group, members }) => [
      group.state,
      group.life,
      group.name,
      group.source,
      members.map(({ userId }) => userId).join(" "),
    ]);

  assertEquals(read([CREATE, gone]), [
    "disbanded",
    1,
    "told",
    "callback",
    "a b o",
  ]);
  assertEquals(read([CREATE, gone, late]), read([CREATE, gone]));
  assertEquals(read([CREATE, gone, late, again]), [
    "active",
    2,
    "kept",
    "reconcile",
    "p",
  ]);
  const create: ToldStep = [30_000, "CreateGroup", { Name: "anew" }];
  assertEquals(read([CREATE, gone, create]), [
    "active",
    2,
    "anew",
    "callback",
    "",
  ]);
});

Deno.test("a group that a false disband had ended lives on with what was told since", () => {
  const join: ToldStep = [
    12_000,
    "NewMemberJoin",
    { NewMemberList: accounts("u") },
  ];
  const steps = [
    CREATE,
    [10_000, "GroupDestroyed", {}] as const,
    join,
    observed(20_000, "missing", WHOLE),
  ];
  const shown = inAnyOrder(steps, ({ group, members }) => [
    group.state,
    group.createdAt,
    members.map(({ userId }) => userId),
  ]);

  assertEquals(shown, ["active", iso(-86_400_000), ["u"]]);
});

Deno.test("an observation that makes no sense is left out in part", () => {
  const odd = observed(10_000, "differs", {
    name: 5,
    createdAt: "yesterday",
    owner: {},
    members: ["u", { userId: "v" }],
  });
  const shown = inAnyOrder([odd], ({ group, members }) => [
    group.name,
    group.state,
    group.membersComplete,
    members.map(({ userId }) => userId),
  ]);

  assertEquals(shown, [undefined, "partial", false, ["v"]]);
});
