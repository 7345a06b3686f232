// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { READERS } from "../../../src/directory/fold/event_changes.ts";
import { foldOf } from "../../../src/directory/fold/fold.ts";
import type { GroupView } from "../../../src/directory/fold/view.ts";
import { recordOf, shownOf } from "../../support/directory/oracle.ts";

const START_MS = Date.UTC(2026, 0, 1);
const HALF_PAIR = "\ud800";

type Body = Readonly<Record<string, unknown>>;

/** An event of the group "g", and so many ms after the first. */
function told(word: string, body: Body, afterMs = 0) {
  return recordOf({
    command: `Group.CallbackAfter${word}`,
    timeMs: START_MS + afterMs,
    body: { GroupId: "g", Type: "Public", ...body },
  });
}

/** What is left out of an event; undefined when nothing is. */
function oddityOf(word: string, body: Body): string | undefined {
  const result = foldOf(told(word, body));
  return result.kind === "fold" ? result.fold.omitted : `bad: ${result.kind}`;
}

function groupOf(...records: ReturnType<typeof told>[]): GroupView {
  // shownOf() gives what the API's views are.
  return shownOf(records).group as GroupView;
}

Deno.test("foldOf() leaves out a member who cannot be a key, and keeps the group and the others", () => {
  const body = {
    Name: "n",
    MemberList: ["a", "x".repeat(300), `half ${HALF_PAIR}`, "b"].map((id) => ({
      Member_Account: id,
    })),
  };
  const { group, members } = shownOf([told("CreateGroup", body)]);

  assertEquals((group as GroupView).state, "active");
  assertEquals(members.map((it) => (it as { userId: string }).userId), [
    "a",
    "b",
  ]);
  assertEquals(
    oddityOf("CreateGroup", body),
    "MemberList.1.Member_Account: expected at most 256 bytes; " +
      "MemberList.2.Member_Account: expected well-formed Unicode",
  );
});

Deno.test("foldOf() leaves out an owner who cannot be a key, and keeps the group", () => {
  const body = { Name: "n", Owner_Account: HALF_PAIR };

  assertEquals(groupOf(told("CreateGroup", body)).name, "n");
  assertEquals(
    oddityOf("CreateGroup", body),
    "Owner_Account: expected well-formed Unicode",
  );
});

Deno.test.each<[string, Body, string]>([
  ["CreateGroup", { Type: "T".repeat(65) }, "Type"],
  ["CreateGroup", { Name: "n".repeat(2_049) }, "Name"],
  ["CreateGroup", { Name: "\0".repeat(400) }, "Name"],
  ["GroupInfoChanged", { Introduction: "鍵".repeat(700) }, "Introduction"],
  [
    "NewMemberJoin",
    { JoinType: "J".repeat(65), NewMemberList: [] },
    "JoinType",
  ],
  ["NewMemberJoin", {}, "NewMemberList"],
  ["MemberExit", { ExitMemberList: "a" }, "ExitMemberList"],
  ["ChangeGroupOwner", { NewOwner_Account: "" }, "NewOwner_Account"],
  ["ChangeGroupOwner", {
    NewOwner_Account: "o".repeat(257),
  }, "NewOwner_Account"],
  ["MemberFieldChanged", { Role: "Admin" }, "Member_Account"],
  ["MemberFieldChanged", {
    Member_Account: "a",
    NameCard: "c".repeat(70_000),
  }, "NameCard"],
  ["GroupAttrChanged", {
    GroupAttr: [{ key: "k".repeat(257), value: "v" }],
  }, "GroupAttr.0.key"],
  ["GroupAttrChanged", {
    GroupAttr: [{ key: "", value: "v" }],
  }, "GroupAttr.0.key"],
  ["GroupAttrChanged", {
    GroupAttr: [{ key: "k", value: "v".repeat(60_001) }],
  }, "GroupAttr.0.value"],
  ["GroupInfoChanged", {
    UserDefinedDataList: [{ Key: "k", Value: { deep: 1 } }],
  }, "UserDefinedDataList.0.Value"],
  ["CreateGroup", { Name: [] }, "Name"],
  ["CreateGroup", { Type: 1 }, "Type"],
  ["CreateGroup", { Owner_Account: 0 }, "Owner_Account"],
  ["CreateGroup", { MemberList: "" }, "MemberList"],
  ["CreateGroup", { MemberList: { Member_Account: "a" } }, "MemberList"],
  ["CreateGroup", { MemberList: ["bob"] }, "MemberList.0"],
  ["CreateGroup", { MemberList: [{}] }, "MemberList.0.Member_Account"],
  ["GroupInfoChanged", { UserDefinedDataList: {} }, "UserDefinedDataList"],
  ["ChangeGroupOwner", { NewOwner_Account: 7 }, "NewOwner_Account"],
  ["CreateTopic", { Name: "n" }, "TopicId"],
  ["CreateTopic", { TopicId: "t".repeat(513) }, "TopicId"],
  ["TopicDestroyed", { TopicIdList: ["t", HALF_PAIR] }, "TopicIdList.1"],
])(
  "foldOf() of %s with %j leaves out %s, and tells of the group",
  (word, body, field) => {
    const oddity = oddityOf(word, body) ?? "nothing";

    assertStringIncludes(oddity, `${field}: expected `);
    assertEquals(oddity.split("; ").length, 1);
    assertEquals(groupOf(told(word, body)).groupId, "g");
  },
);

