import * as v from "valibot";
import { ENDPOINT_STATES } from "../../delivery/endpoint/state.ts";

const Time = v.pipe(v.string(), v.isoTimestamp());
const Id = v.pipe(v.string(), v.regex(/^\d+$/), v.description("A number"));
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Which events are wanted; an empty list does not narrow. */
const FilterShown = v.strictObject({
  commands: v.array(v.string()),
  families: v.array(v.string()),
  apps: v.array(Count),
  groups: v.array(v.string()),
});

/** An endpoint as the API shows it: no secret, and of its headers the names alone. */
export const EndpointSchema = v.strictObject({
  id: v.string(),
  url: v.string(),
  description: v.string(),
  filter: FilterShown,
  headers: v.pipe(
    v.array(v.string()),
    v.description("Names of the headers sent with each delivery"),
  ),
  timeoutseconds: v.number(),
  retryseconds: v.optional(v.array(v.number())),
  onexhausted: v.picklist(["hold", "dead-letter"]),
  state: v.pipe(
    v.picklist(ENDPOINT_STATES),
    v.description(
      "retrying: it waits for its next attempt; held: the last retry has " +
        "failed; disabled: it answered 410",
    ),
  ),
  reason: v.optional(
    v.pipe(
      v.string(),
      v.description("Why it is held, disabled or paused by no person"),
    ),
  ),
  reasonkind: v.optional(
    v.pipe(
      v.picklist(["exhausted", "gone", "ahead", "restored"]),
      v.description("The same in a word"),
    ),
  ),
  cursor: v.pipe(
    Id,
    v.description("Every wanted event up to this number has been dealt with"),
  ),
  createdtime: Time,
  movedtime: v.pipe(Time, v.description("When the cursor last moved")),
  lag: v.strictObject({
    events: v.pipe(Count, v.description("Events behind the cursor")),
    seconds: v.pipe(v.number(), v.minValue(0)),
  }),
  failures: v.pipe(
    Count,
    v.description("Attempts failed since the last success"),
  ),
  failingsincetime: v.optional(Time),
  nextattempttime: v.optional(
    v.pipe(v.string(), v.isoTimestamp(), v.description("When it goes on")),
  ),
  failing: v.optional(v.strictObject({
    event: v.pipe(Id, v.description("The event that is in the way")),
    attempts: v.pipe(Count, v.description("How often it has failed")),
    cause: v.string(),
    nextattempttime: v.optional(Time),
  })),
  replays: v.array(v.strictObject({
    kind: v.picklist(["redelivery", "replay"]),
    next: v.pipe(Id, v.description("The next number to look at")),
    to: Id,
  })),
  secrets: v.array(v.strictObject({
    createdtime: Time,
    expirestime: v.optional(Time),
  })),
  warnings: v.optional(v.array(v.string())),
});

/** A new endpoint: its secret is shown here and never again. */
export const NewEndpointSchema = v.strictObject({
  ...EndpointSchema.entries,
  secret: v.pipe(v.string(), v.startsWith("whsec_")),
});

/** All endpoints. */
export const EndpointListSchema = v.strictObject({
  items: v.array(EndpointSchema),
});

/** A new secret: shown here and never again. */
export const SecretSchema = v.strictObject({
  secret: v.pipe(v.string(), v.startsWith("whsec_")),
  previousexpirestime: v.optional(Time),
});

/** What was sent to an endpoint, newest first. */
export const AttemptPageSchema = v.strictObject({
  items: v.array(v.strictObject({
    id: Id,
    outcome: v.picklist(["delivered", "failed", "missed"]),
    event: v.pipe(Id, v.description("The event, or the first of several")),
    through: v.pipe(Id, v.description("The last of several")),
    count: v.pipe(Count, v.description("How many were sent in a row")),
    time: v.pipe(Time, v.description("When the last of them was answered")),
    durationms: v.pipe(v.number(), v.description("Of all of them together")),
    status: v.optional(
      v.pipe(Count, v.description("HTTP status, of the last of several")),
    ),
    error: v.optional(v.string()),
    answer: v.optional(
      v.pipe(v.string(), v.description("First bytes of the answer")),
    ),
    replay: v.optional(v.literal(true)),
    nextattempttime: v.optional(Time),
  })),
  next: v.optional(
    v.pipe(Id, v.description("The `before` of the next page, if there is one")),
  ),
});

/** Events that an endpoint did not take. */
export const DeadLetterPageSchema = v.strictObject({
  items: v.array(v.strictObject({
    event: Id,
    time: Time,
    cause: v.string(),
    attempts: Count,
  })),
  causes: v.pipe(
    v.record(v.string(), Count),
    v.description("How many there are of each cause, of the first 10,000"),
  ),
  next: v.pipe(Id, v.description("The `after` of the next page")),
});

/** A test event as it was sent, and what came back. */
export const TestSchema = v.strictObject({
  request: v.strictObject({
    url: v.string(),
    headers: v.record(v.string(), v.string()),
    body: v.string(),
  }),
  delivered: v.boolean(),
  status: v.optional(Count),
  error: v.optional(v.string()),
  answer: v.optional(v.string()),
  durationms: v.number(),
});
