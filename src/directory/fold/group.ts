import { type FieldValue, type GroupChange, LifeSign } from "./change.ts";
import {
  earlier,
  isOlder,
  type Register,
  type Stamp,
  timeMsOf,
} from "./stamp.ts";

/**
 * Everything that is known of one group ID, but for its members and topics. Never changed in place.
 *
 * Each field is the newest of what events said, so that any order of events, and any event twice, gives the
 * same. A group ID may be used again: a life ends with a destroy (its time included) and begins at the next
 * sign of life, or with the whole second of a create. What is older than the newest life counts no more; a
 * group whose life has ended shows that life until another begins.
 */
export interface GroupState {
  /** SDKAppID. */
  readonly app: number;
  readonly groupId: string;
  readonly fields: Readonly<Record<string, Register<FieldValue>>>;
  /** Attributes older than this are gone. */
  readonly cleared?: Stamp | undefined;
  /** When who is named as the owner last left, where that was after they were named. */
  readonly ownerLeft?: Stamp | undefined;
  /** The newest create. */
  readonly born?: Stamp | undefined;
  /** When it was destroyed, Unix ms, ascending; at most the newest MAX_ENDS + 1. */
  readonly ends: readonly number[];
  /** The newest sign of life, Unix ms; 0 without one. */
  readonly latestMs: number;
  /** The newest and the oldest event, Unix ms. */
  readonly seenMs: number;
  readonly earliestMs: number;
}

/** A group of which nothing is known yet. */
export function newGroup(app: number, groupId: string): GroupState {
  return {
    app,
    groupId,
    fields: {},
    ends: [],
    latestMs: 0,
    seenMs: 0,
    earliestMs: Infinity,
  };
}

/** Notes that an event was seen; the same object when that says nothing new. */
export function seenAt(
  group: GroupState,
  { stamp, sign }: { readonly stamp: Stamp; readonly sign: LifeSign },
): GroupState {
  const timeMs = timeMsOf(stamp);
  const isAlive = sign === "created" || sign === "alive";
  const latestMs = isAlive ? Math.max(group.latestMs, timeMs) : group.latestMs;
  const isBorn = sign === "created" && !(stamp <= (group.born ?? ""));
  const isEnd = sign === "ended" && !group.ends.includes(timeMs);
  const seenMs = Math.max(group.seenMs, timeMs);
  const earliestMs = Math.min(group.earliestMs, timeMs);
  if (
    !isBorn && !isEnd && latestMs === group.latestMs &&
    seenMs === group.seenMs && earliestMs === group.earliestMs
  ) return group;
  const seen = {
    ...group,
    ...(isBorn && { born: stamp }),
    ends: isEnd ? withEnd(group.ends, timeMs) : group.ends,
    latestMs,
    seenMs,
    earliestMs,
  };
  const startMs = lifeStartMs(seen);
  if (startMs === lifeStartMs(group)) return seen;
  return keeping(seen, (_, stamp) => timeMsOf(stamp) >= startMs);
}

/** A group with those of its fields that still count. */
function keeping(
  group: GroupState,
  counts: (name: string, stamp: Stamp) => boolean,
): GroupState {
  const fields = Object.entries(group.fields).filter(([name, [, stamp]]) =>
    counts(name, stamp)
  );
  return { ...group, fields: Object.fromEntries(fields) };
}

/** Changes one thing; the same object when something newer is known. */
export function applyToGroup(
  group: GroupState,
  change: GroupChange,
  told: Stamp,
): GroupState {
  if (change.kind === "clear") {
    if (told <= (group.cleared ?? "")) return group;
    const isKept = (name: string, other: Stamp) =>
      !isAttribute(name) || other >= told;
    return keeping({ ...group, cleared: told }, isKept);
  }
  const { name, value, leewayMs } = change;
  const stamp = earlier(told, leewayMs);
  const known = Object.hasOwn(group.fields, name)
    ? group.fields[name]
    : undefined;
  if (!isOlder(known, stamp)) return group;
  if (isAttribute(name) && stamp < (group.cleared ?? "")) return group;
  return { ...group, fields: { ...group.fields, [name]: [value, stamp] } };
}

