import * as v from "valibot";
import { AlertSchema } from "./alerts/route.ts";
import { named } from "../edge/schemas.ts";
import {
  AppShown,
  CountShown,
  IdShown,
  LagSchema,
  TimeShown,
} from "../edge/schemas.ts";

const Amount = v.pipe(v.number(), v.minValue(0));

const ByState = v.strictObject({
  partial: CountShown,
  active: CountShown,
  disbanded: CountShown,
});

const Counted = v.strictObject({
  time: v.pipe(TimeShown, v.description("When it begins")),
  created: v.pipe(CountShown, v.description("Groups")),
  joined: v.pipe(CountShown, v.description("Members")),
  left: v.pipe(CountShown, v.description("Members")),
  disbanded: v.pipe(CountShown, v.description("Groups")),
});

const Rejects = v.strictObject({
  code: v.pipe(CountShown, v.description("ErrorCode")),
  reason: v.string(),
  count: v.pipe(CountShown, v.description("Since the start")),
  lastMinute: CountShown,
  lastHour: CountShown,
  lastAddress: v.string(),
  lastAt: TimeShown,
});

/** State of the whole server, for a page that a person looks at. */
export const StatsSchema = named(
  "Stats",
  v.strictObject({
    time: TimeShown,
    through: v.pipe(
      IdShown,
      v.description("The last number of the journal that the groups know of"),
    ),
    lag: LagSchema,
    groups: v.strictObject({
      total: CountShown,
      byState: ByState,
      byType: v.record(v.string(), ByState),
    }),
    minutes: v.pipe(v.array(Counted), v.length(60)),
    hours: v.pipe(v.array(Counted), v.length(48)),
    days: v.pipe(v.array(Counted), v.length(30)),
    intake: v.strictObject({
      perSecond: v.pipe(Amount, v.description("In the last minute")),
      latencyMs: v.strictObject({ p50: Amount, p99: Amount }),
      accepted: v.pipe(CountShown, v.description("Kept since the start")),
      copies: v.pipe(CountShown, v.description("Recognised since the start")),
      rejects: v.array(Rejects),
    }),
    quarantine: v.strictObject({ items: CountShown }),
    apps: v.array(v.strictObject({
      sdkAppId: AppShown,
      lastCallbackAt: v.optional(TimeShown),
      isSigned: v.boolean(),
    })),
    consumers: v.array(
      v.strictObject({ name: v.string(), ...LagSchema.entries }),
    ),
    disk: v.optional(v.strictObject({ freeBytes: Amount, storeBytes: Amount })),
    retentionDays: v.optional(CountShown),
    alerts: v.pipe(
      v.array(AlertSchema),
      v.description("What needs a person, the most urgent first"),
    ),
  }),
);

/** State of the whole server as a type. */
export type StatsJson = v.InferInput<typeof StatsSchema>;
