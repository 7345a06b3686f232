// One user in one group, as far as events have told.
import {
  type FieldValue,
  type MemberChange,
  type Presence,
  STEPPED_DOWN,
} from "./change.ts";
import { type FieldRegisters, withField } from "./group.ts";
import {
  type Register,
  type Span,
  type Stamp,
  timeMsOf,
  valueIn,
  withValue,
} from "./stamp.ts";

/** One user in one group, as far as events told. Never changed in place. */
export interface MemberState {
  /** Their newest coming or going; absent where only other things were told. */
  readonly presence?: Register<Presence> | undefined;
  /** Time when they left: older events no longer count. */
  readonly left?: Register<null> | undefined;
  /** `role`, `nameCard`, … */
  readonly parts: FieldRegisters;
}

/** The time, and the list of members, that decide who is in a group. */
export interface MemberSpan extends Span {
  /** The newest list of all members: what was told before it counts no more. Empty where there is none. */
  readonly listed: Stamp;
}

const UNKNOWN: MemberState = { parts: {} };

/** Changes one thing; the same object when that says nothing new. */
export function applyToMember(
  member: MemberState | undefined,
  change: MemberChange,
  stamp: Stamp,
): MemberState {
  const known = member ?? UNKNOWN;
  if ("presence" in change) return applyPresence(known, change.presence, stamp);
  const { part, value } = change;
  const before = Object.hasOwn(known.parts, part)
    ? known.parts[part]
    : undefined;
  const register = withField(before, { value, stamp });
  if (register === undefined || register === before) return known;
  return { ...known, parts: { ...known.parts, [part]: register } };
}

function applyPresence(
  known: MemberState,
  value: Presence,
  stamp: Stamp,
): MemberState {
  const presence = withValue(known.presence, { value, stamp });
  const left = value.isIn
    ? known.left
    : withValue(known.left, { value: null, stamp });
  if (presence === known.presence && left === known.left) return known;
  return { ...known, presence, ...(left && { left }) };
}

/** A part of them, unless they left since. */
export function partOf(
  { parts, left }: MemberState,
  { name, span }: { readonly name: string; readonly span: MemberSpan },
): Register<FieldValue> | undefined {
  const part = Object.hasOwn(parts, name)
    ? valueIn(parts[name], span)
    : undefined;
  const leftAt = valueIn(left, span)?.[1] ?? "";
  return part !== undefined && part[1] > leftAt ? part : undefined;
}

/** The join that counts, with its time; undefined if they left since. */
export function joinOf(
  { presence, left }: MemberState,
  span: MemberSpan,
): Register<Presence> | undefined {
  const join = valueIn(presence, span);
  if (join === undefined || !join[0].isIn) return undefined;
  return join[1] > (valueIn(left, span)?.[1] ?? "") ? join : undefined;
}

/**
 * True when they are in the group within a span. A user only known by a change of their card or role is: only
 * members have one. A user told of before a list of all members must be in that list.
 */
export function isMember(member: MemberState, span: MemberSpan): boolean {
  const isSign = (told: Register<unknown> | undefined) =>
    told !== undefined && told[1] >= span.listed;
  if (isSign(joinOf(member, span))) return true;
  return Object.keys(member.parts).some((name) => {
    return name !== STEPPED_DOWN && isSign(partOf(member, { name, span }));
  });
}

/** True when anything of them belongs to the life that began then. */
export function isOfLife(
  { presence, parts }: MemberState,
  startMs: number,
): boolean {
  const registers = [...Object.values(parts), ...(presence ? [presence] : [])];
  return registers.some(([, stamp]) => timeMsOf(stamp) >= startMs);
}
