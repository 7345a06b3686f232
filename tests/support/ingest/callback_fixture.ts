import { sign } from "../../../src/protocol/sign.ts";
import type { App } from "../../../src/ingest/verify.ts";

/** A time at which requests are signed, Unix ms. */
export const NOW_MS = 1_669_872_112_000;

/** An application with a token. */
export const APP: App = { id: 1_400_000_000, tokens: ["xxxxyyyy"] };

/** An application that is allowed to send unsigned. */
export const UNSIGNED_APP: App = { id: 1_400_000_001, tokens: [] };

/** Both, as the configuration gives them. */
export const APPS: ReadonlyMap<string, App> = new Map(
  [APP, UNSIGNED_APP].map((app) => [String(app.id), app]),
);

/** An after command. */
export const CREATED = "Group.CallbackAfterCreateGroup";

/** A before command. */
export const SENDING = "Group.CallbackBeforeSendMsg";

/** A body of CREATED that is right. */
export const CREATED_BODY = {
  CallbackCommand: CREATED,
  GroupId: "@TGS#1",
  EventTime: NOW_MS,
} as const;

/** Parameters by name; undefined leaves one out. */
export type Parameters = Readonly<Record<string, string | undefined>>;

/** The query of a signed callback, with some parameters changed. */
export function searchOf(changes: Parameters = {}): string {
  const requestTime = changes.RequestTime ?? String(NOW_MS / 1000);
  const parameters: Parameters = {
    SdkAppid: String(APP.id),
    CallbackCommand: CREATED,
    contenttype: "json",
    ClientIP: "203.0.113.9",
    OptPlatform: "iOS",
    Sign: sign("xxxxyyyy", requestTime),
    RequestTime: requestTime,
    ...changes,
  };
  return Object.entries(parameters)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]
    ).join("&");
}

/** Bytes of a text, or of the JSON of anything else. */
export function bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new TextEncoder().encode(text);
}
