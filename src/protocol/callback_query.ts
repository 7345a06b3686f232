import { sign } from "./sign.ts";

/** The query parameters of a callback but for Sign and RequestTime. */
export interface CallbackParameters {
  /** SDKAppID. */
  readonly app: number;
  readonly command: string;
  /** @default {"json"} */
  readonly contentType?: string | undefined;
  readonly clientIp?: string | undefined;
  readonly platform?: string | undefined;
  readonly requestId?: string | undefined;
  /** Parameters that Tencent's pages do not name, as a query: `a=1&b=2`. */
  readonly others?: string | undefined;
}

/**
 * The query of a callback in Tencent's spelling and order, with a fresh RequestTime, and with a Sign
 * where there is a token (www.tencentcloud.com/document/product/1047/34354).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(
 *   writeQuery({ app: 1400000000, command: "State.StateChange" }, { nowMs: 1_669_872_112_000 }),
 *   "SdkAppid=1400000000&CallbackCommand=State.StateChange&contenttype=json&RequestTime=1669872112",
 * );
 * ```
 */
export function writeQuery(
  parameters: CallbackParameters,
  { nowMs, token }: {
    readonly nowMs: number;
    readonly token?: string | undefined;
  },
): string {
  const { app, command, contentType = "json", others } = parameters;
  const requestTime = String(Math.floor(nowMs / 1000));
  return [
    pair("SdkAppid", String(app)),
    pair("CallbackCommand", command),
    pair("contenttype", contentType),
    pair("ClientIP", parameters.clientIp),
    pair("OptPlatform", parameters.platform),
    pair("RequestID", parameters.requestId),
    others,
    pair("Sign", token && sign(token, requestTime)),
    pair("RequestTime", requestTime),
  ].filter((part) => part).join("&");
}

function pair(name: string, value: string | undefined): string | undefined {
  return value && `${name}=${encodeURIComponent(value)}`;
}
