import { isBeforeCommand, OWN_PREFIX } from "../../protocol/commands.ts";
import { isCommand } from "../../store/journal/filter.ts";
import type { Filterable } from "../../store/journal/filter.ts";

/** A filter of the events that an endpoint wants; an empty list does not narrow. */
export interface EndpointFilter {
  /** Command words. */
  readonly commands: readonly string[];
  /** Families: `Group` is every command that begins with `Group.`; joined with `commands`. */
  readonly families: readonly string[];
  /** SDKAppIDs. */
  readonly apps: readonly number[];
  readonly groups: readonly string[];
}

/** A key that deliveries are signed with. */
export interface EndpointSecret {
  /** As receivers know it: `whsec_` and Base64. */
  readonly secret: string;
  readonly createdAtMs: number;
  /** End of its use, Unix ms; absent for the current one. */
  readonly expiresAtMs?: number;
}

/** The fate of an event whose last retry has failed. */
export type Exhausted = "hold" | "dead-letter";

/** State of sending: no events go out when it is paused by a person, held after the last retry, or disabled by a 410. */
export type Mode = "active" | "paused" | "held" | "disabled";

/**
 * The reason why nothing is sent: the last retry failed; a 410; its position lies beyond the
 * journal's end; it came with a backup that was restored.
 */
export type StopKind = "exhausted" | "gone" | "ahead" | "restored";

/** An event that was sent and not taken, and when it is sent next. */
export interface PendingRetry {
  readonly seq: number;
  /** Attempts that have failed, at least 1. */
  readonly failures: number;
  readonly nextAttemptAtMs: number;
  /** The last failure in a word or two: `timeout`, `status 500`. */
  readonly cause: string;
}

/** A walk along the journal, and where it stands. */
export interface Track {
  /** Number up to which everything is dealt with. */
  readonly after: number;
  /** The retry of the first wanted event behind `after`. */
  readonly retry?: PendingRetry | undefined;
}

/** A part of the journal that is sent again, before what is new. */
export interface Replay extends Track {
  readonly id: string;
  /** One event whatever the filter says, tried once; or a range. */
  readonly kind: "redelivery" | "replay";
  readonly to: number;
}

/** The settings of an endpoint. */
export interface EndpointConfig {
  readonly url: string;
  readonly description: string;
  readonly filter: EndpointFilter;
  /** Sent with each delivery; values may be secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** Limit for one request, ms. */
  readonly timeoutMs: number;
  /** Seconds before each attempt; absent for the usual schedule. */
  readonly retrySec?: readonly number[] | undefined;
  readonly onExhausted: Exhausted;
  /** `tencent`: the request that Tencent would send. Absent for signed CloudEvents. */
  readonly format?: "tencent" | undefined;
  /** The callback token that requests in Tencent's format are signed with. */
  readonly token?: string | undefined;
  /**
   * True when such requests are signed with the app's own token where there is no `token`. A Sign is
   * good for any body for 60 s: that receiver could forge callbacks here.
   */
  readonly signWithAppToken?: true | undefined;
  /** Most requests at once, 1 to 32; with more than one, order is kept per group. @default {1} */
  readonly concurrency?: number | undefined;
}

/** An endpoint: where deliveries go, how far they are, and what stops them. */
export interface Endpoint extends EndpointConfig {
  readonly id: string;
  /** The current secret first; never empty. */
  readonly secrets: readonly EndpointSecret[];
  readonly createdAtMs: number;
  readonly mode: Mode;
  /** The reason why it is held, disabled or, where no person did it, paused. */
  readonly stop?: StopKind | undefined;
  /** Time when it was last held or disabled, Unix ms; nothing has been delivered since. */
  readonly stoppedAtMs?: number | undefined;
  /** The walk along everything new. Its `after` is the cursor: no wanted event up to it is owed. */
  readonly main: Track;
  /** Time when the cursor last moved, Unix ms. */
  readonly movedAtMs: number;
  /** Sent one after the other, before `main` goes on. */
  readonly replays: readonly Replay[];
  /** Attempts that have failed since the last success, whatever the event. */
  readonly failures: number;
  /** The first of these. */
  readonly failingSinceMs?: number | undefined;
  /** Earliest time of the next request, Unix ms: it has failed so often in a row that it is only probed. */
  readonly restUntilMs?: number | undefined;
  /** Grows when something other than the worker moves a track: the worker's view is stale then. */
  readonly epoch: number;
  /**
   * Grows when a person changes what is sent, or lets it begin anew: how a request from before has
   * failed counts for nothing then. Absent until the first time.
   */
  readonly revision?: number | undefined;
  /** Number of the last attempt recorded. */
  readonly attempts: number;
}

/** The last number that an endpoint no longer needs; a disabled one needs nothing, for it answered 410. */
export function floorOf(
  { mode, main, replays }: Pick<Endpoint, "mode" | "main" | "replays">,
): number {
  if (mode === "disabled") return Infinity;
  return Math.min(main.after, ...replays.map(({ after }) => after));
}

/** True when an endpoint wants this record. */
export function wants(
  { filter, format }: Pick<Endpoint, "filter" | "format">,
  record: Filterable,
): boolean {
  const { commands, families, apps, groups } = filter;
  const { command, group, redacted } = record.meta;
  if (format === "tencent" && (redacted || !isRelayed(command, filter))) {
    return false;
  }
  const isAnyCommand = commands.length + families.length === 0;
  return (apps.length === 0 || apps.includes(record.app)) &&
    (groups.length === 0 || (group !== undefined && groups.includes(group))) &&
    (isAnyCommand || commands.some((wanted) => isCommand(command, wanted)) ||
      families.some((family) => isCommand(command, `${family}.*`)));
}

/** True when a command is sent in Tencent's format: imhook's own never, before commands only by name. */
function isRelayed(command: string, { commands }: EndpointFilter): boolean {
  if (command.startsWith(OWN_PREFIX)) return false;
  return !isBeforeCommand(command) || commands.includes(command);
}
