import { assertEquals, assertStringIncludes } from "@std/assert";
import { ackJson, type AnswerCode, ANSWERS } from "../../src/protocol/ack.ts";
import { SIGN_WINDOW_SEC } from "../../src/protocol/sign.ts";
import { BODY_MAX_BYTES } from "../../src/store/kv/limits.ts";

/** The rows of design §3. */
const STATUSES: Readonly<Record<AnswerCode, number>> = {
  0: 200,
  40500: 405,
  40300: 403,
  40301: 403,
  40302: 403,
  40100: 401,
  40101: 401,
  40102: 401,
  41300: 413,
  40800: 408,
  42200: 200,
  42201: 200,
  42202: 200,
  50300: 503,
  50301: 503,
};

Deno.test("ANSWERS has the rows of the contract, each with its status", () => {
  const statuses = Object.entries(ANSWERS).map(([code, { status }]) => [
    code,
    status,
  ]);

  assertEquals(Object.fromEntries(statuses), STATUSES);
});

Deno.test("ANSWERS names the limits that are in force", () => {
  assertStringIncludes(ANSWERS[41300].info, `${BODY_MAX_BYTES} bytes`);
  assertStringIncludes(ANSWERS[40102].info, `${SIGN_WINDOW_SEC} seconds`);
});

Deno.test("ackJson() of 0 is the packet of Tencent's documentation", () => {
  assertEquals(
    ackJson(0),
    '{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}',
  );
});

Deno.test.each(codesButZero())(
  "ackJson() of %i is FAIL and says why",
  (code) => {
    const { info } = ANSWERS[code];

    assertEquals(
      ackJson(code),
      `{"ActionStatus":"FAIL","ErrorInfo":"${info}","ErrorCode":${code}}`,
    );
  },
);

Deno.test("ackJson() puts a more precise info in place of the usual one", () => {
  const info = 'GroupId: expected a "string"\n';

  assertEquals(JSON.parse(ackJson(42202, info)), {
    ActionStatus: "FAIL",
    ErrorInfo: info,
    ErrorCode: 42202,
  });
});

function codesButZero(): AnswerCode[] {
  return Object.keys(ANSWERS).map((code) => Number(code) as AnswerCode)
    .filter((code) => code !== 0);
}
