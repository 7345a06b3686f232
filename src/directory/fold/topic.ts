// One topic of a community, as far as events have told.
import { MAX_TOPIC_FIELDS } from "./bounds.ts";
import type { FieldValue, TopicChange } from "./change.ts";
import { type FieldRegisters, withField } from "./group.ts";
import {
  type Life,
  lifeStartMs,
  UNKNOWN_LIFE,
  withCreate,
  withEnd,
} from "./life.ts";
import {
  type Register,
  type Span,
  type Stamp,
  timeMsOf,
  valueIn,
} from "./stamp.ts";

/** One topic of a community, as far as events told. Never changed in place. */
export interface TopicState {
  readonly life: Life;
  /** Its profile, and the newest MAX_TOPIC_FIELDS of its custom fields. */
  readonly fields: FieldRegisters;
}

const UNKNOWN: TopicState = { life: UNKNOWN_LIFE, fields: {} };

/** Values that a field of a topic keeps, and a custom field: all of a topic is in one value of the store. */
const MAX_TOPIC_VERSIONS = 2;
const MAX_CUSTOM_VERSIONS = 1;

/** Changes one thing; the same object when that says nothing new. */
export function applyToTopic(
  topic: TopicState | undefined,
  change: TopicChange,
  stamp: Stamp,
): TopicState {
  const known = topic ?? UNKNOWN;
  if ("exists" in change) return applyLife(known, change.exists, stamp);
  const { name, value } = change;
  if (timeMsOf(stamp) < lifeStartMs(known.life)) return known;
  const before = fieldOf(known, name);
  const room = isCustom(name) ? MAX_CUSTOM_VERSIONS : MAX_TOPIC_VERSIONS;
  const register = withField(before, { value, stamp }, room);
  if (register === undefined || register === before) return known;
  const fields = bounded({ ...known.fields, [name]: register });
  return { ...known, fields };
}

function applyLife(
  known: TopicState,
  exists: boolean,
  stamp: Stamp,
): TopicState {
  const timeMs = timeMsOf(stamp);
  const life = exists
    ? withCreate(known.life, { stamp, fromMs: timeMs })
    : withEnd(known.life, timeMs);
  if (life === known.life) return known;
  const startMs = lifeStartMs(life);
  const fields = Object.entries(known.fields).filter(([, [, stamp]]) =>
    timeMsOf(stamp) >= startMs
  );
  return { life, fields: Object.fromEntries(fields) };
}

function fieldOf(
  { fields }: TopicState,
  name: string,
): Register<FieldValue> | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/**
 * Without the custom fields that are too many: those with the least stamps, then with the least names. A field
 * that is among the too many stays so, whatever else is told, until it is told of again: so any order of
 * events leaves the same ones.
 */
function bounded(fields: FieldRegisters): FieldRegisters {
  const custom = Object.entries(fields).filter(([name]) => isCustom(name));
  if (custom.length <= MAX_TOPIC_FIELDS) return fields;
  const oldest = custom.reduce((one, other) =>
    isBefore(other, one) ? other : one
  );
  const { [oldest[0]]: _, ...rest } = fields;
  return rest;
}

function isCustom(name: string): boolean {
  return name.startsWith("custom:");
}

function isBefore(
  [name, [, stamp]]: [string, Register<FieldValue>],
  [otherName, [, otherStamp]]: [string, Register<FieldValue>],
): boolean {
  return stamp === otherStamp ? name < otherName : stamp < otherStamp;
}

/** A topic's field within its own newest life and its group's. */
export function topicFieldIn(
  topic: TopicState,
  { name, span }: { readonly name: string; readonly span: Span },
): Register<FieldValue> | undefined {
  return valueIn(fieldOf(topic, name), span, Infinity);
}

/** Creation time of the topic in a life of its group, Unix ms; undefined if no event gave it. */
export function topicCreatedMs(
  { life: { born } }: TopicState,
  { startMs, endMs }: Span,
): number | undefined {
  const bornMs = born === undefined ? -1 : timeMsOf(born);
  return bornMs >= startMs && bornMs <= endMs ? bornMs : undefined;
}

/** True when it is there in a life of its group. */
export function isTopic(topic: TopicState, span: Span): boolean {
  const { born, ends } = topic.life;
  const bornMs = born === undefined ? 0 : timeMsOf(born);
  const firstMs = Math.max(bornMs, span.startMs);
  const isGone = ends.some((endMs) => endMs >= firstMs && endMs <= span.endMs);
  if (isGone) return false;
  return topicCreatedMs(topic, span) !== undefined ||
    Object.keys(topic.fields).some((name) =>
      topicFieldIn(topic, { name, span }) !== undefined
    );
}
