// Answers of the routes of the journal and the quarantine.
import * as v from "valibot";
import {
  AppShown,
  CountShown,
  IdShown,
  named,
  TimeShown,
} from "../edge/schemas.ts";

/** An authentic callback that could not be journaled. */
export const QuarantineItemSchema = named(
  "QuarantineItem",
  v.strictObject({
    id: IdShown,
    sdkAppId: AppShown,
    receivedAt: TimeShown,
    code: v.picklist([42200, 42201, 42202]),
    reason: v.string(),
    query: v.pipe(v.string(), v.description("As received, less Sign")),
    size: v.pipe(v.number(), v.integer(), v.description("Bytes of the body")),
    raw: v.pipe(v.string(), v.description("The body in Base64")),
  }),
);

/** A page of the quarantine. */
export const QuarantinePageSchema = named(
  "QuarantinePage",
  v.strictObject({
    items: v.array(QuarantineItemSchema),
    next: v.optional(
      v.pipe(
        IdShown,
        v.description(
          "The `after` of the next page, with order=newest its `before`; " +
            "absent on the last one",
        ),
      ),
    ),
  }),
);

/** The outcome of revalidating one quarantined item. */
export const RevalidationSchema = named(
  "Revalidation",
  v.variant("outcome", [
    v.strictObject({
      id: IdShown,
      outcome: v.literal("journaled"),
      event: v.pipe(IdShown, v.description("Its number in the journal")),
    }),
    v.strictObject({
      id: IdShown,
      outcome: v.literal("kept"),
      code: v.picklist([42200, 42201, 42202]),
      reason: v.string(),
    }),
  ]),
);

/** A page of outcomes of revalidation. */
export const RevalidationPageSchema = named(
  "RevalidationPage",
  v.strictObject({
    items: v.array(RevalidationSchema),
    next: v.optional(
      v.pipe(
        IdShown,
        v.description("The `after` of the next request; absent at the end"),
      ),
    ),
  }),
);

/** The outcome of a purge. */
export const PurgeSchema = named(
  "PurgeResult",
  v.strictObject({
    removed: v.pipe(v.number(), v.integer(), v.description("Events that left")),
    first: v.pipe(IdShown, v.description("The first number kept now")),
    more: v.pipe(v.boolean(), v.description("Whether to ask again")),
    held: v.optional(v.pipe(
      v.strictObject({
        by: v.pipe(
          v.string(),
          v.description('An endpoint\'s id, or "directory"'),
        ),
        through: v.pipe(IdShown, v.description("Up to here events may leave")),
        reason: v.optional(
          v.pipe(v.string(), v.description("Why it does not go on")),
        ),
      }),
      v.description("Who still needs events that were to leave"),
    )),
  }),
);

/** The journal's id, and its first and last number. */
export const JournalSchema = named(
  "JournalInfo",
  v.strictObject({
    id: v.pipe(v.string(), v.uuid()),
    first: v.pipe(IdShown, v.description("The first number kept")),
    last: v.pipe(
      IdShown,
      v.description("The last number; 0 before the first event"),
    ),
  }),
);

/** The outcome of one import. */
export const ImportSchema = named(
  "ImportResult",
  v.strictObject({
    added: CountShown,
    known: v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0),
      v.description("Those that an earlier import had brought"),
    ),
    renumbered: v.pipe(
      v.boolean(),
      v.description("Whether an added event got another number than it had"),
    ),
  }),
);
