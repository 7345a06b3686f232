import { assertEquals, assertMatch } from "@std/assert";
import { COMMANDS } from "../../src/protocol/commands.ts";
import { randomGroupId, sampleBody } from "../../src/protocol/sample_body.ts";
import { validateBody } from "../../src/protocol/validate.ts";

const SAMPLES = new URL("../testdata/samples/", import.meta.url);
const ABOUT = { groupId: "@TGS#2ABCDEFGH", eventTimeMs: 1670574414123 };

/** The fields of each documented sample, less the command's own name. */
const DOCUMENTED = [
  [
    "BeforeCreateGroup",
    "Operator_Account Owner_Account Type Name CreateGroupNum MemberList EventTime",
  ],
  [
    "AfterCreateGroup",
    "GroupId Type Operator_Account Owner_Account Name MemberList UserDefinedDataList EventTime",
  ],
  ["BeforeApplyJoinGroup", "GroupId Type Requestor_Account EventTime"],
  [
    "BeforeInviteJoinGroup",
    "GroupId Type Operator_Account DestinationMembers EventTime",
  ],
  [
    "AfterNewMemberJoin",
    "GroupId Type Operator_Account JoinType NewMemberList EventTime",
  ],
  [
    "AfterMemberExit",
    "GroupId Type Operator_Account ExitType ExitMemberList EventTime",
  ],
  [
    "BeforeSendMsg",
    "GroupId Type Operator_Account From_Account Random OnlineOnlyFlag MsgBody CloudCustomData EventTime",
  ],
  [
    "AfterSendMsg",
    "GroupId Type Operator_Account From_Account Random OnlineOnlyFlag MsgBody CloudCustomData MsgSeq MsgId MsgTime EventTime",
  ],
  ["AfterGroupFull", "GroupId EventTime"],
  [
    "AfterGroupDestroyed",
    "GroupId Type Operator_Account Owner_Account Name MemberList EventTime",
  ],
  [
    "AfterGroupInfoChanged",
    "GroupId Type Operator_Account Name Introduction Notification EventTime",
  ],
  ["AfterRecallMsg", "GroupId Type Operator_Account MsgSeqList EventTime"],
  ["OnMemberStateChange", "GroupId EventType EventCause MemberList EventTime"],
  [
    "BeforeCreateTopic",
    "Operator_Account Type Name",
  ],
  [
    "AfterCreateTopic",
    "GroupId TopicId Operator_Account Owner_Account Type Name UserDefinedDataList",
  ],
  ["AfterTopicDestroyed", "GroupId Type TopicIdList"],
  [
    "AfterTopicInfoChanged",
    "GroupId Type Operator_Account Name Introduction Notification FaceUrl",
  ],
  [
    "AfterMemberFieldChanged",
    "GroupId Type Operator_Account Member_Account Role NameCard EventTime",
  ],
  [
    "AfterGroupAttrChanged",
    "GroupId Type Operator_Account OptionType GroupAttr EventTime",
  ],
  ["AfterReadReceipt", "GroupId Type GroupMsgReceiptList EventTime"],
  [
    "AfterChangeGroupOwner",
    "GroupId Type Operator_Account OldOwner_Account NewOwner_Account EventTime",
  ],
  ["OnDailyGroupQuotaAlarm", "QuotaUsed Quota EventTime"],
  [
    "AfterGroupMsgExtension",
    "GroupId MsgSeq OperateType ExtensionList Seq EventTime",
  ],
  [
    "SomethingNew",
    "GroupId Type Operator_Account EventTime",
  ],
] as const;

Deno.test.each(DOCUMENTED)(
  "sampleBody() of Group.Callback%s has %s",
  (word, fields) => {
    const command = `Group.Callback${word}`;
    const body = sampleBody({ ...ABOUT, command });
    assertEquals(
      Object.keys(body).join(" "),
      `CallbackCommand ${fields}`,
    );
    assertEquals(body.CallbackCommand, command);
    if ("GroupId" in body) assertEquals(body.GroupId, ABOUT.groupId);
    if ("EventTime" in body) assertEquals(body.EventTime, 1670574414123);
  },
);

