import * as v from "valibot";

const Time = v.pipe(v.string(), v.isoTimestamp());
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Amount = v.pipe(v.number(), v.minValue(0));
const Number32 = v.pipe(v.number(), v.integer());
const Lag = { events: Count, seconds: Amount };

const ByState = v.strictObject({
  partial: Count,
  active: Count,
  disbanded: Count,
});

const Counted = v.strictObject({
  time: v.pipe(Time, v.description("When it begins")),
  created: v.pipe(Count, v.description("Groups")),
  joined: v.pipe(Count, v.description("Members")),
  left: v.pipe(Count, v.description("Members")),
  disbanded: v.pipe(Count, v.description("Groups")),
});

const Rejects = v.strictObject({
  code: v.pipe(Number32, v.description("ErrorCode")),
  reason: v.string(),
  count: v.pipe(Count, v.description("Since the start")),
  lastMinute: Count,
  lastHour: Count,
  lastAddress: v.string(),
  lastTime: Time,
});

const Alert = v.strictObject({
  kind: v.pipe(v.string(), v.description("One word")),
  text: v.pipe(v.string(), v.description("One or two plain sentences")),
  params: v.pipe(
    v.record(v.string(), v.union([v.string(), v.number()])),
    v.description("What the text was made of"),
  ),
});

/** How everything is, for a page that a person looks at. */
export const StatsSchema = v.strictObject({
  time: Time,
  through: v.pipe(
    v.string(),
    v.regex(/^\d+$/),
    v.description("The last number of the journal that the groups know of"),
  ),
  lag: v.strictObject(Lag),
  groups: v.strictObject({
    total: Count,
    byState: ByState,
    byType: v.record(v.string(), ByState),
  }),
  minutes: v.pipe(v.array(Counted), v.length(60)),
  hours: v.pipe(v.array(Counted), v.length(48)),
  days: v.pipe(v.array(Counted), v.length(30)),
  intake: v.strictObject({
    perSecond: v.pipe(Amount, v.description("In the last minute")),
    latencyMs: v.strictObject({ p50: Amount, p99: Amount }),
    accepted: v.pipe(Count, v.description("Kept since the start")),
    copies: v.pipe(Count, v.description("Recognised since the start")),
    rejects: v.array(Rejects),
  }),
  quarantine: v.strictObject({ items: Count }),
  apps: v.array(v.strictObject({
    sdkAppId: Number32,
    lastCallbackTime: v.optional(Time),
    isSigned: v.boolean(),
  })),
  consumers: v.array(v.strictObject({ name: v.string(), ...Lag })),
  disk: v.optional(v.strictObject({ freeBytes: Amount, storeBytes: Amount })),
  retentionDays: v.optional(Number32),
  alerts: v.pipe(
    v.array(Alert),
    v.description("What needs a person, the most urgent first"),
  ),
});

/** The same as a type. */
export type StatsJson = v.InferInput<typeof StatsSchema>;
