// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire

/** What a made-up callback is about. */
export interface SampleBodyOptions {
  /** Command word. */
  readonly command: string;
  readonly groupId: string;
  /** Unix milliseconds; also what keeps two bodies about one group from being copies. */
  readonly eventTimeMs: number;
}

type Sample = (groupId: string, eventTimeMs: number) => Record<string, unknown>;

const GROUP_ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * A body as Tencent documents it for `command`: every group and topic command in full, another
 * group command with what most of them have, anything else with `EventTime` alone.
 *
 * `EventTime` is a string of milliseconds, as in most samples. Where Tencent documents none (the
 * topic commands) there is none, and where it documents no group, none is named.
 */
export function sampleBody(
  { command, groupId, eventTimeMs }: SampleBodyOptions,
): Record<string, unknown> {
  const sample = SAMPLES.get(command) ??
    (command.startsWith("Group.") ? groupEvent({}) : noGroup({}));
  return { CallbackCommand: command, ...sample(groupId, eventTimeMs) };
}

/** A fresh group ID of the form Tencent assigns: `@TGS#2` and eight letters. */
export function randomGroupId(): string {
  const draws = crypto.getRandomValues(new Uint32Array(8));
  const letters = Array.from(
    draws,
    (draw) => GROUP_ID_LETTERS.charAt(draw % GROUP_ID_LETTERS.length),
  );
  return `@TGS#2${letters.join("")}`;
}

const OPERATOR = { Operator_Account: "group_root" };
const MEMBERS = accounts("bob", "peter");
const NEWCOMERS = accounts("jared", "tommy");
const CUSTOM_FIELDS = [
  { Key: "UserDefined1", Value: "hello" },
  { Key: "UserDefined2", Value: "world" },
];
const MESSAGE = {
  From_Account: "jared",
  Operator_Account: "jared",
  Random: 123456,
  OnlineOnlyFlag: 0,
  MsgBody: [{ MsgType: "TIMTextElem", MsgContent: { Text: "red packet" } }],
  CloudCustomData: "your cloud custom data",
};

/**
 * The fields of each documented command, in the order of its page. Sources: the 24 pages
 * under "Group" of www.tencentcloud.com/document/product/1047/34355.
 */
