import type { FieldValue, Presence } from "./change.ts";
import type { GroupState } from "./group.ts";
import type { MemberState } from "./member.ts";
import type { Register, Stamp } from "./stamp.ts";
import type { TopicState } from "./topic.ts";

/*
 * How the directory is kept. Every text that was ever written must stay readable, for ever: the base holds
 * groups whose events have left the journal, so that it cannot be folded again (store/directory.ts).
 * So a list only grows, at its end, and what an older text lacks has a default here; a form that is no
 * such list begins with another character than "[". A sample of each older form stays in format_test.ts.
 */

/** Registers whose stamps are numbers in a list: most were given by few events. */
type Packed = Readonly<
  Record<string, readonly [value: FieldValue, at: number]>
>;
type Registers = Readonly<Record<string, Register<FieldValue>>>;

/**
 * A group as text: about 330 bytes with a name, an owner and two custom fields. The list of stamps comes
 * first, each is written once.
 */
export function encodeGroup(group: GroupState): string {
  const stamps = new Stamps();
  const fields = stamps.pack(group.fields);
  const born = stamps.indexOf(group.born);
  const cleared = stamps.indexOf(group.cleared);
  const ownerLeft = stamps.indexOf(group.ownerLeft);
  const { app, groupId, ends, latestMs, seenMs, earliestMs } = group;
  return JSON.stringify([
    stamps.list,
    app,
    groupId,
    fields,
    born,
    cleared,
    ends,
    latestMs,
    seenMs,
    Number.isFinite(earliestMs) ? earliestMs : -1,
    ...(ownerLeft >= 0 ? [ownerLeft] : []),
  ]);
}

/** The group that a text of encodeGroup() holds. */
export function decodeGroup(text: string): GroupState {
  // Only encodeGroup() makes these texts.
  const [list, app, groupId, packed, born, cleared, ends, ...rest] = JSON
    .parse(text) as [
      Stamp[],
      number,
      string,
      Packed,
      number,
      number,
      number[],
      number,
      number,
      number,
      number?,
    ];
  const [latestMs, seenMs, earliestMs, ownerLeft = -1] = rest;
  return {
    app,
    groupId,
    fields: unpack(packed, list),
    ...(born >= 0 && { born: list[born] }),
    ...(cleared >= 0 && { cleared: list[cleared] }),
    ...(ownerLeft >= 0 && { ownerLeft: list[ownerLeft] }),
    ends,
    latestMs,
    seenMs,
    earliestMs: earliestMs < 0 ? Infinity : earliestMs,
  };
}

/** A custom field or attribute as text. */
export function encodeField([value, stamp]: Register<FieldValue>): string {
  return JSON.stringify([value, stamp]);
}

/** The field that a text of encodeField() holds. */
export function decodeField(text: string): Register<FieldValue> {
  // Only encodeField() makes these texts.
  return JSON.parse(text) as Register<FieldValue>;
}

/** A member as text: about 55 bytes with how and by whom. */
export function encodeMember(
  { presence, parts, left }: MemberState,
): string {
  const row: unknown[] = [0];
  if (presence !== undefined) {
    const [{ isIn, how, by }, stamp] = presence;
    row[0] = [stamp, isIn ? 1 : 0, how ?? 0, by ?? 0];
  }
  const hasLeft = left !== undefined;
  if (hasLeft || Object.keys(parts).length > 0) row.push(parts);
  if (hasLeft) row.push(left === presence?.[1] ? 1 : left);
  return JSON.stringify(row);
}

/** The member that a text of encodeMember() holds. */
export function decodeMember(text: string): MemberState {
  // Only encodeMember() makes these texts.
  const [kept, parts = {}, leave] = JSON.parse(text) as [
    0 | [Stamp, 0 | 1, string | 0, string | 0],
    Registers?,
    (Stamp | 1)?,
  ];
  if (kept === 0) return { parts };
  const [stamp, isIn, how, by] = kept;
  const presence: Presence = {
    isIn: isIn === 1,
    ...(how !== 0 && { how }),
    ...(by !== 0 && { by }),
  };
  const left = leave === 1 ? stamp : leave;
  return {
    presence: [presence, stamp],
    parts,
    ...(left !== undefined && { left }),
  };
}

/** A topic as text. */
export function encodeTopic({ exists, fields }: TopicState): string {
  const stamps = new Stamps();
  const packed = stamps.pack(fields);
  const at = stamps.indexOf(exists?.[1]);
  return JSON.stringify([stamps.list, packed, at, exists?.[0] ? 1 : 0]);
}

/** The topic that a text of encodeTopic() holds. */
export function decodeTopic(text: string): TopicState {
  // Only encodeTopic() makes these texts.
  const [list, packed, at, isThere] = JSON.parse(text) as [
    Stamp[],
    Packed,
    number,
    0 | 1,
  ];
  const stamp = list[at];
  return {
    fields: unpack(packed, list),
    ...(stamp !== undefined && { exists: [isThere === 1, stamp] }),
  };
}

/** Stamps, each once. */
class Stamps {
  readonly list: Stamp[] = [];

  /** A stamp's place in the list; -1 for none. */
  indexOf(stamp: Stamp | undefined): number {
    if (stamp === undefined) return -1;
    const at = this.list.indexOf(stamp);
    return at < 0 ? this.list.push(stamp) - 1 : at;
  }

  pack(registers: Registers): Packed {
    const packed: [string, readonly [FieldValue, number]][] = [];
    for (const [name, [value, stamp]] of Object.entries(registers)) {
      packed.push([name, [value, this.indexOf(stamp)]]);
    }
    return Object.fromEntries(packed);
  }
}

function unpack(packed: Packed, list: readonly Stamp[]): Registers {
  const registers: [string, Register<FieldValue>][] = [];
  for (const [name, [value, at]] of Object.entries(packed)) {
    registers.push([name, [value, list[at] ?? ""]]);
  }
  return Object.fromEntries(registers);
}
