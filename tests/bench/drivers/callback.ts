// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire
import { sign } from "../../../src/protocol/sign.ts";

/** The app whose callbacks are sent, as imhook is configured for the run. */
export const APP = { sdkAppId: "1400000000", token: "benchtoken" } as const;

/** First number of a load. Numbers keep eight digits, so that every body has one length. */
export const FIRST_NUMBER = 10_000_000;

/** Which callbacks one load sends: no two loads of a process share a `run`. */
export interface CallbackSeries {
  readonly port: number;
  readonly run: number;
}

/**
 * A callback's HTTP request in pieces: request number `n` of sender `s` (one digit) is
 * `"POST " + path + afterPath + s + n + beforeTime + n + end`. Joining is all that a driver
 * does for each request, in TypeScript and in Lua alike.
 */
export interface CallbackRequest {
  readonly afterPath: string;
  readonly beforeTime: string;
  readonly end: string;
}

/** Tencent's sample of Group.CallbackAfterCreateGroup, with a few members more: 573 bytes. */
const CALLBACK = {
  CallbackCommand: "Group.CallbackAfterCreateGroup",
  GroupId: "@TGS#2<run><id>",
  Operator_Account: "group_root",
  Owner_Account: "leckie",
  Type: "Public",
  Name: "MyFirstGroup (second floor)",
  MemberList: [
    "bob",
    "peter",
    "mary",
    "alice",
    "dave",
    "erin",
    "frank",
    "gil",
    "ivy",
  ]
    .map((account) => ({ Member_Account: account })),
  UserDefinedDataList: [
    { Key: "UserDefined1", Value: "hello" },
    { Key: "UserDefined2", Value: "world" },
  ],
  EventTime: "<time>",
};

/** The pieces of the requests of one load. */
export function callbackRequest(
  { port, run }: CallbackSeries,
): CallbackRequest {
  const [beforeId = "", middle = "", end = ""] = JSON.stringify(CALLBACK)
    .replace("<run>", String(run).padStart(4, "0"))
    .split(/<id>|<time>/);
  // The digits in front of the number make it a time in milliseconds near now.
  const beforeTime = middle + String(Date.now()).slice(0, -8);
  const numbers = 1 + 2 * String(FIRST_NUMBER).length;
  const length = beforeId.length + beforeTime.length + end.length + numbers;
  const head = ` HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
  return { afterPath: head + beforeId, beforeTime, end };
}

/** Path and query of a callback signed for that second, as Tencent orders them. */
export function signedPath(
  requestTimeSec: number,
  command = CALLBACK.CallbackCommand,
): string {
  const time = String(requestTimeSec);
  return `/?SdkAppid=${APP.sdkAppId}&CallbackCommand=${command}` +
    `&contenttype=json&ClientIP=203.0.113.7&OptPlatform=RESTAPI` +
    `&Sign=${sign(APP.token, time)}&RequestTime=${time}`;
}
