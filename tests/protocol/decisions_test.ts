// deno-lint-ignore-file camelcase -- the answers are spelled as Tencent spells them
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { COMMANDS } from "../../src/protocol/commands.ts";
import {
  explainAnswer,
  isDecidable,
  judgeAnswer,
  plainAllow,
  plainRefuse,
} from "../../src/protocol/decisions.ts";

const CREATE = "Group.CallbackBeforeCreateGroup";
const INVITE = "Group.CallbackBeforeInviteJoinGroup";
const SUBSCRIBE = "OfficialAccount.CallbackBeforeAddSubscriber";
const GROUP_MSG = "Group.CallbackBeforeSendMsg";
const C2C_MSG = "C2C.CallbackBeforeSendMsg";
const FRIEND = "Sns.CallbackPrevFriendAdd";
const SIGNAL = "Chatbot.OnC2CSignalMessage";
const DECIDABLE = [...COMMANDS.keys()].filter(isDecidable);

const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  [INVITE]: {
    DestinationMembers: [{ Member_Account: "jared" }, { Member_Account: "li" }],
  },
  [SUBSCRIBE]: { SubscribeAccountList: [{ Subscriber_Account: "jared" }] },
  [FRIEND]: { FriendItem: [{ To_Account: "id1" }, { To_Account: "id2" }] },
  "Sns.CallbackPrevFriendResponse": {
    ResponseFriendItem: [{ To_Account: "id1" }],
  },
};

function judge(command: string, fields: Readonly<Record<string, unknown>>) {
  const answer = { ActionStatus: "OK", ErrorInfo: "", ErrorCode: 0, ...fields };
  return judgeAnswer(answer, { command, body: BODIES[command] ?? {} });
}

function textElement(Text: unknown) {
  return { MsgType: "TIMTextElem", MsgContent: { Text } };
}

function items(...codes: readonly number[]) {
  return codes.map((ResultCode, index) => ({
    To_Account: `id${index + 1}`,
    ResultCode,
    ResultInfo: "",
  }));
}

Deno.test.each<[string, Readonly<Record<string, unknown>>, string]>([
  [CREATE, {}, "allow"],
  [CREATE, { ErrorCode: 1 }, "refuse"],
  [CREATE, { ErrorCode: 10_100 }, "refuse"],
  [CREATE, { ErrorCode: 10_200 }, "refuse"],
  [INVITE, { RefusedMembers_Account: [] }, "allow"],
  [INVITE, { RefusedMembers_Account: ["jared"] }, "change"],
  [INVITE, { ErrorCode: 1 }, "refuse"],
  [SUBSCRIBE, { RefusedSubscribers_Account: ["jared"] }, "change"],
  [SUBSCRIBE, { ErrorCode: 1 }, "refuse"],
  [GROUP_MSG, { ErrorCode: 2 }, "drop"],
  [GROUP_MSG, { MsgBody: [textElement("hi")] }, "change"],
  [GROUP_MSG, { CloudCustomData: "x" }, "change"],
  [GROUP_MSG, { ErrorCode: 1, MsgBody: "ignored" }, "refuse"],
  [C2C_MSG, { ErrorCode: 120_001 }, "refuse"],
  [C2C_MSG, { ErrorCode: 130_000 }, "refuse"],
  [FRIEND, { ResultItem: items(0, 0) }, "allow"],
  [FRIEND, { ResultItem: items(38_000, 39_000) }, "refuse"],
  [FRIEND, { ResultItem: items(0, 38_001) }, "change"],
  [SIGNAL, { RspData: "{}" }, "change"],
  [SIGNAL, {}, "allow"],
  ["Group.CallbackBeforeTomorrow", { ErrorCode: 1 }, "refuse"],
])("judgeAnswer() of %s %j is %s", (command, fields, kind) => {
  assertEquals(judge(command, fields).kind, kind);
});

