// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire
import { SAMPLE_BODIES } from "./sample_bodies.ts";

/** The subject of a made-up callback. */
export interface SampleBodyOptions {
  /** Command word. */
  readonly command: string;
  readonly groupId: string;
  /** Unix milliseconds; it keeps two bodies about one group from being copies. */
  readonly eventTimeMs: number;
  /** A number as in real captures, or the string of Tencent's pages. @default {"number"} */
  readonly eventTimeForm?: EventTimeForm | undefined;
}

/** The form of EventTime. */
export type EventTimeForm = "number" | "string";

type Sample = (groupId: string, eventTimeMs: number) => Record<string, unknown>;

const GROUP_ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * A body as Tencent documents it for `command`: each of its 58 commands in full, an unknown group
 * command with the usual fields, any other with `EventTime` alone.
 *
 * Where Tencent documents no `EventTime` (the topic commands) there is none, and where it documents
 * no group, none is named.
 */
export function sampleBody(
  { command, groupId, eventTimeMs, eventTimeForm = "number" }:
    SampleBodyOptions,
): Record<string, unknown> {
  const sample = SAMPLES.get(command) ?? documented(command) ??
    (command.startsWith("Group.") ? groupEvent({}) : noGroup({}));
  const named = NAMELESS.has(command) ? {} : { CallbackCommand: command };
  const body = { ...named, ...sample(groupId, eventTimeMs) };
  if (!("EventTime" in body)) return body;
  const EventTime = eventTimeForm === "string"
    ? String(eventTimeMs)
    : eventTimeMs;
  return { ...body, EventTime };
}

/** Commands whose body does not name them at its top. */
const NAMELESS: ReadonlySet<string> = new Set([
  "Push.OfflinePush",
  "Push.AllMemberPush",
  "ContentCallback.ResultNotify",
]);

/** Times of events within a body, which are in seconds. */
const SECONDS: ReadonlySet<string> = new Set(["MsgTime", "LastReadTime"]);

/** The documented sample of a command outside groups, with this group and time. */
function documented(command: string): Sample | undefined {
  const sample = Object.hasOwn(SAMPLE_BODIES, command)
    ? SAMPLE_BODIES[command]
    : undefined;
  if (sample === undefined) return undefined;
  return (groupId, eventTimeMs) => retold(sample, { groupId, eventTimeMs });
}

/** A sample about another group and time. */
function retold(
  sample: Readonly<Record<string, unknown>>,
  about: { readonly groupId: string; readonly eventTimeMs: number },
): Record<string, unknown> {
  const entries = Object.entries(sample).map(([name, value]) => {
    const isTime = SECONDS.has(name) || name === "EventTime";
    if (name === "GroupId") return [name, about.groupId];
    if (isTime) return [name, Math.floor(about.eventTimeMs / 1000)];
    if (name !== "Events" || !Array.isArray(value)) return [name, value];
    return [name, value.map((event) => retold(event, about))];
  });
  return Object.fromEntries(entries);
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
