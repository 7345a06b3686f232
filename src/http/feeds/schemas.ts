// Answers of the routes of events and consumers.
import * as v from "valibot";
import { pageEntries } from "../edge/page_cursor.ts";
import {
  EventSchema,
  IdShown,
  LagSchema,
  named,
  TimeShown,
} from "../edge/schemas.ts";

/** A page of the journal. */
export const EventPageSchema = named(
  "EventPage",
  v.strictObject({
    items: v.array(EventSchema),
    next: v.pipe(
      IdShown,
      v.description(
        "The last number looked at: `after` of the next page, with " +
          "order=newest its `before`",
      ),
    ),
  }),
);

/** A named position in the journal. */
export const ConsumerSchema = named(
  "Consumer",
  v.strictObject({
    name: v.string(),
    cursor: v.pipe(IdShown, v.description("The last number acknowledged")),
    createdAt: TimeShown,
    movedAt: TimeShown,
    lag: LagSchema,
  }),
);

/** A page of consumers. */
export const ConsumerPageSchema = named(
  "ConsumerPage",
  v.strictObject(pageEntries(ConsumerSchema)),
);
