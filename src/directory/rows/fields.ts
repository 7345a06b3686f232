import type { ReadableKv } from "../../store/kv/kv.ts";
import { type KeptText, textOfKept, valueBytes } from "../../store/kv/size.ts";
import type { FieldValue } from "../fold/change.ts";
import { decodeField } from "../fold/codec.ts";
import { fieldIn, type GroupState } from "../fold/group.ts";
import type { Register } from "../fold/stamp.ts";
import { disbandedAtMs } from "../fold/standing.ts";
import type { DirectoryKeys } from "./keys.ts";
import { FIELDS_MAX_SHOWN, FIELDS_MAX_SHOWN_BYTES } from "./limits.ts";
import type { GroupRow } from "./row.ts";

/** A group as it is shown. */
export interface WholeGroup {
  readonly group: GroupState;
  /** True when it has more custom fields or attributes than are shown. */
  readonly hasMoreFields: boolean;
}

/** Fields that one read takes. */
const BATCH_FIELDS = 64;

/** The group of a row with the custom fields and attributes that have keys of their own: the first by name. */
export async function wholeGroup(
  kv: ReadableKv,
  { keys, row: { group, hasFieldKeys } }: {
    readonly keys: DirectoryKeys;
    readonly row: Pick<GroupRow, "group" | "hasFieldKeys">;
  },
): Promise<WholeGroup> {
  if (!hasFieldKeys) return { group, hasMoreFields: false };
  const found: [string, Register<FieldValue>][] = [];
  const whole = () => ({
    ...group,
    fields: { ...group.fields, ...Object.fromEntries(found) },
  });
  let bytes = 0;
  for await (const { name, register, size } of shownFields(kv, keys, group)) {
    bytes += size;
    const isFull = found.length === FIELDS_MAX_SHOWN ||
      bytes > FIELDS_MAX_SHOWN_BYTES;
    if (isFull) return { group: whole(), hasMoreFields: true };
    found.push([name, register]);
  }
  return { group: whole(), hasMoreFields: false };
}

interface KeptField {
  readonly name: string;
  readonly register: Register<FieldValue>;
  readonly size: number;
}

/** Fields that the newest life has. What was taken away after its end still belongs to it. */
async function* shownFields(
  kv: ReadableKv,
  keys: DirectoryKeys,
  group: GroupState,
): AsyncGenerator<KeptField> {
  const bounds = { batchSize: BATCH_FIELDS };
  const isOver = disbandedAtMs(group) !== undefined;
  for (const isGone of isOver ? [false, true] : [false]) {
    const prefix = keys.field(group, { name: "", isGone }).slice(0, -1);
    for await (const { key, value } of kv.list<KeptText>({ prefix }, bounds)) {
      const name = String(key.at(-1));
      const register = decodeField(textOfKept(value));
      const shown = fieldIn(group, name, register)?.[0] ?? null;
      if (shown === null) continue;
      yield { name, register, size: valueBytes(value) };
    }
  }
}