/** Whether a field of this age still counts: it is of the newest life, and no attribute of before a clear. */
export function isAlive(
  group: GroupState,
  { name, stamp }: { readonly name: string; readonly stamp: Stamp },
): boolean {
  return timeMsOf(stamp) >= lifeStartMs(group) &&
    (!isAttribute(name) || stamp >= (group.cleared ?? ""));
}

/** Whether a field is a custom field or an attribute: there may be any number of them. */
export function isKeyed(name: string): boolean {
  return name.startsWith("custom:") || isAttribute(name);
}

function isAttribute(name: string): boolean {
  return name.startsWith("attribute:");
}

/** A field's value in the newest life; null where none is known, or it was taken away. */
export function fieldOf(group: GroupState, name: string): FieldValue {
  const field = Object.hasOwn(group.fields, name)
    ? group.fields[name]
    : undefined;
  if (field === undefined) return null;
  return timeMsOf(field[1]) >= lifeStartMs(group) ? field[0] : null;
}

/** A field's value where it is a text. */
export function textOf(group: GroupState, name: string): string | undefined {
  const value = fieldOf(group, name);
  return typeof value === "string" ? value : undefined;
}

/** The group's name. */
export function nameOf(group: GroupState): string | undefined {
  return textOf(group, "name");
}

/** How the group stands. */
export type GroupStanding = "partial" | "active" | "disbanded";

const MAX_ENDS = 64;
const SECOND_MS = 1_000;

/** The first moment of the newest life, Unix ms; 0 when nothing older is known. It only grows. */
export function lifeStartMs({ born, ends, latestMs }: GroupState): number {
  let startMs = born === undefined
    ? 0
    : Math.floor(timeMsOf(born) / SECOND_MS) * SECOND_MS;
  for (const endMs of ends) {
    if (endMs < latestMs) startMs = Math.max(startMs, endMs + 1);
  }
  // With more ends than are kept, the oldest is over however the others lie: so the start never shrinks.
  const [oldestMs = 0] = ends;
  return ends.length > MAX_ENDS ? Math.max(startMs, oldestMs + 1) : startMs;
}

/** When the newest life was created, Unix ms; undefined when no create of it came. */
export function createdAtMs(group: GroupState): number | undefined {
  const timeMs = group.born === undefined ? -1 : timeMsOf(group.born);
  return timeMs >= lifeStartMs(group) ? timeMs : undefined;
}

/** Since when the newest life is known, Unix ms: the order of lists. */
export function sinceMs(group: GroupState): number {
  return createdAtMs(group) ?? (lifeStartMs(group) || group.earliestMs);
}

/** When anything last happened, Unix ms. */
export function changedAtMs({ seenMs }: GroupState): number {
  return seenMs;
}

/** When the newest life ended, Unix ms; undefined while it lasts. */
export function disbandedAtMs(
  { ends, latestMs }: GroupState,
): number | undefined {
  const endMs = ends.at(-1);
  return endMs !== undefined && endMs >= latestMs ? endMs : undefined;
}

/** Whether the group lives, and whether its create was seen. */
export function stateOf(group: GroupState): GroupStanding {
  if (disbandedAtMs(group) !== undefined) return "disbanded";
  return createdAtMs(group) === undefined ? "partial" : "active";
}

/** How many lives of this ID are known. */
export function lifeOf(group: GroupState): number {
  const startMs = lifeStartMs(group);
  return 1 + group.ends.filter((endMs) => endMs < startMs).length;
}

/** The ends of lives with one more. */
export function withEnd(ends: readonly number[], endMs: number): number[] {
  return [...ends, endMs].sort((one, other) => one - other).slice(
    -MAX_ENDS - 1,
  );
}
