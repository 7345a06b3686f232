import { MAX_TOPIC_FIELDS } from "./bounds.ts";
import type { FieldValue, TopicChange } from "./change.ts";
import { isOlder, type Register, type Stamp, timeMsOf } from "./stamp.ts";

/** What is known of one topic of a community. Never changed in place. */
export interface TopicState {
  /** Whether it was created or destroyed; absent where only other things were told. */
  readonly exists?: Register<boolean> | undefined;
  /** Its profile, and the newest MAX_TOPIC_FIELDS of its custom fields. */
  readonly fields: Fields;
}

type Fields = Readonly<Record<string, Register<FieldValue>>>;

const UNKNOWN: TopicState = { fields: {} };

/** Changes one thing; the same object when something newer is known. */
export function applyToTopic(
  topic: TopicState | undefined,
  change: TopicChange,
  stamp: Stamp,
): TopicState {
  const known = topic ?? UNKNOWN;
  if ("exists" in change) {
    return isOlder(known.exists, stamp)
      ? { ...known, exists: [change.exists, stamp] }
      : known;
  }
  const { name, value } = change;
  const register = Object.hasOwn(known.fields, name)
    ? known.fields[name]
    : undefined;
  if (!isOlder(register, stamp)) return known;
  const fields = bounded({ ...known.fields, [name]: [value, stamp] });
  return { ...known, fields };
}

/**
 * Without the custom fields that are too many: those with the least stamps, then with the least names. A field
 * that is among the too many stays so, whatever else is told, until it is told of again: so any order of
 * events leaves the same ones.
 */
function bounded(fields: Fields): Fields {
  const custom = Object.entries(fields).filter(([name]) =>
    name.startsWith("custom:")
  );
  if (custom.length <= MAX_TOPIC_FIELDS) return fields;
  const oldest = custom.reduce((one, other) =>
    isBefore(other, one) ? other : one
  );
  const { [oldest[0]]: _, ...rest } = fields;
  return rest;
}

function isBefore(
  [name, [, stamp]]: [string, Register<FieldValue>],
  [otherName, [, otherStamp]]: [string, Register<FieldValue>],
): boolean {
  return stamp === otherStamp ? name < otherName : stamp < otherStamp;
}

/** Whether it is there in the group's life that began then. */
export function isTopic(
  { exists, fields }: TopicState,
  startMs: number,
): boolean {
  if (exists !== undefined && timeMsOf(exists[1]) >= startMs) return exists[0];
  return Object.values(fields).some(([, stamp]) => timeMsOf(stamp) >= startMs);
}