Deno.test("sampleBody() of an exception reports the failed message", () => {
  const body = sampleBody({
    ...ABOUT,
    command: "Group.CallbackSendMsgException",
  });
  assertEquals(body.GroupId, ABOUT.groupId);
  assertEquals(body.ErrorCode, 10023);
});

Deno.test("sampleBody() of a creation is Tencent's sample about this group", () => {
  const command = "Group.CallbackAfterCreateGroup";
  const body = sampleBody({ ...ABOUT, command });
  assertEquals(body.Owner_Account, "leckie");
  assertEquals(body.Type, "Public");
  assertEquals(body.Name, "MyFirstGroup");
  assertEquals(body.MemberList, [
    { Member_Account: "bob" },
    { Member_Account: "peter" },
  ]);
});

Deno.test("sampleBody() puts topics under their group and time in seconds beside ms", () => {
  const topic = sampleBody({
    ...ABOUT,
    command: "Group.CallbackAfterCreateTopic",
  });
  assertEquals(topic.TopicId, "@TGS#2ABCDEFGH@TOPIC#_TestTopic");
  const message = sampleBody({
    ...ABOUT,
    command: "Group.CallbackAfterSendMsg",
  });
  assertEquals(message.MsgTime, 1670574414);
});

Deno.test.each([...COMMANDS.keys()].filter((it) => !it.startsWith("Group.")))(
  "sampleBody() of %s is the body of Tencent's sample",
  (command) => {
    const sample = JSON.parse(
      Deno.readTextFileSync(new URL(`${command}.json`, SAMPLES)),
    );
    const body = sampleBody({ command, ...ABOUT });

    assertEquals(Object.keys(body).sort(), Object.keys(sample).sort());
    assertEquals(body.EventTime, sample.EventTime && ABOUT.eventTimeMs);
    assertEquals(body.CallbackCommand, sample.CallbackCommand);
    assertEquals(
      "GroupId" in body ? body.GroupId : ABOUT.groupId,
      ABOUT.groupId,
    );
  },
);

Deno.test("sampleBody() writes EventTime as asked", () => {
  const command = "State.StateChange";
  const text = sampleBody({ command, ...ABOUT, eventTimeForm: "string" });

  assertEquals(text.EventTime, String(ABOUT.eventTimeMs));
  assertEquals(sampleBody({ command, ...ABOUT }).EventTime, ABOUT.eventTimeMs);
});

Deno.test("sampleBody() puts the time of a push in seconds into its events", () => {
  const { Events: events } = sampleBody({
    command: "Push.OfflinePush",
    ...ABOUT,
  });
  const [first] = events as readonly { EventTime: number }[];

  assertEquals(first?.EventTime, Math.floor(ABOUT.eventTimeMs / 1000));
});

Deno.test("sampleBody() of a command that Tencent does not document has its time alone", () => {
  assertEquals(sampleBody({ command: "Live.New", ...ABOUT }), {
    CallbackCommand: "Live.New",
    EventTime: ABOUT.eventTimeMs,
  });
});

Deno.test("randomGroupId() has the form Tencent assigns and does not repeat", () => {
  const ids = Array.from({ length: 100 }, () => randomGroupId());
  for (const id of ids) assertMatch(id, /^@TGS#2[A-Z]{8}$/);
  assertEquals(new Set(ids).size, 100);
});

Deno.test.each(
  [...COMMANDS.keys()].filter((word) => word.startsWith("Group.")),
)("sampleBody() of %s is accepted without warnings", (command) => {
  const body = sampleBody({ ...ABOUT, command });
  assertEquals(validateBody(command, body), { ok: true, warnings: [] });
});
