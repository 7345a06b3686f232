import { getAll, type ReadableKv } from "../../store/kv/kv.ts";
import {
  type KeptText,
  keptText,
  textOfKept,
  valueBytes,
} from "../../store/kv/size.ts";
import type { FieldChange, FieldValue } from "../fold/change.ts";
import { decodeField, encodeField } from "../fold/codec.ts";
import { type GroupState, isAlive, isKeyed } from "../fold/group.ts";
import type { Register } from "../fold/stamp.ts";
import type { DirectoryKeys, GroupRef } from "../rows/keys.ts";
import { ROW_MAX_FIELD_BYTES, ROW_MAX_FIELDS } from "../rows/limits.ts";
import type { Mutation, Slice } from "../rows/writer.ts";

/** The options of KeyedFields. */
export interface KeyedFieldsOptions {
  readonly kv: ReadableKv;
  readonly keys: DirectoryKeys;
  readonly ref: GroupRef;
  /** Whether they have keys of their own. */
  readonly hasKeys: boolean;
}

/** Fields that one slice moves out of the row: each is two keys. */
const STEP_FIELDS = 40;

/**
 * Custom fields and attributes of one group while it is being folded: in its row as long as they are few
 * and small, then for good in keys of their own, of which only the touched ones are in the group's state.
 *
 * What was taken away must be remembered with its time, or an older event that comes late would bring it
 * back; with keys of their own these are no burden to anybody, and leave when a clear or a new life says
 * that nothing older counts.
 */
export class KeyedFields {
  #options: KeyedFieldsOptions;
  #hasKeys: boolean;
  /** Fields that have changed since the last slice, with their size beside the row. */
  #changed = new Map<string, number>();
  #isStale = false;

  constructor(options: KeyedFieldsOptions) {
    this.#options = options;
    this.#hasKeys = options.hasKeys;
  }

  /** Whether they have keys of their own. */
  get hasKeys(): boolean {
    return this.#hasKeys;
  }

  /** The number of fields that the next slice writes beside the row. */
  get touched(): number {
    return this.#hasKeys ? this.#changed.size : 0;
  }

  /** Whether they may have become too many, or too large, for the row. */
  get mayNotFit(): boolean {
    return !this.#hasKeys && this.#changed.size > 0;
  }

  /** Their size, roughly, bytes. */
  get bytes(): number {
    return this.#changed.values().reduce((sum, bytes) => sum + bytes, 0);
  }

  /** The group with what is known of a field, before that changes. */
  async expect(
    group: GroupState,
    { name }: Pick<FieldChange, "name">,
  ): Promise<GroupState> {
    const isHere = !this.#hasKeys || !isKeyed(name) ||
      Object.hasOwn(group.fields, name);
    if (isHere) return group;
    const register = await this.#read(name);
    if (register === undefined) return group;
    if (!isAlive(group, { name, stamp: register[1] })) return group;
    return { ...group, fields: { ...group.fields, [name]: register } };
  }

  /** Notes that a field has changed. */
  note(group: GroupState, { name }: Pick<FieldChange, "name">): void {
    if (!isKeyed(name)) return;
    const bytes = this.#hasKeys ? bytesOf(group.fields[name]) : 0;
    this.#changed.set(name, bytes);
  }

  /** Notes that some of the kept fields may count no more: they are swept later. */
  expire(): void {
    if (this.#hasKeys) this.#isStale = true;
  }

  /** Gives the fields keys of their own where they are too many, or too large, for the row. */
  *spill(group: GroupState): Generator<Slice> {
    if (this.#hasKeys || isSmall(group)) return;
    this.#hasKeys = true;
    const names = Object.keys(group.fields).filter(isKeyed);
    while (names.length > STEP_FIELDS) {
      const step = names.splice(0, STEP_FIELDS);
      yield { mutations: this.#puts(group, step) };
    }
    this.#changed.clear();
    for (const name of names) this.note(group, { name });
  }

  /** The group as its row holds it. */
  inRow(group: GroupState): GroupState {
    if (!this.#hasKeys) return group;
    const entries = Object.entries(group.fields);
    const fields = Object.fromEntries(entries.filter(([it]) => !isKeyed(it)));
    return { ...group, fields };
  }

  /** Returns what the next slice writes of the fields. */
  cut(group: GroupState): Mutation[] {
    const { keys, ref: { app, groupId } } = this.#options;
    const names = this.#hasKeys ? [...this.#changed.keys()] : [];
    const mutations = this.#puts(group, names);
    if (this.#isStale) {
      mutations.push({ key: [...keys.staleFields, app, groupId], value: {} });
    }
    this.#changed.clear();
    this.#isStale = false;
    return mutations;
  }

  /** Each lies either where fields are or where those lie that were taken away. */
  #puts(group: GroupState, names: readonly string[]): Mutation[] {
    const { keys, ref } = this.#options;
    return names.flatMap((name) => {
      const register = group.fields[name];
      if (register === undefined) return [];
      const isGone = register[0] === null;
      const value = keptText(encodeField(register));
      return [
        { key: keys.field(ref, { name, isGone }), value },
        { key: keys.field(ref, { name, isGone: !isGone }) },
      ];
    });
  }

  async #read(name: string): Promise<Register<FieldValue> | undefined> {
    const { kv, keys, ref } = this.#options;
    const both = [true, false].map((isGone) =>
      keys.field(ref, { name, isGone })
    );
    for (const { value } of await getAll<KeptText>(kv, both)) {
      if (value !== null) return decodeField(textOfKept(value));
    }
    return undefined;
  }
}

function isSmall({ fields }: GroupState): boolean {
  const keyed = Object.entries(fields).filter(([name]) => isKeyed(name));
  if (keyed.length > ROW_MAX_FIELDS) return false;
  return valueBytes(keptText(JSON.stringify(keyed))) <= ROW_MAX_FIELD_BYTES;
}

function bytesOf(register: Register<FieldValue> | undefined): number {
  if (register === undefined) return 0;
  return valueBytes(keptText(encodeField(register)));
}
