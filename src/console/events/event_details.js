import { isNumber } from "../parts/exact_json.js";
import { safeText } from "../parts/safe_text.js";
import { hasText, t } from "../texts/i18n.js";

/**
 * The event in one line: who, what, refused or not sent; empty where the command's name says it all,
 * or where the body is none that is given as fields.
 */
export function detailOf({ type, data, decision = undefined }) {
  if (typeof data !== "object" || data === null) return "";
  const detail = DETAILS[type]?.(data) ?? "";
  const decided = decision === undefined ? "" : t(`decision.${decision}`);
  return joined(decided, detail);
}

/** A user ID as text. */
export function accountOf(value) {
  const text = textOf(value);
  return text === undefined ? undefined : safeText(text);
}

const INFO_FIELDS = [
  ...["Name", "Introduction", "Notification", "FaceUrl", "ApplyJoinOption"],
  ...["InviteJoinOption", "MaxMemberCount", "ShutUpAllMember"],
];
const MEMBER_FIELDS = [
  ...["Role", "NameCard", "ShutUpUntil", "MuteTime", "MsgFlag"],
];
const SHOWN_NAMES = 5;

const created = ({ Name, Owner_Account }) =>
  t("detail.created", { name: shown(Name), owner: shown(Owner_Account) });
const message = ({ From_Account, To_Account, MsgBody, TopicId }) =>
  joined(
    To_Account === undefined ? "" : between(From_Account, To_Account),
    shown(TopicId, ""),
    listOf(MsgBody).map(({ MsgType, MsgContent }) =>
      shown(MsgContent?.Text, shown(MsgType, ""))
    ).join(" "),
  );
const notSent = (data) =>
  joined(
    t("detail.refusal", {
      code: shown(data.ErrorCode),
      info: shown(data.ErrorInfo, ""),
    }),
    message(data),
  );
const pairs = ({ PairList, From_Account, FriendItem, ResponseFriendItem }) =>
  joined(
    names(
      PairList,
      ({ From_Account, To_Account }) => between(From_Account, To_Account),
    ),
    names(
      FriendItem ?? ResponseFriendItem,
      ({ To_Account }) => between(From_Account, To_Account),
    ),
  );
const follows = ({ FollowList, From_Account }) =>
  names(FollowList, ({ To_Account }) => between(From_Account, To_Account));
const changed = (fields) => (data) =>
  fields.filter((name) => textOf(data[name]) !== undefined)
    .map((name) => fieldText(name, data[name])).join(" · ");
const extension = ({ ExtensionList }) =>
  names(ExtensionList, ({ Key, Value }) => `${shown(Key)}=${shown(Value, "")}`);
const pushed = ({ Events }) => t("detail.pushed", { n: listOf(Events).length });
const subscribers = ({ SubscribeAccountList, Official_Account }) =>
  joined(
    names(SubscribeAccountList, ({ Subscriber_Account }) =>
      shown(Subscriber_Account)),
    shown(Official_Account, ""),
  );
const official = (data) =>
  joined(shown(data.Official_Account, ""), changed(INFO_FIELDS)(data));
const officialMessage = (data) =>
  joined(shown(data.Official_Account, ""), message(data));

