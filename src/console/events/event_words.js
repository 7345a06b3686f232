import { hasText, t } from "../texts/i18n.js";
import { accountOf } from "./event_details.js";

/** A command in the reader's language; one that we have no words for is called by its own. */
export function commandName(type) {
  const key = `command.${type}`;
  return hasText(key) ? t(key) : type;
}

/** Commands by which Tencent asks before something is done: they tell of nothing that happened. */
const ASKS_REGEXP = /\.Callback(Before|Prev)/;
const GOOD_REGEXP = /Create|Join|Subscriber$|FriendAdd$|FollowAdd$/;
const BAD_REGEXP =
  /Destroyed|Exit|Exception|Delete|BlackListAdd|OverLimit|QuotaAlarm/;
const DIM_REGEXP =
  /SendMsg|Receipt|MsgReport|StateChange|Recall|WithDraw|MsgExtension|Push\.|Message$/;

/** The kind of an event, for its colour: question, good, bad, dim or calm. */
export function kindOf(type) {
  if (ASKS_REGEXP.test(type)) return "question";
  if (/DeleteSubscriber|SendMsgException/.test(type)) return "bad";
  if (DIM_REGEXP.test(type)) return "dim";
  if (GOOD_REGEXP.test(type)) return "good";
  return BAD_REGEXP.test(type) ? "bad" : "calm";
}

/** The user who did it, as far as the event tells. */
export function actorOf({ data = {} }) {
  return accountOf(data.Operator_Account) ?? accountOf(data.From_Account) ??
    accountOf(data.Requestor_Account) ?? accountOf(data.Requester_Account) ??
    accountOf(data.Report_Account) ?? accountOf(data.Owner_Account) ??
    accountOf(data.Info?.To_Account);
}