Deno.test("foldOf() takes everything that Tencent's limits allow", () => {
  const body = {
    Name: "鍵".repeat(33),
    Introduction: "😀".repeat(100),
    FaceUrl: "f".repeat(500),
    Owner_Account: "o".repeat(32),
    UserDefinedDataList: [{ Key: "k".repeat(16), Value: "\0".repeat(512) }],
  };

  assertEquals(oddityOf("CreateGroup", body), undefined);
});

Deno.test("foldOf() tells of the first odd fields and counts the others", () => {
  const MemberList = Array.from({ length: 10 }, () => ({
    Member_Account: HALF_PAIR,
  }));
  const oddity = oddityOf("CreateGroup", { MemberList }) ?? "";

  assert(oddity.endsWith("; and 7 more"), oddity);
});

Deno.test("foldOf() never quotes what it leaves out", () => {
  const secret = "a secret of the body ".repeat(4_000);
  const lists = ["MemberList", "NewMemberList", "ExitMemberList"];
  const pair = { Key: secret, Value: secret, key: secret, value: secret };
  const body = {
    ...Object.fromEntries(
      ["Type", "Name", "Owner_Account", "TopicId", "JoinType", "NameCard"]
        .map((name) => [name, secret]),
    ),
    ...Object.fromEntries(
      lists.map((name) => [name, [{ Member_Account: secret }]]),
    ),
    UserDefinedDataList: [pair],
    GroupAttr: [pair],
    TopicIdList: [secret],
  };
  for (const command of READERS.keys()) {
    const oddity = oddityOf(command.replace("Group.CallbackAfter", ""), body);

    assertEquals(oddity?.includes("secret") ?? false, false, command);
  }
});

Deno.test("a number counts as its digits where Tencent promises a text", () => {
  const { attributes, customFields } = groupOf(
    told("CreateGroup", { UserDefinedDataList: [{ Key: "k", Value: 5 }] }),
    told("GroupAttrChanged", {
      OptionType: "set",
      GroupAttr: [{ key: "a", value: "1" }, { key: "b", value: "2" }],
    }, 1),
    told("GroupAttrChanged", {
      OptionType: "modify",
      GroupAttr: [{ key: "a", value: 7.5 }],
    }, 2),
  );

  assertEquals([customFields, attributes], [{ k: "5" }, { a: "7.5", b: "2" }]);
});

Deno.test.each([
  ["9007199254740993"],
  ["8202522731445525542"],
  ["-18446744073709551615"],
  ["70.0"],
  ["1e400"],
  ["1.0E-7"],
  ["-0"],
])(
  "the number %s as the value of a custom field or attribute keeps its text",
  (text) => {
    const fieldOf = (word: string, json: string) => {
      const body = new TextEncoder().encode(json);
      return groupOf({ ...told(word, {}), body });
    };
    const create = `{"UserDefinedDataList":[{"Key":"k","Value":${text}}]}`;
    const attr = `{"GroupAttr":[{"key":"k","value" : ${text}}]}`;

    assertEquals(fieldOf("CreateGroup", create).customFields, { k: text });
    assertEquals(fieldOf("GroupAttrChanged", attr).attributes, { k: text });
  },
);

