/** Every way in which a callback is answered, by ErrorCode. */
export const ANSWERS = {
  /** Kept, already kept, a probe, or a before command: go on. */
  0: { status: 200, info: "" },
  40500: { status: 405, info: "Method: expected POST" },
  40300: {
    status: 403,
    info: "SdkAppid: expected exactly one, a configured application",
  },
  40301: {
    status: 403,
    info: "Sender: expected an address in IMHOOK_ALLOWED_SENDERS",
  },
  40302: {
    status: 403,
    info: "imhook-path: expected at most 3 journals, this one not among them",
  },
  40100: {
    status: 401,
    info:
      "Sign, RequestTime: expected exactly one of each, RequestTime of 1 to 11 digits",
  },
  40101: {
    status: 401,
    info: "Sign: expected the SHA-256 of token and RequestTime",
  },
  40102: {
    status: 401,
    info: "RequestTime: expected within 60 seconds of now",
  },
  41300: { status: 413, info: "Body: expected at most 786432 bytes" },
  40800: { status: 408, info: "Body: expected complete within 5 seconds" },
  42200: { status: 200, info: "Body: expected a JSON object in UTF-8" },
  42201: {
    status: 200,
    info: "CallbackCommand: expected in the query or the body",
  },
  42202: {
    status: 200,
    info: "Body: expected the fields that its command requires",
  },
  50300: {
    status: 503,
    info: "Store: not durable in time; a copy sent again is recognised",
  },
  50301: { status: 503, info: "Queue: full; send it again" },
} as const;

/** The ErrorCode of an answer. */
export type AnswerCode = keyof typeof ANSWERS;

/** The codes of what is kept in quarantine. */
export type QuarantineCode = 42200 | 42201 | 42202;

/**
 * The Ack packet as JSON text (www.tencentcloud.com/document/product/1047/34354).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(ackJson(0), '{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}');
 * ```
 */
export function ackJson(code: AnswerCode, info?: string): string {
  return JSON.stringify({
    ActionStatus: code === 0 ? "OK" : "FAIL",
    ErrorInfo: info ?? ANSWERS[code].info,
    ErrorCode: code,
  });
}
