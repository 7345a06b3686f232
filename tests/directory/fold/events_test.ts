import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { READERS } from "../../../src/directory/fold/event_changes.ts";
import { RECONCILED_COMMAND } from "../../../src/protocol/commands.ts";
import { foldOf } from "../../../src/directory/fold/fold.ts";
import { recordOf, shownOf } from "../../support/directory/oracle.ts";

const SAMPLES = new URL("../../testdata/samples/", import.meta.url);
const COMMANDS = [...READERS.keys()].filter((it) => it !== RECONCILED_COMMAND);

async function sample(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(new URL(`${name}.json`, SAMPLES)));
}

/** What the samples of these commands leave behind, folded in this order, a second apart. */
async function shownOfSamples(names: readonly string[]) {
  const records = await Promise.all(names.map(async (name, at) => {
    const timeMs = Date.UTC(2026, 0, 1) + at * 1_000;
    const body = { ...await sample(name), GroupId: "g" };
    const [family, word] = name.split(".");
    return recordOf({ command: `${family}.${word}`, timeMs, body });
  }));
  return shownOf(records);
}

Deno.test("foldOf() takes every sample of a command that changes groups", async () => {
  for (const command of COMMANDS) {
    const body = { ...await sample(command), GroupId: "g" };
    const record = recordOf({ command, timeMs: Date.UTC(2026, 0, 1), body });

    assertEquals(foldOf(record).kind, "fold", command);
  }
});

Deno.test("foldOf() leaves messages and what is no group event alone", async () => {
  for (const command of ["Group.CallbackAfterSendMsg", "State.StateChange"]) {
    const body = { ...await sample(command), GroupId: "g" };
    const record = recordOf({ command, timeMs: Date.UTC(2026, 0, 1), body });

    assertEquals(foldOf(record).kind, "other");
  }
});

Deno.test("the samples of a group's life show what Tencent's pages tell", async () => {
  const { group, members } = await shownOfSamples([
    "Group.CallbackAfterCreateGroup",
    "Group.CallbackAfterNewMemberJoin",
    "Group.CallbackAfterGroupInfoChanged",
    "Group.CallbackAfterGroupAttrChanged",
    "Group.CallbackAfterGroupFull",
  ]);

  assertEquals(JSON.parse(JSON.stringify(group)), {
    sdkAppId: 1,
    groupId: "g",
    type: "Public",
    name: "MyFirstGroup",
    owner: "leckie",
    creator: "group_root",
    notification: "NewNotification",
    customFields: { UserDefined1: "hello", UserDefined2: "world" },
    attributes: { key1: "value1", key2: "values" },
    isFull: true,
    knownMembers: 5,
    membersComplete: true,
    state: "active",
    createdAt: "2026-01-01T00:00:00.000Z",
    changedAt: "2026-01-01T00:00:04.000Z",
    source: "callback",
    life: 1,
  });
  assertEquals(
    members.map((member) => {
      const { userId, role } = member as { userId: string; role: string };
      return `${userId} ${role}`;
    }),
    [
      "bob Member",
      "jared Member",
      "leckie Owner",
      "peter Member",
      "tommy Member",
    ],
  );
});

for (
  const name of [
    "Group.CallbackAfterMemberFieldChanged",
    "Group.CallbackAfterMemberFieldChanged.cn",
  ]
) {
  Deno.test(`foldOf() reads the member of ${name}`, async () => {
    const command = "Group.CallbackAfterMemberFieldChanged";
    const body = { ...await sample(name), GroupId: "g" };
    const timeMs = Date.UTC(2026, 0, 1);
    const { members } = shownOf([recordOf({ command, timeMs, body })]);

    assertEquals(JSON.parse(JSON.stringify(members)), [
      { userId: "123456", role: "Admin", nameCard: "jacky" },
    ]);
  });
}

Deno.test("rooms without a list of members have none", () => {
  const { group, members } = shownOf([
    recordOf({
      command: "Group.CallbackAfterNewMemberJoin",
      timeMs: Date.UTC(2026, 0, 1),
      body: {
        GroupId: "g",
        Type: "AVChatRoom",
        NewMemberList: [{ Member_Account: "a" }],
      },
    }),
  ]);

  const { knownMembers, membersComplete } = group as Record<string, unknown>;
  assertEquals([members, knownMembers, membersComplete], [[], 0, false]);
});

Deno.test("who leaves and comes again has none of the former roles", () => {
  const START_MS = Date.UTC(2026, 0, 1);
  const list = [{ Member_Account: "a" }];
  const { members } = shownOf(
    [
      ["NewMemberJoin", { NewMemberList: list }],
      ["MemberFieldChanged", { Member_Account: "a", Role: "Admin" }],
      ["MemberExit", { ExitMemberList: list }],
      ["NewMemberJoin", { NewMemberList: list }],
    ].map(([word, fields], at) =>
      recordOf({
        command: `Group.CallbackAfter${word}`,
        timeMs: START_MS + at,
        body: { GroupId: "g", ...Object(fields) },
      })
    ),
  );

  assertEquals(members.map((member) => (member as { role: string }).role), [
    "Member",
  ]);
});

Deno.test("foldOf() never throws, and never quotes the body", () => {
  const json = fc.oneof(
    fc.json(),
    fc.string(),
    fc.record({
      MemberList: fc.anything(),
      NewMemberList: fc.anything(),
      TopicIdList: fc.anything(),
      GroupAttr: fc.array(fc.anything()),
      NewOwner_Account: fc.anything(),
      TopicId: fc.anything(),
    }, { requiredKeys: [] }).map((body) => JSON.stringify(body) ?? "{}"),
  );
  fc.assert(
    fc.property(fc.constantFrom(...COMMANDS), json, (command, text) => {
      const mark = "a secret of the body";
      const told = { command, timeMs: Date.UTC(2026, 0, 1), body: {} };
      const body = new TextEncoder().encode(`${text} ${mark}`);
      const plain = { ...recordOf(told), body: new TextEncoder().encode(text) };
      foldOf(plain);
      const result = foldOf({ ...plain, body });

      assert(result.kind !== "bad" || !result.reason.includes(mark));
    }),
    { numRuns: 500 },
  );
});