Deno.test("custom fields and attributes are read in either spelling, whatever their names", () => {
  const names = ["__proto__", "constructor", "toString", "k"];
  const lower = names.map((key) => ({ key, value: `v ${key}` }));
  const upper = names.map((Key) => ({ Key, Value: `v ${Key}` }));
  const { attributes, customFields } = groupOf(
    told("CreateGroup", { UserDefinedDataList: lower }),
    told("GroupAttrChanged", { GroupAttr: upper }, 1),
  );
  const expected = names.map((name) => [name, `v ${name}`]);

  assertEquals(Object.entries(customFields), expected);
  assertEquals(Object.entries(attributes), expected);
});

Deno.test("a role with blanks around it is that role", () => {
  const { members } = shownOf([
    told("MemberFieldChanged", { Member_Account: "a", Role: "Admin " }),
  ]);

  assertEquals((members[0] as { role: string }).role, "Admin");
});

Deno.test.each<[string, Body, boolean]>([
  ["a member list that is an object", { MemberList: {} }, false],
  ["a list of texts", { MemberList: ["bob"] }, false],
  ["an entry that cannot be used", {
    MemberList: [{ Member_Account: "a" }, null, { Member_Account: 7 }],
  }, false],
  ["an owner of a wrong type", { Owner_Account: 0 }, false],
  ["no list at all", {}, true],
  ["a name of a wrong type", { Name: [] }, true],
])(
  "members of a group created with %s are complete or not",
  (_, body, isComplete) => {
    assertEquals(
      groupOf(told("CreateGroup", body)).membersComplete,
      isComplete,
    );
  },
);

Deno.test("a join with an entry that cannot be used makes members incomplete", () => {
  const NewMemberList = [{ Member_Account: "a" }, "b"];
  const join = told("NewMemberJoin", { NewMemberList }, 1);
  const group = groupOf(told("CreateGroup", {}), join);

  assertEquals([group.knownMembers, group.membersComplete], [1, false]);
});

Deno.test("an event of a topic makes nobody a member of the community", () => {
  const { members } = shownOf([
    told("CreateGroup", { Type: "Community" }),
    told("MemberFieldChanged", {
      Member_Account: "stranger",
      Role: "Admin",
      TopicId: "g@TOPIC#_x",
    }, 1),
  ]);

  assertEquals(members, []);
});

Deno.test("members who came before it was known that none are kept are not counted", () => {
  const NewMemberList = [{ Member_Account: "a" }];
  const { knownMembers, membersComplete } = groupOf(
    told("NewMemberJoin", { Type: undefined, NewMemberList }),
    told("CreateGroup", { Type: "AVChatRoom" }, 1),
  );

  assertEquals([knownMembers, membersComplete], [0, false]);
});

Deno.test.each<[number, true | undefined]>([
  [-5_000, true],
  [0, true],
  [999, true],
  [1_001, undefined],
])(
  "a join %d ms after a group was full leaves it full: %j",
  (afterMs, isFull) => {
    const join = { NewMemberList: [{ Member_Account: "a" }] };
    const records = [
      told("GroupFull", {}, 10_000),
      told("NewMemberJoin", join, 10_000 + afterMs),
    ];

    assertEquals(groupOf(...records).isFull, isFull);
    assertEquals(groupOf(...records.toReversed()).isFull, isFull);
  },
);

Deno.test("a topic keeps its newest custom fields, in whatever order it was told of them", () => {
  const creates = fc.array(
    fc.uniqueArray(fc.nat({ max: 30 }), { minLength: 1, maxLength: 20 }),
    { minLength: 1, maxLength: 6 },
  ).map((all) =>
    all.map((keys, at) =>
      told("CreateTopic", {
        TopicId: "t",
        UserDefinedDataList: keys.map((key) => ({
          Key: `k${key}`,
          Value: `${at}`,
        })),
      }, at)
    )
  );
  fc.assert(
    fc.property(
      creates.chain((all) =>
        fc.record({
          all: fc.constant(all),
          order: fc.shuffledSubarray([...all, ...all], {
            minLength: all.length * 2,
          }),
        })
      ),
      ({ all, order }) => {
        const [topic] = shownOf(order).topics;
        const { customFields } = topic as { customFields: object };

        assert(Object.keys(customFields).length <= 10);
        assertEquals(shownOf(order).topics, shownOf(all).topics);
      },
    ),
  );
});