const DETAILS = {
  "Alert.RequestOverLimit": ({ Command, Request, Limit }) =>
    t("detail.overLimit", {
      command: shown(Command),
      request: shown(Request),
      limit: shown(Limit),
    }),
  "Bot.OnC2CMessage": message,
  "Bot.OnGroupMessage": message,
  "C2C.CallbackAfterC2CMsgExtension": extension,
  "C2C.CallbackAfterMsgReadReceipt": ({ Peer_Account, C2CMsgInfo }) =>
    joined(
      t("detail.read", { n: listOf(C2CMsgInfo).length }),
      shown(Peer_Account, ""),
    ),
  "C2C.CallbackAfterMsgReport": ({ Peer_Account, UnreadMsgNum }) =>
    joined(shown(Peer_Account, ""), unread(UnreadMsgNum)),
  "C2C.CallbackAfterMsgWithDraw": ({ To_Account, From_Account }) =>
    between(From_Account, To_Account),
  "C2C.CallbackAfterSendMsg": message,
  "C2C.CallbackBeforeSendMsg": message,
  "Chatbot.OnC2CSignalMessage": ({ From_Account, To_Account }) =>
    between(From_Account, To_Account),
  "ContentCallback.ResultNotify": (data) =>
    joined(
      suggestion(data.CtxcbSuggestion),
      shown(data.CtxcbLabel, ""),
      listOf(data.TextContent).map((text) => shown(text)).join(" "),
    ),
  "Follow.CallbackAfterFollowAdd": follows,
  "Follow.CallbackAfterFollowDelete": follows,
  "Group.CallbackAfterChangeGroupOwner": (data) =>
    between(data.OldOwner_Account, data.NewOwner_Account),
  "Group.CallbackAfterCreateGroup": created,
  "Group.CallbackAfterCreateTopic": ({ Name, TopicId }) =>
    shown(Name, shown(TopicId)),
  "Group.CallbackAfterGroupAttrChanged": ({ OptionType, GroupAttr }) =>
    joined(
      shown(OptionType, ""),
      names(GroupAttr, ({ key, value, Key, Value }) =>
        `${shown(key ?? Key)}=${shown(value ?? Value, "")}`),
    ),
  "Group.CallbackAfterGroupDestroyed": ({ Name }) => shown(Name, ""),
  "Group.CallbackAfterGroupInfoChanged": changed(INFO_FIELDS),
  "Group.CallbackAfterGroupMsgExtension": extension,
  "Group.CallbackAfterMemberExit": ({ ExitMemberList, ExitType }) =>
    joined(members(ExitMemberList), way("exit", ExitType)),
  "Group.CallbackAfterMemberFieldChanged": (data) =>
    joined(
      shown(data.Member_Account, shown(data.Modified_Account, "")),
      changed(MEMBER_FIELDS)(data),
    ),
  "Group.CallbackAfterNewMemberJoin": ({ NewMemberList, JoinType }) =>
    joined(members(NewMemberList), way("join", JoinType)),
  "Group.CallbackAfterReadReceipt": ({ GroupMsgReceiptList }) =>
    t("detail.read", { n: listOf(GroupMsgReceiptList).length }),
  "Group.CallbackAfterRecallMsg": ({ MsgSeqList, TopicId }) =>
    joined(
      t("detail.read", { n: listOf(MsgSeqList).length }),
      shown(TopicId, ""),
    ),
  "Group.CallbackAfterSendMsg": message,
  "Group.CallbackAfterTopicDestroyed": ({ TopicIdList }) =>
    names(TopicIdList, (one) => shown(one?.TopicId, shown(one))),
  "Group.CallbackAfterTopicInfoChanged": changed(INFO_FIELDS),
  "Group.CallbackBeforeApplyJoinGroup": ({ Requestor_Account }) =>
    shown(Requestor_Account, ""),
  "Group.CallbackBeforeCreateGroup": created,
  "Group.CallbackBeforeCreateTopic": ({ Name, TopicId }) =>
    shown(Name, shown(TopicId)),
  "Group.CallbackBeforeInviteJoinGroup": ({ DestinationMembers }) =>
    members(DestinationMembers),
  "Group.CallbackBeforeSendMsg": message,
  "Group.CallbackOnDailyGroupQuotaAlarm": ({ QuotaUsed, Quota }) =>
    t("detail.quota", { used: shown(QuotaUsed), quota: shown(Quota) }),
  "Group.CallbackOnMemberStateChange": ({ EventType, MemberList }) =>
    joined(way("presence", EventType), members(MemberList)),
  "Group.CallbackSendMsgException": notSent,
  "OfficialAccount.CallbackAfterAddSubscriber": subscribers,
  "OfficialAccount.CallbackAfterCreateOfficialAccount": official,
  "OfficialAccount.CallbackAfterDeleteSubscriber": subscribers,
  "OfficialAccount.CallbackAfterMsgWithDraw": official,
  "OfficialAccount.CallbackAfterOfficialAccountDestroyed": official,
  "OfficialAccount.CallbackAfterOfficialAccountFull": official,
  "OfficialAccount.CallbackAfterOfficialAccountInfoChanged": official,
  "OfficialAccount.CallbackAfterSendMsg": officialMessage,
  "OfficialAccount.CallbackBeforeAddSubscriber": subscribers,
  "OfficialAccount.CallbackBeforeCreateOfficialAccount": official,
  "OfficialAccount.CallbackBeforeSendMsg": officialMessage,
  "Profile.CallbackPortraitSet": ({ From_Account, ProfileItem }) =>
    joined(
      shown(From_Account, ""),
      names(ProfileItem, ({ Tag, Value }) =>
        `${shown(Tag).replace("Tag_Profile_IM_", "")}: ${shown(Value, "")}`),
    ),
  "Push.AllMemberPush": pushed,
  "Push.OfflinePush": pushed,
  "Sns.CallbackBlackListAdd": pairs,
  "Sns.CallbackBlackListDelete": pairs,
  "Sns.CallbackFriendAdd": pairs,
  "Sns.CallbackFriendDelete": pairs,
  "Sns.CallbackPrevFriendAdd": pairs,
  "Sns.CallbackPrevFriendResponse": pairs,
  "State.StateChange": ({ Info }) =>
    joined(shown(Info?.To_Account, ""), way("presence", Info?.Action)),
  "imhook.GroupReconciled": ({ reason, group }) =>
    joined(
      hasText(`reconciled.${reason}`) ? t(`reconciled.${reason}`) : "",
      shown(group?.name, ""),
    ),
};

function textOf(value) {
  if (isNumber(value)) return String(value);
  return typeof value === "string" ? value : undefined;
}

function shown(value, otherwise = "–") {
  const text = textOf(value);
  return text === undefined || text === "" ? otherwise : safeText(text);
}

function listOf(value) {
  return Array.isArray(value)
    ? value.filter((one) => one !== null && one !== undefined)
    : [];
}

function names(list, nameOf) {
  const all = listOf(list);
  const rest = all.length - SHOWN_NAMES;
  const first = all.slice(0, SHOWN_NAMES).map(nameOf).join(", ");
  return rest > 0
    ? `${first} ${t("andMore", { n: rest, total: all.length })}`
    : first;
}

function members(list) {
  return names(list, (one) => shown(one.Member_Account, shown(one)));
}

function between(from, to) {
  return t("detail.to", { from: shown(from), to: shown(to) });
}

/** A word of an event in the reader's language; the word itself without a translation. */
function way(kind, word) {
  const text = shown(word, "");
  return hasText(`${kind}.${text}`) ? t(`${kind}.${text}`) : text;
}

function suggestion(word) {
  return way("detail.suggestion", word);
}

function unread(count) {
  return isNumber(count) ? t("detail.unread", { n: Number(count) }) : "";
}

/** A field and its new value; one that was made empty is told, too. */
function fieldText(name, value) {
  const field = hasText(`field.${name}`) ? t(`field.${name}`) : name;
  const isCleared = textOf(value) === "";
  if (isCleared) return t("detail.cleared", { field });
  const text = name === "Role" ? way("role", value) : shown(value);
  return `${field}: ${text}`;
}

function joined(...parts) {
  return parts.filter((part) => part !== "").join(" · ");
}
