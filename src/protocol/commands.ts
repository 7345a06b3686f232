import type * as v from "valibot";
import * as group from "./group_schemas.ts";

/** The side of the action that a command is on: Tencent asks for leave before it, or tells of it after. */
export type Phase = "before" | "after";

/** The subject of a command: its first word, but for topics, which come as `Group.*`. */
export type Family =
  | "Group"
  | "Topic"
  | "C2C"
  | "State"
  | "Profile"
  | "Sns"
  | "Follow"
  | "OfficialAccount"
  | "Bot"
  | "Chatbot"
  | "Alert"
  | "Push"
  | "ContentCallback";

/** One command of Tencent's: what its word says and what its body must hold. */
export interface Command {
  readonly word: string;
  readonly family: Family;
  readonly phase: Phase;
  /** The fields without which an event has no identity. */
  readonly required: readonly "GroupId"[];
  /** The types of its fields; undefined where only the word is known. */
  readonly schema: (v.GenericSchema & group.ObjectShape) | undefined;
}

type Words = Readonly<Record<string, Command["schema"]>>;

const TABLE: readonly (readonly [Family, Words])[] = [
  ["Group", {
    "Group.CallbackBeforeCreateGroup": group.BeforeCreateGroupSchema,
    "Group.CallbackAfterCreateGroup": group.AfterCreateGroupSchema,
    "Group.CallbackBeforeApplyJoinGroup": group.BeforeApplyJoinGroupSchema,
    "Group.CallbackBeforeInviteJoinGroup": group.BeforeInviteJoinGroupSchema,
    "Group.CallbackAfterNewMemberJoin": group.AfterNewMemberJoinSchema,
    "Group.CallbackAfterMemberExit": group.AfterMemberExitSchema,
    "Group.CallbackBeforeSendMsg": group.BeforeSendMsgSchema,
    "Group.CallbackAfterSendMsg": group.AfterSendMsgSchema,
    "Group.CallbackAfterGroupFull": group.AfterGroupFullSchema,
    "Group.CallbackAfterGroupDestroyed": group.AfterGroupDestroyedSchema,
    "Group.CallbackAfterGroupInfoChanged": group.AfterGroupInfoChangedSchema,
    "Group.CallbackAfterRecallMsg": group.AfterRecallMsgSchema,
    "Group.CallbackOnMemberStateChange": group.OnMemberStateChangeSchema,
    "Group.CallbackSendMsgException": group.SendMsgExceptionSchema,
    "Group.CallbackAfterMemberFieldChanged":
      group.AfterMemberFieldChangedSchema,
    "Group.CallbackAfterGroupAttrChanged": group.AfterGroupAttrChangedSchema,
    "Group.CallbackAfterReadReceipt": group.AfterReadReceiptSchema,
    "Group.CallbackAfterChangeGroupOwner": group.AfterChangeGroupOwnerSchema,
    "Group.CallbackOnDailyGroupQuotaAlarm": group.OnDailyGroupQuotaAlarmSchema,
    "Group.CallbackAfterGroupMsgExtension": group.AfterGroupMsgExtensionSchema,
  }],
  ["Topic", {
    "Group.CallbackBeforeCreateTopic": group.BeforeCreateTopicSchema,
    "Group.CallbackAfterCreateTopic": group.AfterCreateTopicSchema,
    "Group.CallbackAfterTopicDestroyed": group.AfterTopicDestroyedSchema,
    "Group.CallbackAfterTopicInfoChanged": group.AfterTopicInfoChangedSchema,
  }],
  ["C2C", {
    "C2C.CallbackBeforeSendMsg": undefined,
    "C2C.CallbackAfterSendMsg": undefined,
    "C2C.CallbackAfterMsgReport": undefined,
    "C2C.CallbackAfterMsgReadReceipt": undefined,
    "C2C.CallbackAfterMsgWithDraw": undefined,
    "C2C.CallbackAfterC2CMsgExtension": undefined,
  }],
  ["State", { "State.StateChange": undefined }],
  ["Profile", { "Profile.CallbackPortraitSet": undefined }],
  ["Sns", {
    "Sns.CallbackPrevFriendAdd": undefined,
    "Sns.CallbackPrevFriendResponse": undefined,
    "Sns.CallbackFriendAdd": undefined,
    "Sns.CallbackFriendDelete": undefined,
    "Sns.CallbackBlackListAdd": undefined,
    "Sns.CallbackBlackListDelete": undefined,
  }],
  ["Follow", {
    "Follow.CallbackAfterFollowAdd": undefined,
    "Follow.CallbackAfterFollowDelete": undefined,
  }],
  ["OfficialAccount", {
    "OfficialAccount.CallbackBeforeCreateOfficialAccount": undefined,
    "OfficialAccount.CallbackAfterCreateOfficialAccount": undefined,
    "OfficialAccount.CallbackAfterOfficialAccountInfoChanged": undefined,
    "OfficialAccount.CallbackAfterOfficialAccountDestroyed": undefined,
    "OfficialAccount.CallbackBeforeAddSubscriber": undefined,
    "OfficialAccount.CallbackAfterAddSubscriber": undefined,
    "OfficialAccount.CallbackAfterOfficialAccountFull": undefined,
    "OfficialAccount.CallbackAfterDeleteSubscriber": undefined,
    "OfficialAccount.CallbackBeforeSendMsg": undefined,
    "OfficialAccount.CallbackAfterSendMsg": undefined,
    "OfficialAccount.CallbackAfterMsgWithDraw": undefined,
  }],
  ["Bot", {
    "Bot.OnC2CMessage": undefined,
    "Bot.OnGroupMessage": undefined,
  }],
  ["Chatbot", { "Chatbot.OnC2CSignalMessage": undefined }],
  ["Alert", { "Alert.RequestOverLimit": undefined }],
  ["Push", {
    "Push.OfflinePush": undefined,
    "Push.AllMemberPush": undefined,
  }],
  ["ContentCallback", { "ContentCallback.ResultNotify": undefined }],
];

/** Every before-command says so in its word; friend requests say Prev. */
const BEFORE_REGEXP = /\.Callback(?:Before|Prev)/;

/** The 58 commands of Tencent's pages, by word. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map(
  TABLE.flatMap(([family, words]) =>
    Object.entries(words).map(([word, schema]) => [word, {
      word,
      family,
      phase: BEFORE_REGEXP.test(word) ? "before" : "after",
      required: schema !== undefined && "GroupId" in schema.entries
        ? ["GroupId"]
        : [],
      schema,
    }])
  ),
);

/** Before the word of each event that imhook makes itself: no callback may claim it. */
export const OWN_PREFIX = "imhook.";

/** The command of a group's facts that Tencent's list has and callbacks never told. */
export const RECONCILED_COMMAND = "imhook.GroupReconciled";

/** Families of events that imhook makes itself. */
const OWN_FAMILIES: ReadonlyMap<string, string> = new Map([
  ["Reconcile", RECONCILED_COMMAND],
]);

/** True when a command is of a family: one of Tencent's is the first word of its commands. */
export function isOfFamily(word: string, family: string): boolean {
  return word.startsWith(`${family}.`) || OWN_FAMILIES.get(family) === word;
}

/**
 * True when `word` can block the user's action. Judged by its form, so that a before-command Tencent
 * adds tomorrow blocks nobody either.
 */
export function isBeforeCommand(word: string): boolean {
  return BEFORE_REGEXP.test(word);
}
