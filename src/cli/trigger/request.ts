import { groupIdOf } from "../../protocol/body.ts";
import { type EventTimeForm, sampleBody } from "../../protocol/sample_body.ts";
import { sign } from "../../protocol/sign.ts";

/** One callback ready to be sent: the query, and the body. */
export interface Callback {
  /** Command word. */
  readonly command: string;
  /** Holds the Sign: never print it. */
  readonly query: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The group the body names, if any. */
  readonly groupId?: string | undefined;
}

/** Parameters of a callback's query. */
export interface QueryOptions {
  readonly sdkAppId: number;
  /** Command word. */
  readonly command: string;
  /** RequestTime, Unix seconds. */
  readonly requestTimeSec: number;
  /** The app's token; without one the query carries neither Sign nor RequestTime. */
  readonly token?: string | undefined;
  /**
   * Send a Sign that has the right form and is wrong, with or without a token.
   * @default {false}
   */
  readonly isSignBad?: boolean;
}

/** Parts of a made-up callback. */
export interface CallbackRequestOptions extends QueryOptions {
  readonly groupId: string;
  /** EventTime, Unix milliseconds. */
  readonly eventTimeMs: number;
  /** @default {"number"} */
  readonly eventTimeForm?: EventTimeForm | undefined;
  /** Fields of the body to add or replace. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

const ENCODER = new TextEncoder();

/**
 * A callback as Tencent would send it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { query, groupId } = buildCallback({
 *   sdkAppId: 1400000000,
 *   command: "Group.CallbackAfterGroupFull",
 *   groupId: "@TGS#2ABCDEFGH",
 *   eventTimeMs: 1669872112000,
 *   requestTimeSec: 1669872112,
 * });
 * assertEquals(groupId, "@TGS#2ABCDEFGH");
 * assertEquals(
 *   query,
 *   "SdkAppid=1400000000&CallbackCommand=Group.CallbackAfterGroupFull" +
 *     "&contenttype=json&ClientIP=127.0.0.1&OptPlatform=RESTAPI",
 * );
 * ```
 */
export function buildCallback(options: CallbackRequestOptions): Callback {
  const body = { ...sampleBody(options), ...options.fields };
  return {
    command: options.command,
    query: callbackQuery(options),
    body: encodeBody(body),
    groupId: groupIdOf(body),
  };
}

/** The query of a callback, its parameters in the order Tencent documents. */
export function callbackQuery(
  { sdkAppId, command, requestTimeSec, token, isSignBad = false }: QueryOptions,
): string {
  const parameters = [
    ["SdkAppid", String(sdkAppId)],
    ["CallbackCommand", command],
    ["contenttype", "json"],
    ["ClientIP", "127.0.0.1"],
    ["OptPlatform", "RESTAPI"],
  ];
  const key = isSignBad ? `not ${token ?? "set"}` : token;
  if (key !== undefined) {
    const requestTime = String(requestTimeSec);
    parameters.push(
      ["Sign", sign(key, requestTime)],
      ["RequestTime", requestTime],
    );
  }
  return parameters.map(([name, value = ""]) =>
    // A lone surrogate, possible in a JSON file, cannot be encoded and would throw.
    `${name}=${encodeURIComponent(value.toWellFormed())}`
  ).join("&");
}

/** A body as bytes: compact JSON, as Tencent sends it. */
export function encodeBody(
  body: Readonly<Record<string, unknown>>,
): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(JSON.stringify(body));
}
