import * as v from "valibot";
import type { Run } from "../../reconcile/phases/run.ts";
import { AppShown, CountShown, named, TimeShown } from "../edge/schemas.ts";

const Flag = v.optional(v.boolean("true or false"), false);

/** The wishes for a run. */
export const RunRequestSchema = v.strictObject({
  sdkAppId: v.pipe(
    v.optional(
      v.pipe(
        v.number("an SDKAppID"),
        v.integer("an SDKAppID"),
        v.minValue(1, "an SDKAppID"),
        v.maxValue(2 ** 32 - 1, "an SDKAppID"),
      ),
    ),
    v.description("Where one app alone has a secret key, that one by default"),
  ),
  members: v.pipe(
    Flag,
    v.description("Compare members everywhere, not only where counts differ"),
  ),
  dryRun: v.pipe(Flag, v.description("Append nothing")),
  acceptGone: v.pipe(
    Flag,
    v.description("Let more than 10 groups and 5 % of all end"),
  ),
});

/** A comparison of an app's groups with Tencent's. */
export const RunSchema = named(
  "Reconciliation",
  v.strictObject({
    id: v.string(),
    sdkAppId: AppShown,
    state: v.picklist(["running", "done", "failed"]),
    startedAt: TimeShown,
    endedAt: v.optional(TimeShown),
    members: v.boolean(),
    dryRun: v.boolean(),
    acceptGone: v.boolean(),
    phase: v.pipe(
      v.picklist(["list", "facts", "again", "absent", "end"]),
      v.description("How far it is; `again` looks a second time, 60 s later"),
    ),
    progress: v.pipe(
      v.strictObject({ done: CountShown, of: CountShown }),
      v.description("Of the phase: groups in `list`, else parts of the list"),
    ),
    groups: v.pipe(CountShown, v.description("Groups that Tencent has")),
    missing: v.pipe(
      CountShown,
      v.description("The directory did not have them"),
    ),
    missed: v.pipe(
      CountShown,
      v.description("Of these, those made while callbacks came"),
    ),
    differing: v.pipe(CountShown, v.description("Known otherwise")),
    gone: v.pipe(
      CountShown,
      v.description("Ended: two passes did not find them"),
    ),
    absent: v.pipe(
      CountShown,
      v.description("Not found, and kept for now"),
    ),
    heldBack: v.pipe(
      v.boolean(),
      v.description(
        "Whether more would have ended than may without acceptGone",
      ),
    ),
    calls: v.pipe(CountShown, v.description("Calls of Tencent's REST API")),
    error: v.optional(
      v.pipe(v.string(), v.description("What happened, and what to do")),
    ),
  }),
);

/** Runs, the newest first. */
export const RunPageSchema = v.strictObject({
  items: v.array(RunSchema),
  next: v.optional(v.pipe(v.string(), v.description("The next `cursor`"))),
});

/** The path of one run. */
export const RunParamsSchema = v.strictObject({
  id: v.pipe(v.string(), v.description("Id of the run")),
});

/** A run as the API shows it. */
export function runJson(run: Run): v.InferInput<typeof RunSchema> {
  const { id, app, state, startedAtMs, endedAtMs, phase, calls, error } = run;
  const { isHeldBack, ...found } = run.found;
  const progress = phase === "list"
    ? { done: found.groups, of: Math.max(run.total, found.groups) }
    : { done: Math.min(run.done, run.parts), of: run.parts };
  return {
    id,
    sdkAppId: app,
    state,
    startedAt: new Date(startedAtMs).toISOString(),
    ...endedAtMs !== undefined && {
      endedAt: new Date(endedAtMs).toISOString(),
    },
    members: run.hasMembers,
    dryRun: run.isDry,
    acceptGone: run.acceptsGone,
    phase,
    progress,
    ...found,
    heldBack: isHeldBack,
    calls,
    ...error !== undefined && { error },
  };
}
