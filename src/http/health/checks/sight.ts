// The facts that the server's checks are judged by.

/** Requests that were refused with one code. */
export interface RefusedRequests {
  readonly code: number;
  readonly lastHour: number;
  readonly lastAddress: string;
}

/** One app as the server sees it. */
export interface AppSight {
  /** SDKAppID. */
  readonly app: number;
  readonly isSigned: boolean;
  readonly lastCallbackMs: number | undefined;
  /** Command words that came since the start. */
  readonly commands: readonly string[];
  /** The REST API's answer; undefined where no key is set. */
  readonly rest: RestSight | undefined;
}

/** The outcome of calls of Tencent's REST API. */
export type RestSight =
  | {
    readonly ok: true;
    readonly groups: number;
    /** Tencent's clock when it answered, and ours, Unix ms. */
    readonly clock:
      | { readonly serverMs: number; readonly ownMs: number }
      | undefined;
    /** Tencent's addresses for callbacks, or why they are not known. */
    readonly addresses:
      | readonly string[]
      | { readonly reason: string }
      | undefined;
  }
  | {
    readonly ok: false;
    readonly reason: string;
    /** The data centre that knows the app. */
    readonly centre?: string | undefined;
  };

/** Everything that the server's checks are judged by. */
export interface ServerSight {
  readonly nowMs: number;
  readonly startedAtMs: number;
  /** Why callbacks cannot be kept. */
  readonly storeFailure: string | undefined;
  readonly directoryFailure: string | undefined;
  /** The journal's last number. */
  readonly last: number;
  /** Undefined where the store is no local file, or nothing is known of its disk yet. */
  readonly disk:
    | { readonly freeBytes: number; readonly isScarce: boolean }
    | undefined;
  readonly refused: readonly RefusedRequests[];
  readonly allowedSenders: readonly string[] | undefined;
  readonly silenceMs: number;
  readonly apps: readonly AppSight[];
}
