import type { FieldValue, MemberChange, Presence } from "./change.ts";
import { isOlder, type Register, type Stamp, timeMsOf } from "./stamp.ts";

/** What is known of one user in one group. Never changed in place. */
export interface MemberState {
  /** Whether they are in it; absent where only other things were told. */
  readonly presence?: Register<Presence> | undefined;
  /** The newest leave: what was told of them before counts no more. */
  readonly left?: Stamp | undefined;
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
  if ("presence" in change) return applyPresence(known, change.presence, stamp);
  const { part, value } = change;
  const register = Object.hasOwn(known.parts, part)
    ? known.parts[part]
    : undefined;
  if (!isOlder(register, stamp)) return known;
  return { ...known, parts: { ...known.parts, [part]: [value, stamp] } };
}

function applyPresence(
  known: MemberState,
  presence: Presence,
  stamp: Stamp,
): MemberState {
  const isNewer = isOlder(known.presence, stamp);
  const isLeave = !presence.isIn && stamp > (known.left ?? "");
  if (!isNewer && !isLeave) return known;
  return {
    ...known,
    ...(isNewer && { presence: [presence, stamp] }),
    ...(isLeave && { left: stamp }),
  };
}

/** A part of them, unless they left since. */
export function partOf(
  { parts, left = "" }: MemberState,
  name: string,
): Register<FieldValue> | undefined {
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
  return part !== undefined && part[1] > left ? part : undefined;
}

/**
 * Whether they are in the group in the life that began then. Who is only known by a change of their card
 * or role is: only members have one.
 */
export function isMember(
  { presence, parts, left = "" }: MemberState,
  startMs: number,
): boolean {
  if (presence !== undefined && timeMsOf(presence[1]) >= startMs) {
    return presence[0].isIn;
  }
  return Object.values(parts).some(([, stamp]) =>
    stamp > left && timeMsOf(stamp) >= startMs
  );
}

/** Whether anything of them belongs to the life that began then. */
export function isOfLife(
  { presence, parts }: MemberState,
  startMs: number,
): boolean {
  const registers = [...Object.values(parts), ...(presence ? [presence] : [])];
  return registers.some(([, stamp]) => timeMsOf(stamp) >= startMs);
}
