import { callbackQuery } from "../../../src/cli/trigger/request.ts";

/** The application that every scenario server knows. */
export const APP = { id: 1_400_000_000, token: "scenario-callback-token" };

/** Stands in every body, so that a body in the log is found. */
export const BODY_MARK = "a body that must not be logged";

/** The command of a callback where nothing else is said. */
export const COMMAND = "Group.CallbackAfterCreateGroup";

/** A command that can block the user's action. */
export const BEFORE_COMMAND = "Group.CallbackBeforeSendMsg";

/** The largest body that is kept. */
export const BODY_MAX_BYTES = 786_432;

const EVENT_TIME_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const ENCODER = new TextEncoder();

/** Changes to the usual query. */
export interface QueryChanges {
  readonly sdkAppId?: number;
  readonly token?: string;
  readonly command?: string;
  /** RequestTime, in seconds from now. @default {0} */
  readonly ageSec?: number;
  /** Changes the finished parameters. */
  readonly edit?: ((query: URLSearchParams) => void) | undefined;
}

/** The query of a callback that is right but for the changes. */
export function queryOf(changes: QueryChanges = {}): string {
  const { ageSec = 0, edit, ...rest } = changes;
  const query = callbackQuery({
    sdkAppId: APP.id,
    token: APP.token,
    command: COMMAND,
    requestTimeSec: Math.floor(Date.now() / 1000) - ageSec,
    ...rest,
  });
  if (edit === undefined) return query;
  const parameters = new URLSearchParams(query);
  edit(parameters);
  return parameters.toString();
}

let groupCount = 0;

/** A GroupId that no other callback of this process has. */
export function newGroupId(): string {
  return `@TGS#${String(++groupCount).padStart(6, "0")}`;
}

/** The body of a valid callback about a new group; fields set to undefined are left out. */
export function bodyOf(fields: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    GroupId: newGroupId(),
    Name: BODY_MARK,
    EventTime: EVENT_TIME_MS,
    ...fields,
  });
}

/** A valid body of exactly this many bytes. */
export function bodyOfSize(size: number): Uint8Array<ArrayBuffer> {
  const empty = bodyOf({ Introduction: "" });
  const filler = "x".repeat(size - ENCODER.encode(empty).length);
  return ENCODER.encode(
    empty.replace('"Introduction":""', `"Introduction":"${filler}"`),
  );
}

/** A body that is sent without saying its length. */
export function chunked(bytes: Uint8Array<ArrayBuffer>): ReadableStream {
  return new Blob([bytes]).stream();
}
