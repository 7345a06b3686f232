import type { FieldValue, MemberChange, Presence } from "./change.ts";
import { isOlder, type Register, type Stamp, timeMsOf } from "./stamp.ts";

/** What is known of one user in one group. Never changed in place. */
export interface MemberState {
  /** Whether they are in it; absent where only other things were told. */
  readonly presence?: Register<Presence> | undefined;
  /** `role`, `nameCard`, … */
  readonly parts: Readonly<Record<string, Register<FieldValue>>>;
}

const UNKNOWN: MemberState = { parts: {} };

/** Changes one thing; the same object when something newer is known. */
export function applyToMember(
  member: MemberState | undefined,
  change: MemberChange,
  stamp: Stamp,
): MemberState {
  const known = member ?? UNKNOWN;
  if ("presence" in change) {
    return isOlder(known.presence, stamp)
      ? { ...known, presence: [change.presence, stamp] }
      : known;
  }
  const { part, value } = change;
  const register = Object.hasOwn(known.parts, part)
    ? known.parts[part]
    : undefined;
  if (!isOlder(register, stamp)) return known;
  return { ...known, parts: { ...known.parts, [part]: [value, stamp] } };
}

/**
 * Whether they are in the group in the life that began then. Who is only known by a change of their card
 * or role is: only members have one.
 */
export function isMember(
  { presence, parts }: MemberState,
  startMs: number,
): boolean {
  if (presence !== undefined && timeMsOf(presence[1]) >= startMs) {
    return presence[0].isIn;
  }
  return Object.values(parts).some(([, stamp]) => timeMsOf(stamp) >= startMs);
}

/** Whether anything of them belongs to the life that began then. */
export function isOfLife(
  { presence, parts }: MemberState,
  startMs: number,
): boolean {
  const registers = [...Object.values(parts), ...(presence ? [presence] : [])];
  return registers.some(([, stamp]) => timeMsOf(stamp) >= startMs);
}
