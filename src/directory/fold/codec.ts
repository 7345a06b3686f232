// The texts in which groups, fields, members and topics are kept.
import type { FieldValue, Presence } from "./change.ts";
import type { FieldRegisters, GroupState } from "./group.ts";
import {
  type GroupText,
  isOldGroup,
  type OldGroupText,
  oldTopicLife,
  type Packed,
  type PackedLife,
  renewedGroup,
} from "./kept_lists.ts";
import type { Life } from "./life.ts";
import type { MemberState } from "./member.ts";
import type { Register, Stamp } from "./stamp.ts";
import type { TopicState } from "./topic.ts";

/*
 * The base holds groups whose events have left the journal, so that it cannot be folded again: each text must
 * stay readable by later versions. So a list only grows, at its end.
 */

/** A group as text, about 330 bytes with a name, an owner and two custom fields. */
export function encodeGroup(group: GroupState): string {
  const stamps = new Stamps();
  const { app, groupId, life, seenMs, calledMs, earliestMs } = group;
  const { told, observed, listed, ownerLeft } = group;
  const fields = stamps.packAll(group.fields);
  const packed = [
    app,
    groupId,
    fields,
    stamps.packLife(life),
    stamps.indexOf(told),
    seenMs,
    calledMs === seenMs ? -1 : calledMs,
    Number.isFinite(earliestMs) ? earliestMs : -1,
    ...optional([observed, listed, ownerLeft].map((it) => stamps.pack(it))),
  ];
  return JSON.stringify([stamps.list, ...packed]);
}

/** The group that a text of encodeGroup() holds. */
export function decodeGroup(text: string): GroupState {
  // Only encodeGroup() makes these texts.
  const kept = JSON.parse(text) as GroupText | OldGroupText;
  const [list, app, groupId, fields, life, told, ...rest] = isOldGroup(kept)
    ? renewedGroup(kept)
    : kept;
  const [seenMs, calledMs, earliestMs, observed, listed, ownerLeft] = rest;
  return {
    app,
    groupId,
    fields: unpackAll(fields, list),
    life: unpackLife(life, list),
    told: list[told],
    observed: unpack<number>(observed, list),
    listed: unpack<null>(listed, list),
    ownerLeft: unpack<null>(ownerLeft, list),
    seenMs,
    calledMs: calledMs < 0 ? seenMs : calledMs,
    earliestMs: earliestMs < 0 ? Infinity : earliestMs,
  };
}

/** A custom field or attribute as text. */
export function encodeField(register: Register<FieldValue>): string {
  return JSON.stringify(flat(register));
}

/** The field that a text of encodeField() holds. */
export function decodeField(text: string): Register<FieldValue> {
  // Only encodeField() makes these texts.
  const register = unflat<FieldValue>(JSON.parse(text) as unknown[]);
  return register ?? [null, ""];
}

/** A member as text, about 55 bytes with how and by whom. */
export function encodeMember({ presence, parts, left }: MemberState): string {
  const presences: unknown[] = [];
  for (let told = presence; told !== undefined; told = told[2]) {
    const [{ isIn, how, by }, stamp] = told;
    presences.push(stamp, isIn ? 1 : 0, how ?? 0, by ?? 0);
  }
  const entries = Object.entries(parts).map(([name, part]) =>
    [name, flat(part)] as const
  );
  const isPlain = left === undefined && entries.length === 0;
  return JSON.stringify([
    presences,
    ...(isPlain ? [] : [Object.fromEntries(entries)]),
    ...(left === undefined ? [] : [flat(left)]),
  ]);
}

/** The member that a text of encodeMember() holds. */
export function decodeMember(text: string): MemberState {
  // Only encodeMember() makes these texts.
  const [presences, packed = {}, leaves = []] = JSON.parse(text) as [
    (Stamp | number)[] | 0,
    Record<string, unknown[]>?,
    (unknown[] | Stamp | 1)?,
  ];
  const told = presences === 0 ? [] : presences;
  const parts = Object.entries(packed).map(([name, part]) =>
    [name, unflat<FieldValue>(part) ?? [null, ""]] as const
  );
  return {
    presence: presenceOf(told),
    parts: Object.fromEntries(parts),
    // Version 2 kept one leave: its stamp, or 1 where the presence is that leave.
    left: unflat<null>(
      Array.isArray(leaves) ? leaves : [null, leaves === 1 ? told[0] : leaves],
    ),
  };
}

