// deno-lint-ignore-file camelcase -- these are the field names on Tencent's wire
import * as v from "valibot";
import { isEventTime } from "./body.ts";

// The 24 group and topic callbacks, one schema each: every field any version of Tencent's pages
// or a real capture has. All are optional and null counts as missing, because fields come and
// go between versions; what gives an event its identity is required by validate.ts instead.

/** The few kinds of schema the fields below are made of: all that validate.ts must know. */
export type Shape =
  | { readonly type: "string" | "number" | "unknown" }
  | { readonly type: "array"; readonly item: Shape }
  | ObjectShape
  | typeof EventTimeSchema;

/** An object of which some fields are known, each of them nullish. */
export interface ObjectShape {
  readonly type: "loose_object";
  readonly entries: Readonly<Record<string, { readonly wrapped: Shape }>>;
}

const TEXT = v.nullish(v.string());
const NUMBER = v.nullish(v.number());

/** Integer in every table, digits in a string in half of the samples. */
const EventTimeSchema = v.custom<number | string, string>(
  isEventTime,
  "a time in digits",
);
const TIME = v.nullish(EventTimeSchema);

const MEMBERS = v.nullish(v.array(v.looseObject({ Member_Account: TEXT })));
const CUSTOM_FIELDS = v.nullish(
  v.array(v.looseObject({ Key: TEXT, Value: TEXT })),
);
const MSG_BODY = v.nullish(
  v.array(
    v.looseObject({ MsgType: TEXT, MsgContent: v.nullish(v.looseObject({})) }),
  ),
);

/** Topic callbacks are documented without EventTime; it is read wherever it comes. */
const EVENT = { CallbackCommand: TEXT, Type: TEXT, EventTime: TIME };

/** Every sample says GroupId, some field tables groupID, the push callbacks GroupID. */
const GROUP_EVENT = { ...EVENT, GroupId: TEXT, groupID: TEXT, GroupID: TEXT };

/** Introduction and Notification of a new group come from newer pages only. */
const PROFILE = { Name: TEXT, Introduction: TEXT, Notification: TEXT };

/** MsgPriority is documented nowhere and was seen in real captures. */
const MESSAGE = {
  From_Account: TEXT,
  Operator_Account: TEXT,
  Random: NUMBER,
  OnlineOnlyFlag: NUMBER,
  MsgPriority: TEXT,
  MsgBody: MSG_BODY,
  CloudCustomData: TEXT,
  TopicId: TEXT,
};

/** Body of `Group.CallbackBeforeCreateGroup`: no GroupId, the group does not exist yet. */
export const BeforeCreateGroupSchema = v.looseObject({
  ...EVENT,
  Operator_Account: TEXT,
  Owner_Account: TEXT,
  Name: TEXT,
  // The number of groups the user has: three spellings by age of page. Third-party code types
  // the last one now as a number, now as numbers by group type.
  CreateGroupNum: NUMBER,
  CreatedNum: NUMBER,
  CreatedGroupNum: v.nullish(v.unknown()),
  InviteOption: TEXT,
  MemberList: MEMBERS,
});

/** Body of `Group.CallbackAfterCreateGroup`. */
export const AfterCreateGroupSchema = v.looseObject({
  ...GROUP_EVENT,
  ...PROFILE,
  Operator_Account: TEXT,
  Owner_Account: TEXT,
  MemberList: MEMBERS,
  UserDefinedDataList: CUSTOM_FIELDS,
});

/** Body of `Group.CallbackBeforeApplyJoinGroup`. */
export const BeforeApplyJoinGroupSchema = v.looseObject({
  ...GROUP_EVENT,
  Requestor_Account: TEXT,
});

/** Body of `Group.CallbackBeforeInviteJoinGroup`; with a TopicId it concerns a private topic. */
export const BeforeInviteJoinGroupSchema = v.looseObject({
  ...GROUP_EVENT,
  Operator_Account: TEXT,
  DestinationMembers: MEMBERS,
  TopicId: TEXT,
});

/** Body of `Group.CallbackAfterNewMemberJoin`; with a TopicId it concerns a private topic. */
export const AfterNewMemberJoinSchema = v.looseObject({
  ...GROUP_EVENT,
  JoinType: TEXT,
  Operator_Account: TEXT,
  NewMemberList: MEMBERS,
  TopicId: TEXT,
});

/** Body of `Group.CallbackAfterMemberExit`; with a TopicId it concerns a private topic. */
export const AfterMemberExitSchema = v.looseObject({
  ...GROUP_EVENT,
  ExitType: TEXT,
  Operator_Account: TEXT,
  ExitMemberList: MEMBERS,
  TopicId: TEXT,
});

/** Body of `Group.CallbackBeforeSendMsg`. */
export const BeforeSendMsgSchema = v.looseObject({
  ...GROUP_EVENT,
  ...MESSAGE,
});

/** Body of `Group.CallbackAfterSendMsg`; MsgTime is in seconds. */
export const AfterSendMsgSchema = v.looseObject({
  ...GROUP_EVENT,
  ...MESSAGE,
  MsgSeq: NUMBER,
  MsgId: TEXT,
  MsgTime: NUMBER,
  GroupAtInfo: v.nullish(
    v.array(v.looseObject({ GroupAtAllFlag: NUMBER, GroupAt_Account: TEXT })),
  ),
});

