import { isCommand } from "../../store/journal/filter.ts";
import type { Filterable } from "../../store/journal/filter.ts";

/** Which events an endpoint wants; an empty list does not narrow. */
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
  /** When it signs no more; absent for the current one. */
  readonly expiresAtMs?: number;
}

/** What happens to an event when its last retry has failed. */
export type Exhausted = "hold" | "dead-letter";

/** Whether anything is sent: paused by a person, held after the last retry, disabled by a 410. */
export type Mode = "active" | "paused" | "held" | "disabled";

/**
 * Why nothing is sent: the last retry failed; a 410; its position lies beyond the journal's end; it
 * came with a backup that was restored.
 */
export type StopKind = "exhausted" | "gone" | "ahead" | "restored";

/** An event that was sent and not taken, and when it is sent next. */
export interface Retry {
  readonly seq: number;
  /** Attempts that have failed, at least 1. */
  readonly failures: number;
  readonly nextAttemptAtMs: number;
  /** The last failure in a word or two: `timeout`, `status 500`. */
  readonly cause: string;
}

/** Where a walk along the journal stands. */
export interface Track {
  /** Everything up to here is dealt with. */
  readonly after: number;
  /** Of the first wanted event behind `after`. */
  readonly retry?: Retry | undefined;
}

/** A part of the journal that is sent again, before what is new. */
export interface Replay extends Track {
  readonly id: string;
  /** One event whatever the filter says, tried once; or a range. */
  readonly kind: "redelivery" | "replay";
  readonly to: number;
}

/** What a person decides about an endpoint. */
export interface EndpointConfig {
  readonly url: string;
  readonly description: string;
  readonly filter: EndpointFilter;
  /** Sent with each delivery; values may be secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long one delivery may take. */
  readonly timeoutMs: number;
  /** Seconds before each attempt; absent for the usual schedule. */
  readonly retrySec?: readonly number[] | undefined;
  readonly onExhausted: Exhausted;
}

/** Where deliveries go, how far they are, and what is in their way. */
export interface Endpoint extends EndpointConfig {
  readonly id: string;
  /** The current secret first; never empty. */
  readonly secrets: readonly EndpointSecret[];
  readonly createdAtMs: number;
  readonly mode: Mode;
  /** Why it is held, disabled or, where no person has done it, paused. */
  readonly stop?: StopKind | undefined;
  /** When it was last held or disabled; nothing has arrived since. */
  readonly stoppedAtMs?: number | undefined;
  /** The walk along everything new. Its `after` is the cursor: no wanted event up to it is owed. */
  readonly main: Track;
  /** When the cursor last moved. */
  readonly movedAtMs: number;
  /** Sent one after the other, before `main` goes on. */
  readonly replays: readonly Replay[];
  /** Attempts that have failed since the last success, whatever the event. */
  readonly failures: number;
  /** The first of these. */
  readonly failingSinceMs?: number | undefined;
  /** Nothing is sent before: it has failed so often in a row that it is only probed. */
  readonly restUntilMs?: number | undefined;
  /** Grows when somebody else than the worker moves a line: what the worker then knows is stale. */
  readonly epoch: number;
  /**
   * Grows when a person changes what is sent, or lets it begin anew: how a request from before has
   * failed counts for nothing then. Absent until the first time.
   */
  readonly revision?: number | undefined;
  /** Number of the last attempt recorded. */
  readonly attempts: number;
}

/** The last number that an endpoint does not need any more; a disabled one needs nothing: it has said so. */
export function floorOf(
  { mode, main, replays }: Pick<Endpoint, "mode" | "main" | "replays">,
): number {
  if (mode === "disabled") return Infinity;
  return Math.min(main.after, ...replays.map(({ after }) => after));
}

/** Whether an endpoint wants this record. */
export function wants(filter: EndpointFilter, record: Filterable): boolean {
  const { commands, families, apps, groups } = filter;
  const { command, group } = record.meta;
  const isAnyCommand = commands.length + families.length === 0;
  return (apps.length === 0 || apps.includes(record.app)) &&
    (groups.length === 0 || (group !== undefined && groups.includes(group))) &&
    (isAnyCommand || commands.some((wanted) => isCommand(command, wanted)) ||
      families.some((family) => isCommand(command, `${family}.*`)));
}