/** A topic as text. */
export function encodeTopic({ life, fields }: TopicState): string {
  const stamps = new Stamps();
  const packed = [stamps.packAll(fields), stamps.packLife(life)];
  return JSON.stringify([stamps.list, ...packed]);
}

/** The topic that a text of encodeTopic() holds. */
export function decodeTopic(text: string): TopicState {
  // Only encodeTopic() makes these texts.
  const [list, fields, life, isThere] = JSON.parse(text) as [
    Stamp[],
    Record<string, Packed>,
    PackedLife | number,
    (0 | 1)?,
  ];
  return {
    life: typeof life === "number"
      ? oldTopicLife(list[life], isThere === 1)
      : unpackLife(life, list),
    fields: unpackAll(fields, list),
  };
}

/** Stamps, each once: most registers were given by few events. */
class Stamps {
  readonly list: Stamp[] = [];

  /** A stamp's place in the list; -1 for none. */
  indexOf(stamp: Stamp | undefined): number {
    if (stamp === undefined) return -1;
    const at = this.list.indexOf(stamp);
    return at < 0 ? this.list.push(stamp) - 1 : at;
  }

  pack(register: Register<FieldValue> | undefined): Packed {
    return flat(register).map((it, at) =>
      at % 2 === 0 ? it : this.indexOf(String(it))
    );
  }

  packAll(fields: FieldRegisters): Record<string, Packed> {
    const entries = Object.entries(fields).map(([name, register]) =>
      [name, this.pack(register)] as const
    );
    return Object.fromEntries(entries);
  }

  packLife({ born, fromMs, ends }: Life): PackedLife {
    return [this.indexOf(born), fromMs, ends];
  }
}

function unpackAll(
  packed: Readonly<Record<string, Packed>>,
  list: readonly Stamp[],
): FieldRegisters {
  const entries = Object.entries(packed).map(([name, it]) =>
    [name, unpack<FieldValue>(it, list) ?? [null, ""]] as const
  );
  return Object.fromEntries(entries);
}

function unpack<T>(
  packed: Packed | undefined,
  list: readonly Stamp[],
): Register<T> | undefined {
  const stamped = packed?.map((it, at) =>
    at % 2 === 0 ? it : list[Number(it)] ?? ""
  );
  return unflat<T>(stamped ?? []);
}

function unpackLife(
  [born, fromMs, ends]: PackedLife,
  list: readonly Stamp[],
): Life {
  return { born: list[born], fromMs, ends };
}

/** The values of a register and their stamps in turn, the newest first. */
function flat<T>(register: Register<T> | undefined): (T | Stamp)[] {
  const values: (T | Stamp)[] = [];
  for (let told = register; told !== undefined; told = told[2]) {
    values.push(told[0], told[1]);
  }
  return values;
}

/** The register that a list of values and stamps holds. */
function unflat<T>(values: readonly unknown[]): Register<T> | undefined {
  let register: Register<T> | undefined;
  for (let at = values.length - 2; at >= 0; at -= 2) {
    // Only flat() makes these lists.
    const [value, stamp] = [values[at] as T, String(values[at + 1])];
    register = register === undefined
      ? [value, stamp]
      : [value, stamp, register];
  }
  return register;
}

function presenceOf(
  values: readonly (Stamp | number)[],
): Register<Presence> | undefined {
  const told: unknown[] = [];
  for (let at = 0; at + 3 < values.length; at += 4) {
    const [stamp, isIn, how, by] = values.slice(at, at + 4);
    const presence: Presence = {
      isIn: isIn === 1,
      ...(typeof how === "string" && { how }),
      ...(typeof by === "string" && { by }),
    };
    told.push(presence, stamp);
  }
  return unflat<Presence>(told);
}

/** A list without what it holds nothing of at its end. */
function optional(lists: readonly Packed[]): readonly Packed[] {
  return lists.slice(0, lists.findLastIndex((it) => it.length > 0) + 1);
}