const SAMPLES: ReadonlyMap<string, Sample> = new Map([
  [
    "Group.CallbackBeforeCreateGroup",
    noGroup({
      ...OPERATOR,
      Owner_Account: "leckie",
      Type: "Public",
      Name: "MyFirstGroup",
      CreateGroupNum: 123,
      MemberList: MEMBERS,
    }),
  ],
  [
    "Group.CallbackAfterCreateGroup",
    groupEvent({
      Owner_Account: "leckie",
      Name: "MyFirstGroup",
      MemberList: MEMBERS,
      UserDefinedDataList: CUSTOM_FIELDS,
    }),
  ],
  [
    "Group.CallbackBeforeApplyJoinGroup",
    bareEvent({ Type: "Public", Requestor_Account: "jared" }),
  ],
  [
    "Group.CallbackBeforeInviteJoinGroup",
    groupEvent({ DestinationMembers: NEWCOMERS }),
  ],
  [
    "Group.CallbackAfterNewMemberJoin",
    groupEvent({ JoinType: "Apply", NewMemberList: NEWCOMERS }),
  ],
  [
    "Group.CallbackAfterMemberExit",
    groupEvent({ ExitType: "Kicked", ExitMemberList: NEWCOMERS }),
  ],
  [
    "Group.CallbackBeforeSendMsg",
    groupEvent(MESSAGE),
  ],
  [
    "Group.CallbackAfterSendMsg",
    (groupId, eventTimeMs) =>
      groupEvent({
        ...MESSAGE,
        MsgSeq: 123,
        MsgId: "144115233406643804-1727580296-4026038328",
        MsgTime: Math.floor(eventTimeMs / 1000),
      })(groupId, eventTimeMs),
  ],
  [
    "Group.CallbackAfterGroupFull",
    bareEvent({}),
  ],
  [
    "Group.CallbackAfterGroupDestroyed",
    groupEvent({
      Owner_Account: "leckie",
      Name: "MyFirstGroup",
      MemberList: accounts("leckie", "peter", "bob"),
    }),
  ],
  [
    "Group.CallbackAfterGroupInfoChanged",
    groupEvent({
      Name: "MyRenamedGroup",
      Introduction: "NewIntroduction",
      Notification: "NewNotification",
    }),
  ],
  [
    "Group.CallbackAfterRecallMsg",
    groupEvent({ MsgSeqList: [{ MsgSeq: 130 }] }),
  ],
  [
    "Group.CallbackOnMemberStateChange",
    bareEvent({
      EventType: "Offline",
      EventCause: "HeartbeatInterrupt",
      MemberList: NEWCOMERS,
    }),
  ],
  [
    "Group.CallbackSendMsgException",
    groupEvent({
      ...MESSAGE,
      ErrorCode: 10023,
      ErrorInfo: "msg count exceeds limit,please retry later",
    }),
  ],
  [
    "Group.CallbackBeforeCreateTopic",
    () => ({ ...OPERATOR, Type: "Community", Name: "MyFirstTopic" }),
  ],
  [
    "Group.CallbackAfterCreateTopic",
    (groupId) => ({
      GroupId: groupId,
      TopicId: topicId(groupId, "TestTopic"),
      ...OPERATOR,
      Owner_Account: "leckie",
      Type: "Community",
      Name: "MyFirstTopic",
      UserDefinedDataList: CUSTOM_FIELDS,
    }),
  ],
  [
    "Group.CallbackAfterTopicDestroyed",
    (groupId) => ({
      GroupId: groupId,
      Type: "Community",
      TopicIdList: [
        topicId(groupId, "TestTopic"),
        topicId(groupId, "TestTopic_1"),
      ],
    }),
  ],
  [
    "Group.CallbackAfterTopicInfoChanged",
    (groupId) => ({
      GroupId: groupId,
      Type: "Community",
      ...OPERATOR,
      Name: "TestTopic",
      Introduction: "TestIntroduction",
      Notification: "NewNotification",
      FaceUrl: "http://this.is.face.url",
    }),
  ],
  [
    "Group.CallbackAfterMemberFieldChanged",
    groupEvent({ Member_Account: "bob", Role: "Admin", NameCard: "jacky" }),
  ],
  [
    "Group.CallbackAfterGroupAttrChanged",
    groupEvent({
      OptionType: "set",
      GroupAttr: [
        { key: "key1", value: "value1" },
        { key: "key2", value: "values" },
      ],
    }),
  ],
  [
    "Group.CallbackAfterReadReceipt",
    bareEvent({
      Type: "Public",
      GroupMsgReceiptList: [{
        MsgSeq: 1,
        ReadNum: 1,
        UnreadNum: 6,
        ReadReceiptMembers: accounts("bob"),
      }],
    }),
  ],
  [
    "Group.CallbackAfterChangeGroupOwner",
    groupEvent({ OldOwner_Account: "leckie", NewOwner_Account: "bob" }),
  ],
  [
    "Group.CallbackOnDailyGroupQuotaAlarm",
    noGroup({ QuotaUsed: 7321, Quota: 10000 }),
  ],
  [
    "Group.CallbackAfterGroupMsgExtension",
    bareEvent({
      MsgSeq: 10,
      OperateType: 1,
      ExtensionList: [{ Key: "key2", Value: "value2", Seq: 56 }],
      Seq: 56,
    }),
  ],
]);

function groupEvent(fields: Record<string, unknown>): Sample {
  return bareEvent({ Type: "Public", ...OPERATOR, ...fields });
}

function bareEvent(fields: Record<string, unknown>): Sample {
  return (groupId, eventTimeMs) => ({
    GroupId: groupId,
    ...fields,
    EventTime: String(eventTimeMs),
  });
}

function noGroup(fields: Record<string, unknown>): Sample {
  return (_, eventTimeMs) => ({ ...fields, EventTime: String(eventTimeMs) });
}

function topicId(groupId: string, name: string): string {
  return `${groupId}@TOPIC#_${name}`;
}

function accounts(...ids: readonly string[]): { Member_Account: string }[] {
  return ids.map((id) => ({ Member_Account: id }));
}
