// Everything that is known of one group ID, but for its members and topics.
import { textProblem } from "./bounds.ts";
import {
  CLEARED,
  type FieldChange,
  type FieldValue,
  type LifeSign,
  type ObservedState,
} from "./change.ts";
import {
  type Life,
  lifeSpan,
  lifeStartMs,
  UNKNOWN_LIFE,
  withCreate,
  withEnd,
} from "./life.ts";
import {
  earlier,
  MAX_VERSIONS,
  oldestStamp,
  type Register,
  since,
  type Stamp,
  timeMsOf,
  valueIn,
  withValue,
} from "./stamp.ts";

/**
 * Everything that is known of one group ID, but for its members and topics. Never changed in place.
 *
 * Each field holds the newest of what events said, so that any order of events, and any event twice, gives the
 * same. A group whose life has ended shows that life, as it ended, until another begins.
 */
export interface GroupState {
  /** SDKAppID. */
  readonly app: number;
  readonly groupId: string;
  readonly fields: FieldRegisters;
  readonly life: Life;
  /** The newest create that a callback told of; in `life` are those that were observed as well. */
  readonly told?: Stamp | undefined;
  /** Creation time that Tencent gave when last asked, Unix ms. */
  readonly observed?: Register<number> | undefined;
  /** The newest list of all members. */
  readonly listed?: Register<null> | undefined;
  /** Time when the named owner left. */
  readonly ownerLeft?: Register<null> | undefined;
  /** The newest and the oldest event, Unix ms. */
  readonly seenMs: number;
  readonly earliestMs: number;
  /** The newest callback, Unix ms; 0 where only a reconciliation told of it. */
  readonly calledMs: number;
}

/** Registers by name. */
export type FieldRegisters = Readonly<Record<string, Register<FieldValue>>>;

/** A group of which nothing is known yet. */
export function newGroup(app: number, groupId: string): GroupState {
  return {
    app,
    groupId,
    fields: {},
    life: UNKNOWN_LIFE,
    seenMs: 0,
    earliestMs: Infinity,
    calledMs: 0,
  };
}

/** An event as a sign of a group's life. */
export interface LifeSighting {
  readonly stamp: Stamp;
  readonly sign: LifeSign;
  readonly leewayMs?: number | undefined;
  readonly observed?: ObservedState | undefined;
}

/** Notes that an event was seen; the same object when that says nothing new. */
export function seenAt(group: GroupState, sighting: LifeSighting): GroupState {
  const { stamp, sign, observed } = sighting;
  const timeMs = timeMsOf(stamp);
  const seen = {
    ...group,
    life: lifeWith(group.life, sighting),
    ...(sign === "created" && noteCreate(group, sighting)),
    ...(observed?.hasMembers && {
      listed: withValue(group.listed, { value: null, stamp }),
    }),
    seenMs: Math.max(group.seenMs, timeMs),
    earliestMs: Math.min(group.earliestMs, timeMs),
    calledMs: observed ? group.calledMs : Math.max(group.calledMs, timeMs),
  };
  if (isSame(seen, group)) return group;
  const startMs = lifeStartMs(seen.life);
  return startMs === lifeStartMs(group.life) ? seen : sinceStart(seen, startMs);
}

function lifeWith(
  life: Life,
  { stamp, sign, leewayMs = 0, observed }: LifeSighting,
): Life {
  const timeMs = timeMsOf(stamp);
  if (sign === "ended") return withEnd(life, timeMs);
  if (sign === "none") return life;
  const bornMs = observed?.createdMs ?? timeMs;
  return withCreate(life, {
    stamp,
    fromMs: Math.min(bornMs, timeMs) - leewayMs,
  });
}

function noteCreate(
  { told, observed }: GroupState,
  { stamp, observed: observation }: LifeSighting,
): Pick<GroupState, "told" | "observed"> {
  if (observation === undefined) {
    return { told: stamp > (told ?? "") ? stamp : told, observed };
  }
  const value = observation.createdMs;
  if (value === undefined) return { told, observed };
  return { told, observed: withValue(observed, { value, stamp }) };
}

