import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { foldOf } from "../../../src/directory/fold/fold.ts";
import {
  decodeGroup,
  decodeMember,
  decodeTopic,
  encodeGroup,
  encodeMember,
  encodeTopic,
} from "../../../src/directory/fold/codec.ts";
import {
  applyToGroup,
  newGroup,
  seenAt,
} from "../../../src/directory/fold/group.ts";
import {
  applyToMember,
  type MemberState,
} from "../../../src/directory/fold/member.ts";
import {
  applyToTopic,
  type TopicState,
} from "../../../src/directory/fold/topic.ts";
import {
  historyArbitrary,
  type Told,
} from "../../support/directory/history.ts";
import { recordOf } from "../../support/directory/oracle.ts";
import {
  GROUP_OF_VERSION_2,
  MEMBER_OF_VERSION_2,
} from "../../support/directory/old_texts.ts";

function folded(history: readonly Told[]) {
  let group = newGroup(1, "g");
  let member: MemberState | undefined;
  let topic: TopicState | undefined;
  for (const told of history) {
    const result = foldOf(recordOf(told));
    if (result.kind !== "fold") continue;
    const { fold } = result;
    group = seenAt(group, fold);
    for (const change of fold.changes) {
      if (change.kind === "member") {
        member = applyToMember(member, change, fold.stamp);
      } else if (change.kind === "topic") {
        topic = applyToTopic(topic, change, fold.stamp);
      } else group = applyToGroup(group, change, fold.stamp);
    }
  }
  return { group, member, topic };
}

/** Without what is undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

Deno.test("what is encoded decodes to the same", () => {
  fc.assert(
    fc.property(historyArbitrary, (history) => {
      const { group, member, topic } = folded(history);

      assertEquals(plain(decodeGroup(encodeGroup(group))), plain(group));
      if (member) {
        assertEquals(plain(decodeMember(encodeMember(member))), plain(member));
      }
      if (topic) {
        assertEquals(plain(decodeTopic(encodeTopic(topic))), plain(topic));
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("a small group and a member take no more than is told", () => {
  const { group, member } = folded([{
    command: "Group.CallbackAfterCreateGroup",
    timeMs: Date.UTC(2026, 0, 1),
    body: {
      GroupId: "@TGS#2J4SZEAEL",
      Type: "Public",
      Name: "MyFirstGroup",
      Owner_Account: "leckie",
      Operator_Account: "group_root",
      UserDefinedDataList: [
        { Key: "UserDefined1", Value: "hello" },
        { Key: "UserDefined2", Value: "world" },
      ],
    },
  }]);

  assert(encodeGroup(group).length <= 330, encodeGroup(group));
  assert(member !== undefined && encodeMember(member).length <= 60);
});

Deno.test("what version 2 wrote is read as it was meant", () => {
  const { fields, ...group } = decodeGroup(GROUP_OF_VERSION_2);
  const created = "0176722560000051eb9ce188f7";

  assertEquals(plain(group), {
    app: 1,
    groupId: "g",
    life: { born: created, fromMs: 1767225600000, ends: [] },
    told: created,
    seenMs: 1767225600005,
    earliestMs: 1767225600000,
    calledMs: 1767225600005,
  });
  assertEquals(fields.cleared, [true, "01767225600001379500d83697"]);
  assertEquals(fields.owner, ["a", created]);
  assertEquals(fields["attribute:y"]?.[0], null);
  assertEquals(plain(decodeMember(MEMBER_OF_VERSION_2)), {
    presence: [{ isIn: true, how: "Create", by: "root" }, created],
    parts: { role: ["Admin", "01767225600003f3ba2a69df56"] },
  });
  assertEquals(
    decodeMember('[["0176722560000416210e9090a2",0,"Quit",0],{},1]').left,
    [null, "0176722560000416210e9090a2"],
  );
  assertEquals(decodeMember('[0,{},"0176722560000416210e9090a2"]').left, [
    null,
    "0176722560000416210e9090a2",
  ]);
  assertEquals(
    decodeTopic('[["0176722560000558fef3b30dfb"],{"name":["n",0]},0,1]'),
    {
      fields: { name: ["n", "0176722560000558fef3b30dfb"] },
      life: {
        born: "0176722560000558fef3b30dfb",
        fromMs: 1767225600005,
        ends: [],
      },
    },
  );
});
