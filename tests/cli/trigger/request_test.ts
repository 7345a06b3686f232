import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  buildCallback,
  callbackQuery,
} from "../../../src/cli/trigger/request.ts";
import { verifySign } from "../../../src/protocol/sign.ts";

const QUERY = {
  sdkAppId: 1400000000,
  command: "Group.CallbackAfterCreateGroup",
  requestTimeSec: 1669872112,
  token: "xxxxyyyy",
};

Deno.test("callbackQuery() has Tencent's order and published Sign", () => {
  assertEquals(
    callbackQuery(QUERY),
    "SdkAppid=1400000000&CallbackCommand=Group.CallbackAfterCreateGroup" +
      "&contenttype=json&ClientIP=127.0.0.1&OptPlatform=RESTAPI" +
      "&Sign=17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061" +
      "&RequestTime=1669872112",
  );
});

Deno.test("callbackQuery() leaves Sign and RequestTime out without a token", () => {
  const query = callbackQuery({ ...QUERY, token: undefined });
  assertMatch(query, /&OptPlatform=RESTAPI$/);
});

Deno.test.each(
  [
    ["A B&C=1#?é", "A%20B%26C%3D1%23%3F%C3%A9"],
    ["\ud800", "%EF%BF%BD"],
  ],
)("callbackQuery() encodes the command %j", (command, encoded) => {
  const query = callbackQuery({ ...QUERY, command });
  assert(query.includes(`&CallbackCommand=${encoded}&`));
});

Deno.test.each(
  ["xxxxyyyy", undefined],
)(
  "callbackQuery() makes a bad Sign of the right form for token %s",
  (token) => {
    const query = callbackQuery({ ...QUERY, token, isSignBad: true });
    const parameters = new URLSearchParams(query);
    const candidate = parameters.get("Sign") ?? "";
    const requestTime = parameters.get("RequestTime") ?? "";
    assertMatch(candidate, /^[0-9a-f]{64}$/);
    assertEquals(requestTime, "1669872112");
    assert(!verifySign({ candidate, requestTime, tokens: ["xxxxyyyy"] }));
  },
);

Deno.test("buildCallback() merges fields into the body and names its group", () => {
  const { body, groupId } = buildCallback({
    ...QUERY,
    groupId: "g1",
    eventTimeMs: 1669872112000,
    fields: { GroupId: "g2", Name: "群组" },
  });
  const parsed = JSON.parse(new TextDecoder().decode(body));
  assertEquals(parsed.Name, "群组");
  assertEquals(parsed.GroupId, "g2");
  assertEquals(parsed.EventTime, 1669872112000);
  assertEquals(groupId, "g2");
});

Deno.test("buildCallback() names no group where the body has none", () => {
  const command = "Group.CallbackOnDailyGroupQuotaAlarm";
  const options = { ...QUERY, command, groupId: "g1", eventTimeMs: 1 };
  assertEquals(buildCallback(options).groupId, undefined);
});
