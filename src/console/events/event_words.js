import { hasText, t } from "../texts/i18n.js";

/** A command as it is called; one that we have no words for is called by its own. */
export function commandName(type) {
  const key = `command.${shortOf(type)}`;
  return hasText(key) ? t(key) : type;
}

/** What kind of change an event is, for its colour. */
export function kindOf(type) {
  const name = shortOf(type);
  if (/Create|Join|FriendAdd$|FollowAdd$/.test(name)) return "good";
  if (/Destroyed|Exit|Exception|Delete|OverLimit/.test(name)) return "bad";
  if (/SendMsg|Receipt|StateChange|Recall|MsgExtension/.test(name)) {
    return "dim";
  }
  return "calm";
}

/** Who did it, as far as the event tells. */
export function actorOf({ data = {} }) {
  return textOf(data.Operator_Account) ?? textOf(data.From_Account) ??
    textOf(data.Requestor_Account) ?? textOf(data.Owner_Account) ??
    textOf(data.Info?.To_Account);
}

/**
 * What happened, in one line; empty where the command's name says it all, or where the body is none
 * that is given as fields.
 */
export function detailOf({ type, data }) {
  const name = shortOf(type);
  if (data === undefined || !Object.hasOwn(DETAILS, name)) return "";
  return DETAILS[name](data) ?? "";
}

const DETAILS = {
  AfterCreateGroup: ({ Name, Owner_Account }) =>
    t("detail.created", {
      name: textOf(Name) ?? "–",
      owner: textOf(Owner_Account) ?? "–",
    }),
  AfterNewMemberJoin: ({ NewMemberList, JoinType }) =>
    withWay(accounts(NewMemberList), JoinType),
  AfterMemberExit: ({ ExitMemberList, ExitType }) =>
    withWay(accounts(ExitMemberList), ExitType),
  AfterGroupInfoChanged: (data) => fieldsOf(data, INFO_FIELDS),
  AfterChangeGroupOwner: ({ OldOwner_Account, NewOwner_Account }) =>
    `${textOf(OldOwner_Account) ?? "–"} → ${textOf(NewOwner_Account) ?? "–"}`,
  AfterGroupDestroyed: ({ Name }) => textOf(Name),
  AfterMemberFieldChanged: ({ Member_Account, Modified_Account, ...data }) =>
    [
      textOf(Member_Account) ?? textOf(Modified_Account) ?? "",
      fieldsOf(data, MEMBER_FIELDS),
    ].filter((part) => part).join(" · "),
  AfterGroupAttrChanged: ({ OptionType, GroupAttr }) =>
    [
      textOf(OptionType) ?? "",
      ...listOf(GroupAttr).map(({ key, value }) => `${key}=${value ?? ""}`),
    ].join(" "),
  AfterCreateTopic: ({ Name, TopicId }) => textOf(Name) ?? textOf(TopicId),
  AfterTopicInfoChanged: (data) => fieldsOf(data, INFO_FIELDS),
  AfterTopicDestroyed: ({ TopicIdList }) => listOf(TopicIdList).join(", "),
  AfterSendMsg: messageText,
  BeforeSendMsg: messageText,
  OnMemberStateChange: ({ EventType, MemberList }) =>
    [textOf(EventType) ?? "", accounts(MemberList)].join(" "),
  StateChange: ({ Info }) =>
    [textOf(Info?.To_Account) ?? "", textOf(Info?.Action) ?? ""].join(" "),
};

const INFO_FIELDS = [
  ...["Name", "Introduction", "Notification", "FaceUrl", "ApplyJoinOption"],
  ...["MaxMemberCount", "ShutUpAllMember"],
];
const MEMBER_FIELDS = [
  "Role",
  "NameCard",
  "ShutUpUntil",
  "MuteTime",
  "MsgFlag",
];
const SHOWN_ACCOUNTS = 5;

function shortOf(type) {
  return type.slice(type.lastIndexOf(".") + 1).replace(/^Callback/, "");
}

function textOf(value) {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function listOf(value) {
  return Array.isArray(value)
    ? value.filter((one) => one !== null && one !== undefined)
    : [];
}

function accounts(list) {
  const all = listOf(list).map((one) => textOf(one.Member_Account) ?? "?");
  const rest = all.length - SHOWN_ACCOUNTS;
  const shown = all.slice(0, SHOWN_ACCOUNTS).join(", ");
  return rest > 0 ? `${shown} ${t("andMore", { n: rest })}` : shown;
}

function withWay(who, way) {
  return textOf(way) === undefined ? who : `${who} (${way})`;
}

function fieldsOf(data, names) {
  return names.filter((name) => textOf(data[name]) !== undefined)
    .map((name) => `${name}: ${data[name]}`).join(" · ");
}

function messageText({ MsgBody }) {
  return listOf(MsgBody)
    .map(({ MsgType, MsgContent }) => MsgContent?.Text ?? MsgType ?? "")
    .join(" ");
}