function isSame(one: GroupState, other: GroupState): boolean {
  return one.life === other.life && one.told === other.told &&
    one.observed === other.observed && one.listed === other.listed &&
    one.seenMs === other.seenMs && one.earliestMs === other.earliestMs &&
    one.calledMs === other.calledMs;
}

/** A group without what was told before its newest life. */
function sinceStart(group: GroupState, startMs: number): GroupState {
  const fields: [string, Register<FieldValue>][] = [];
  for (const [name, register] of Object.entries(group.fields)) {
    const kept = since(register, startMs);
    if (kept !== undefined) fields.push([name, kept]);
  }
  return { ...group, fields: Object.fromEntries(fields) };
}

/** Changes one thing; the same object when that says nothing new. */
export function applyToGroup(
  group: GroupState,
  { name, value, leewayMs }: FieldChange,
  told: Stamp,
): GroupState {
  const stamp = earlier(told, leewayMs);
  if (!isAlive(group, { name, stamp })) return group;
  const known = registerOf(group, name);
  const register = withField(known, { value, stamp });
  if (register === undefined || register === known) return group;
  const changed = { ...group, fields: { ...group.fields, [name]: register } };
  return name === CLEARED ? withoutCleared(changed) : changed;
}

/** Bytes of a value that is not the newest; a longer one is remembered as taken away. */
const MAX_BEFORE_BYTES = 1_000;

/** A field's register with one more value; the same object when that adds nothing. */
export function withField(
  known: Register<FieldValue> | undefined,
  told: { readonly value: FieldValue; readonly stamp: Stamp },
  room = MAX_VERSIONS,
): Register<FieldValue> | undefined {
  const register = withValue(known, told, room);
  if (register === known || register?.[2] === undefined) return register;
  return [register[0], register[1], shortened(register[2])];
}

function shortened(register: Register<FieldValue>): Register<FieldValue> {
  const [value, stamp, before] = register;
  const isLong = typeof value === "string" &&
    textProblem(value, MAX_BEFORE_BYTES) !== undefined;
  const kept = isLong ? null : value;
  return before === undefined
    ? [kept, stamp]
    : [kept, stamp, shortened(before)];
}

/** True when a field of this age may still count: it is not of an older life, and no attribute long cleared. */
export function isAlive(
  group: GroupState,
  { name, stamp }: { readonly name: string; readonly stamp: Stamp },
): boolean {
  return timeMsOf(stamp) >= lifeStartMs(group.life) &&
    (!isAttribute(name) || stamp >= clearedForGood(group));
}

/** Attributes older than this can never count again: as many clears as are kept came after them. */
function clearedForGood(group: GroupState): Stamp {
  return oldestStamp(registerOf(group, CLEARED));
}

function withoutCleared(group: GroupState): GroupState {
  const cleared = clearedForGood(group);
  const fields = Object.entries(group.fields).filter(([name, [, stamp]]) =>
    !isAttribute(name) || stamp >= cleared
  );
  return { ...group, fields: Object.fromEntries(fields) };
}

/** True when a field is a custom field or an attribute: there may be any number of them. */
export function isKeyed(name: string): boolean {
  return name.startsWith("custom:") || isAttribute(name);
}

function isAttribute(name: string): boolean {
  return name.startsWith("attribute:");
}

/** A field's register; undefined for one that nothing is known of. */
export function registerOf(
  { fields }: Pick<GroupState, "fields">,
  name: string,
): Register<FieldValue> | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** A field's value in the newest life, with its stamp; undefined where none is known, or it was cleared. */
export function fieldIn(
  group: GroupState,
  name: string,
  register = registerOf(group, name),
): Register<FieldValue> | undefined {
  const span = lifeSpan(group.life);
  const field = valueIn(register, span);
  if (field === undefined || !isAttribute(name)) return field;
  const cleared = valueIn(registerOf(group, CLEARED), span);
  return field[1] >= (cleared?.[1] ?? "") ? field : undefined;
}

/** A field's value in the newest life; null where none is known, or it was taken away. */
export function fieldOf(group: GroupState, name: string): FieldValue {
  return fieldIn(group, name)?.[0] ?? null;
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
