import type { CallbackBody } from "./body.ts";
import {
  CHANGE_MAX_BYTES,
  type DecisionKind,
  type DecisionRule,
  type RequestedUsers,
} from "./decision_rules.ts";

/** A JSON object of which nothing else is known. */
export type JsonFields = Readonly<Record<string, unknown>>;

/** Types of message elements (www.tencentcloud.com/document/product/1047/33527). */
const ELEMENT_TYPES: ReadonlySet<unknown> = new Set([
  "TIMTextElem",
  "TIMCustomElem",
  "TIMFaceElem",
  "TIMLocationElem",
  "TIMImageElem",
  "TIMSoundElem",
  "TIMFileElem",
  "TIMVideoFileElem",
]);

/** The fields that an answer with ErrorCode 0 adds, and their meaning; or what is wrong with them. */
export type Change =
  | {
    readonly kind: DecisionKind;
    readonly code?: number;
    readonly fields: JsonFields;
  }
  | string;

const NO_CHANGE: Change = { kind: "allow", fields: {} };

/** Fields that only some commands know: elsewhere they show that another command was answered. */
const SPECIAL_FIELDS = [
  "MsgBody",
  "CloudCustomData",
  "RefusedMembers_Account",
  "RefusedSubscribers_Account",
  "ResultItem",
  "RspData",
] as const;

/** Judges the fields of an answer with ErrorCode 0. */
export function changeOf(
  answer: JsonFields,
  { body, rule }: {
    readonly body: CallbackBody;
    readonly rule: DecisionRule;
  },
): Change {
  const { refusable, judged, isMessage, textField } = rule;
  const known = [refusable?.answerField, judged?.answerField, textField];
  if (isMessage) known.push("MsgBody", "CloudCustomData");
  const strange = SPECIAL_FIELDS.find((name) =>
    answer[name] !== undefined && !known.includes(name)
  );
  if (strange !== undefined) return `${strange}: not a field of this command`;
  if (isMessage) return messageOf(answer);
  if (refusable) {
    return refusedOf(answer[refusable.answerField], refusable, body);
  }
  if (judged) {
    return itemsOf(answer[judged.answerField], { judged, body, rule });
  }
  return textField === undefined ? NO_CHANGE : textOf(answer, textField);
}

function messageOf(
  { MsgBody: message, CloudCustomData: data }: JsonFields,
): Change {
  if (message === undefined && data === undefined) return NO_CHANGE;
  if (message !== undefined && !isMessageBody(message)) {
    return "MsgBody: expected a list of elements, each with a MsgType that Tencent knows and a MsgContent";
  }
  if (data !== undefined && typeof data !== "string") {
    return "CloudCustomData: expected a string";
  }
  const fields = { MsgBody: message, CloudCustomData: data };
  return bounded("MsgBody and CloudCustomData", fields);
}

function isMessageBody(message: unknown): boolean {
  return Array.isArray(message) && message.length > 0 &&
    message.every((element) =>
      isFields(element) && ELEMENT_TYPES.has(element.MsgType) &&
      isFields(element.MsgContent) &&
      (element.MsgType !== "TIMTextElem" ||
        typeof element.MsgContent.Text === "string")
    );
}

function textOf(answer: JsonFields, name: string): Change {
  const text = answer[name];
  if (text === undefined) return NO_CHANGE;
  if (typeof text !== "string") return `${name}: expected a string`;
  return bounded(name, { [name]: text });
}

function bounded(name: string, fields: JsonFields): Change {
  const bytes = new TextEncoder().encode(JSON.stringify(fields)).length;
  return bytes <= CHANGE_MAX_BYTES
    ? { kind: "change", fields }
    : `${name}: expected at most ${CHANGE_MAX_BYTES} bytes of JSON, got ${bytes}`;
}

/** Users of the request that are left out. */
function refusedOf(
  refused: unknown,
  users: RequestedUsers,
  body: CallbackBody,
): Change {
  if (refused === undefined) return NO_CHANGE;
  const asked = new Set(usersOf(body, users));
  const { answerField, requestField } = users;
  if (
    !Array.isArray(refused) || !refused.every((user) => asked.has(user))
  ) {
    return `${answerField}: expected a list of users that ${requestField} names`;
  }
  if (refused.length === 0) return NO_CHANGE;
  return { kind: "change", fields: { [answerField]: refused } };
}

/** One item for each user of the request, with a code of its own. */
function itemsOf(
  items: unknown,
  { judged, body, rule }: {
    readonly judged: RequestedUsers;
    readonly body: CallbackBody;
    readonly rule: DecisionRule;
  },
): Change {
  const { answerField, requestField } = judged;
  const missing = new Set(usersOf(body, judged));
  const codes: number[] = [];
  for (const item of Array.isArray(items) ? items : []) {
    const code = isFields(item) && missing.delete(String(item.To_Account))
      ? resultCodeOf(item, rule)
      : undefined;
    if (code === undefined) {
      return `${answerField}: expected items of To_Account, ResultCode (${
        codesOf(rule)
      }) and ResultInfo, one for each user of ${requestField}`;
    }
    codes.push(code);
  }
  if (missing.size > 0 || !Array.isArray(items)) {
    return `${answerField}: expected an item for each user of ${requestField}`;
  }
  const refused = codes.filter((code) => code !== 0);
  const kind = refused.length === 0
    ? "allow"
    : refused.length === codes.length
    ? "refuse"
    : "change";
  const fields = { [answerField]: items.map(resultItem) };
  return { kind, code: refused[0] ?? 0, fields };
}

function resultCodeOf(
  { To_Account: user, ResultCode: code, ResultInfo: info = "" }: JsonFields,
  rule: DecisionRule,
): number | undefined {
  const isItem = typeof user === "string" && typeof info === "string" &&
    typeof code === "number" && isCodeOf(rule, code);
  return isItem ? code : undefined;
}

function resultItem(item: JsonFields): JsonFields {
  return {
    To_Account: item.To_Account,
    ResultCode: item.ResultCode,
    ResultInfo: item.ResultInfo ?? "",
  };
}

/** Users that a request names, each once. */
export function usersOf(
  body: CallbackBody,
  { requestField, userField }: RequestedUsers,
): string[] {
  const list = body[requestField];
  const users = (Array.isArray(list) ? list : []).map((item: unknown) =>
    isFields(item) ? item[userField] : undefined
  );
  return [...new Set(users.filter((user) => typeof user === "string"))];
}

/** True when a rule allows a code. */
export function isCodeOf(
  { mayRefuse, mayDrop, ownCodes: [first, last] = [1, 0] }: DecisionRule,
  code: number,
): boolean {
  if (!Number.isInteger(code)) return false;
  return code === 0 || (code === 1 && mayRefuse) || (code === 2 && mayDrop) ||
    (code >= first && code <= last);
}

/** The codes that a rule allows, as text. */
export function codesOf(
  { mayRefuse, mayDrop, ownCodes }: DecisionRule,
): string {
  const codes = ["0"];
  if (mayRefuse) codes.push("1");
  if (mayDrop) codes.push("2");
  if (ownCodes !== undefined) codes.push(`${ownCodes[0]} to ${ownCodes[1]}`);
  const last = codes.pop() ?? "0";
  return codes.length === 0 ? last : `${codes.join(", ")} or ${last}`;
}

/** True when a value is a JSON object. */
export function isFields(value: unknown): value is JsonFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
