import { decodeField } from "../directory/fold/codec.ts";
import { isAlive } from "../directory/fold/group.ts";
import type { Mutation } from "../directory/rows/writer.ts";
import { readRows } from "../directory/rows/row.ts";
import { type KeptText, textOfKept } from "../store/kept_text.ts";
import type { DirectoryKeys, KeyedField } from "../store/kv/keys.ts";
import type { Entry, ReadableKv } from "../store/journal/scan.ts";

/** A group of whose fields some count no more, and how far these are swept. */
export interface StaleFields {
  readonly after?: KeyedField | undefined;
}

/** Fields that one step looks at. */
const STEP_FIELDS = 40;

/** What removes the next fields of a group that count no more: attributes of before a clear, and what older lives left. */
export async function sweepFields(
  { key, value: { after } }: Entry<StaleFields>,
  { kv, keys }: { readonly kv: ReadableKv; readonly keys: DirectoryKeys },
): Promise<Mutation[]> {
  const [app, groupId] = key.slice(-2);
  const ref = { app: Number(app), groupId: String(groupId) };
  const [placed] = await readRows(kv, { keys, refs: [ref] });
  if (!placed) return [{ key }];
  const prefix = keys.parts("fields", ref);
  const start = after && keys.field(ref, { ...after, name: `${after.name}\0` });
  const bounds = { limit: STEP_FIELDS, batchSize: STEP_FIELDS };
  const mutations: Mutation[] = [];
  let last: KeyedField | undefined;
  let found = 0;
  const list = kv.list<KeptText>({ prefix, ...start && { start } }, bounds);
  for await (const { key: fieldKey, value } of list) {
    found++;
    last = { isGone: fieldKey.at(-2) === 1, name: String(fieldKey.at(-1)) };
    const [, stamp] = decodeField(textOfKept(value));
    const isStale = !isAlive(placed.row.group, { name: last.name, stamp });
    if (isStale) mutations.push({ key: fieldKey });
  }
  if (found < STEP_FIELDS) return [...mutations, { key }];
  return [...mutations, { key, value: { after: last } }];
}