Deno.test.each<[string, Readonly<Record<string, unknown>>, string]>([
  [CREATE, { ActionStatus: "FAIL", ErrorCode: 1 }, "ActionStatus"],
  [CREATE, { ActionStatus: undefined }, "ActionStatus"],
  [CREATE, { ErrorInfo: 5 }, "ErrorInfo"],
  [CREATE, { ErrorCode: undefined }, "ErrorCode"],
  [CREATE, { ErrorCode: "0" }, "ErrorCode"],
  [CREATE, { ErrorCode: 2 }, "ErrorCode"],
  [CREATE, { ErrorCode: 10_099 }, "10100 to 10200"],
  [CREATE, { ErrorCode: 10_201 }, "10100 to 10200"],
  [CREATE, { ErrorCode: 1.5 }, "ErrorCode"],
  [CREATE, { ErrorCode: -1 }, "ErrorCode"],
  [CREATE, { ErrorCode: 120_001 }, "ErrorCode"],
  [CREATE, { MsgBody: [textElement("hi")] }, "MsgBody"],
  [CREATE, { RefusedMembers_Account: ["jared"] }, "RefusedMembers_Account"],
  [INVITE, { RefusedMembers_Account: ["nobody"] }, "DestinationMembers"],
  [INVITE, { RefusedMembers_Account: "jared" }, "RefusedMembers_Account"],
  [INVITE, { RefusedMembers_Account: [1] }, "RefusedMembers_Account"],
  [INVITE, { RefusedSubscribers_Account: ["jared"] }, "RefusedSubscribers"],
  [SUBSCRIBE, { RefusedMembers_Account: ["jared"] }, "RefusedMembers"],
  [SUBSCRIBE, { ErrorCode: 120_001 }, "0 or 1"],
  [GROUP_MSG, { MsgBody: [] }, "MsgBody"],
  [GROUP_MSG, { MsgBody: textElement("hi") }, "MsgBody"],
  [GROUP_MSG, { MsgBody: [{ MsgType: "Other", MsgContent: {} }] }, "MsgBody"],
  [GROUP_MSG, { MsgBody: [textElement(1)] }, "MsgBody"],
  [GROUP_MSG, { MsgBody: [textElement("x".repeat(12_300))] }, "12288 bytes"],
  [GROUP_MSG, { CloudCustomData: {} }, "CloudCustomData"],
  [GROUP_MSG, { ErrorCode: 120_001 }, "ErrorCode"],
  [C2C_MSG, { ErrorCode: 10_100 }, "ErrorCode"],
  [FRIEND, {}, "ResultItem"],
  [FRIEND, { ErrorCode: 1 }, "ErrorCode"],
  [FRIEND, { ErrorCode: 38_001, ResultItem: items(0, 0) }, "ErrorCode"],
  [FRIEND, { ResultItem: items(0) }, "each user"],
  [FRIEND, { ResultItem: [...items(0, 0), ...items(0)] }, "ResultItem"],
  [FRIEND, { ResultItem: items(0, 1) }, "ResultItem"],
  [FRIEND, { ResultItem: items(0, 0, 0) }, "ResultItem"],
  [SIGNAL, { RspData: {} }, "RspData"],
  [SIGNAL, { ErrorCode: 1 }, "ErrorCode"],
])("judgeAnswer() of %s %j says %s", (command, fields, words) => {
  const judgement = judge(command, fields);

  assert(judgement.kind === "invalid");
  assertStringIncludes(judgement.reason, words);
});

Deno.test("judgeAnswer() passes on documented fields alone", () => {
  const fields = { ErrorInfo: "No links", ErrorCode: 10_101, Extra: 1 };
  const judgement = judge(CREATE, fields);

  assertEquals(judgement, {
    kind: "refuse",
    code: 10_101,
    answer: '{"ActionStatus":"OK","ErrorInfo":"No links","ErrorCode":10101}',
  });
});

Deno.test("judgeAnswer() tells the code of the first user that is refused", () => {
  const judgement = judge(FRIEND, { ResultItem: items(0, 38_007) });

  assert(judgement.kind === "change");
  assertEquals(judgement.code, 38_007);
});

Deno.test("judgeAnswer() is total", () => {
  const commands = fc.constantFrom(...DECIDABLE, "X.CallbackBeforeY", "");
  const bodies = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(fc.anything(), commands, bodies, (answer, command, body) => {
      judgeAnswer(answer, { command, body });
    }),
  );
});

Deno.test.each(DECIDABLE)("plainAllow() of %s lets it pass", (command) => {
  const callback = { command, body: BODIES[command] ?? {} };
  const answer: unknown = JSON.parse(plainAllow(callback));

  assertEquals(judgeAnswer(answer, callback).kind, "allow");
});

Deno.test.each(DECIDABLE.filter((command) => command !== SIGNAL))(
  "plainRefuse() of %s refuses",
  (command) => {
    const callback = { command, body: BODIES[command] ?? {} };
    const answer: unknown = JSON.parse(plainRefuse(callback));
    const isJudgedByUser = command.startsWith("Sns.");
    const kind = isJudgedByUser && BODIES[command] === undefined
      ? "allow"
      : "refuse";

    assertEquals(judgeAnswer(answer, callback).kind, kind);
  },
);

Deno.test("plainAllow() of a friend request lists every user once", () => {
  const user = { To_Account: "id1" };
  const body = { FriendItem: [user, { To_Account: 2 }, user, null] };
  const answer = JSON.parse(plainAllow({ command: FRIEND, body }));

  assertEquals(answer.ResultItem, items(0));
});

Deno.test.each([
  [CREATE, { ErrorCode: 1 }, "error 10016"],
  [C2C_MSG, { ErrorCode: 1 }, "error 20006"],
  [CREATE, { ErrorCode: 10_101 }, "error 10101"],
  [GROUP_MSG, { ErrorCode: 2 }, "sees success"],
  [CREATE, { ErrorCode: 0 }, "lets it pass"],
  [CREATE, { ErrorCode: 7 }, "failed callback"],
])("explainAnswer() of %s %j says %s", (command, fields, words) => {
  const answer = { ActionStatus: "OK", ErrorInfo: "", ...fields };

  assertStringIncludes(explainAnswer(answer, { command, body: {} }), words);
});
