import * as v from "valibot";
import { DECISIONS } from "../../base/event.ts";
import { FAILURE_WORDS } from "../../delivery/decider/ask.ts";
import { named } from "../edge/schemas.ts";
import { pageEntries } from "../edge/page_cursor.ts";
import { AppShown, CountShown, TimeShown } from "../edge/schemas.ts";

/** A decider as the API shows it: no token, and of its headers the names alone. */
export const DeciderSchema = named(
  "Decider",
  v.strictObject({
    name: v.string(),
    commands: v.array(v.string()),
    families: v.array(v.string()),
    sdkAppIds: v.array(AppShown),
    url: v.optional(v.string()),
    answer: v.optional(v.looseObject({})),
    timeoutMs: CountShown,
    onFailure: v.picklist(["allow", "refuse"]),
    headers: v.array(v.string()),
    hasToken: v.boolean(),
    signWithAppToken: v.boolean(),
    createdAt: TimeShown,
    state: v.pipe(
      v.picklist(["ok", "slow", "failing", "paused"]),
      v.description(
        "failing: its last answers did not count, and it is asked once a " +
          "second; slow: one answer in a hundred takes over 800 ms",
      ),
    ),
    failures: v.pipe(CountShown, v.description("Failures in a row")),
    failingSince: v.optional(TimeShown),
    recent: v.pipe(
      v.strictObject({
        count: CountShown,
        p50Ms: v.number(),
        p99Ms: v.number(),
      }),
      v.description("Answers of the last minute, as this process knows them"),
    ),
    decisions: v.pipe(
      v.record(v.string(), CountShown),
      v.description("Decisions since this process started"),
    ),
    lastFailures: v.array(v.strictObject({
      time: TimeShown,
      command: v.string(),
      reason: v.picklist(FAILURE_WORDS),
      error: v.string(),
    })),
    warnings: v.optional(v.array(v.string())),
  }),
);

/** A page of deciders. */
export const DeciderPageSchema = named(
  "DeciderPage",
  v.strictObject(pageEntries(DeciderSchema)),
);

/** A question to a decider, its answer, and the decision it leads to. */
export const DeciderTestSchema = named(
  "DeciderTest",
  v.strictObject({
    request: v.optional(v.strictObject({
      url: v.string(),
      headers: v.record(v.string(), v.string()),
      body: v.string(),
    })),
    status: v.optional(CountShown),
    answer: v.optional(v.pipe(v.string(), v.description("As it was received"))),
    durationMs: v.number(),
    decision: v.picklist(DECISIONS),
    decidedBy: v.string(),
    decisionCode: v.number(),
    sent: v.pipe(v.string(), v.description("The answer that Tencent gets")),
    effect: v.pipe(v.string(), v.description("What Tencent makes of it")),
    error: v.optional(v.string()),
  }),
);