/** Body of `Group.CallbackAfterGroupFull`. */
export const AfterGroupFullSchema = v.looseObject(GROUP_EVENT);

/** Body of `Group.CallbackAfterGroupDestroyed`; a Community comes without MemberList. */
export const AfterGroupDestroyedSchema = v.looseObject({
  ...GROUP_EVENT,
  Operator_Account: TEXT,
  Owner_Account: TEXT,
  Name: TEXT,
  MemberList: MEMBERS,
});

/** Body of `Group.CallbackAfterGroupInfoChanged`: a delta, a missing field is unchanged. */
export const AfterGroupInfoChangedSchema = v.looseObject({
  ...GROUP_EVENT,
  ...PROFILE,
  Operator_Account: TEXT,
  FaceUrl: TEXT,
  // Documented nowhere; third-party code reads it.
  ShutUpAllMember: TEXT,
});

/** Body of `Group.CallbackAfterRecallMsg`. */
export const AfterRecallMsgSchema = v.looseObject({
  ...GROUP_EVENT,
  Operator_Account: TEXT,
  MsgSeqList: v.nullish(v.array(v.looseObject({ MsgSeq: NUMBER }))),
  TopicId: TEXT,
});

/** Body of `Group.CallbackOnMemberStateChange`; older pages lack EventCause and EventTime. */
export const OnMemberStateChangeSchema = v.looseObject({
  ...GROUP_EVENT,
  EventType: TEXT,
  EventCause: TEXT,
  MemberList: MEMBERS,
});

/** Body of `Group.CallbackSendMsgException`; its ErrorCode says why the message failed. */
export const SendMsgExceptionSchema = v.looseObject({
  ...GROUP_EVENT,
  ...MESSAGE,
  ErrorCode: NUMBER,
  ErrorInfo: TEXT,
});

/** Body of `Group.CallbackBeforeCreateTopic`: documented without GroupId. */
export const BeforeCreateTopicSchema = v.looseObject({
  ...EVENT,
  Operator_Account: TEXT,
  Name: TEXT,
});

/** Body of `Group.CallbackAfterCreateTopic`. */
export const AfterCreateTopicSchema = v.looseObject({
  ...GROUP_EVENT,
  TopicId: TEXT,
  Operator_Account: TEXT,
  Owner_Account: TEXT,
  Name: TEXT,
  UserDefinedDataList: CUSTOM_FIELDS,
});

/** Body of `Group.CallbackAfterTopicDestroyed`: the table says String, the sample an array. */
export const AfterTopicDestroyedSchema = v.looseObject({
  ...GROUP_EVENT,
  TopicIdList: v.nullish(v.array(v.string())),
});

/** Body of `Group.CallbackAfterTopicInfoChanged`; TopicId is not documented. */
export const AfterTopicInfoChangedSchema = v.looseObject({
  ...GROUP_EVENT,
  ...PROFILE,
  TopicId: TEXT,
  Operator_Account: TEXT,
  FaceUrl: TEXT,
});

/** Body of `Group.CallbackAfterMemberFieldChanged`; two spellings of who changed. */
export const AfterMemberFieldChangedSchema = v.looseObject({
  ...GROUP_EVENT,
  Operator_Account: TEXT,
  Member_Account: TEXT,
  Modified_Account: TEXT,
  Role: TEXT,
  NameCard: TEXT,
});

/** Body of `Group.CallbackAfterGroupAttrChanged`; key and value are lower-case here. */
export const AfterGroupAttrChangedSchema = v.looseObject({
  ...GROUP_EVENT,
  Operator_Account: TEXT,
  OptionType: TEXT,
  GroupAttr: v.nullish(v.array(v.looseObject({ key: TEXT, value: TEXT }))),
});

/** Body of `Group.CallbackAfterReadReceipt`. */
export const AfterReadReceiptSchema = v.looseObject({
  ...GROUP_EVENT,
  GroupMsgReceiptList: v.nullish(v.array(v.looseObject({
    MsgSeq: NUMBER,
    ReadNum: NUMBER,
    UnreadNum: NUMBER,
    ReadReceiptMembers: MEMBERS,
  }))),
});

/** Body of `Group.CallbackAfterChangeGroupOwner`. */
export const AfterChangeGroupOwnerSchema = v.looseObject({
  ...GROUP_EVENT,
  Operator_Account: TEXT,
  OldOwner_Account: TEXT,
  NewOwner_Account: TEXT,
});

/** Body of `Group.CallbackOnDailyGroupQuotaAlarm`: about the app, not about a group. */
export const OnDailyGroupQuotaAlarmSchema = v.looseObject({
  ...EVENT,
  QuotaUsed: NUMBER,
  Quota: NUMBER,
});

/** Body of `Group.CallbackAfterGroupMsgExtension`. */
export const AfterGroupMsgExtensionSchema = v.looseObject({
  ...GROUP_EVENT,
  MsgSeq: NUMBER,
  OperateType: NUMBER,
  ExtensionList: v.nullish(
    v.array(v.looseObject({ Key: TEXT, Value: TEXT, Seq: NUMBER })),
  ),
  Seq: NUMBER,
});
