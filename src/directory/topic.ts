import type { FieldValue, TopicChange } from "./change.ts";
import { isOlder, type Register, type Stamp, timeMsOf } from "./stamp.ts";

/** What is known of one topic of a community. Never changed in place. */
export interface TopicState {
  /** Whether it was created or destroyed; absent where only other things were told. */
  readonly exists?: Register<boolean> | undefined;
  readonly fields: Readonly<Record<string, Register<FieldValue>>>;
}

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
  return { ...known, fields: { ...known.fields, [name]: [value, stamp] } };
}

/** Whether it is there in the group's life that began then. */
export function isTopic(
  { exists, fields }: TopicState,
  startMs: number,
): boolean {
  if (exists !== undefined && timeMsOf(exists[1]) >= startMs) return exists[0];
  return Object.values(fields).some(([, stamp]) => timeMsOf(stamp) >= startMs);
}
