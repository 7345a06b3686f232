import * as v from "valibot";
import { named } from "../edge/schemas.ts";
import { ENDPOINT_STATES } from "../../delivery/endpoint/state.ts";
import { pageEntries } from "../edge/page_cursor.ts";
import {
  AppShown,
  CountShown,
  IdShown,
  LagSchema,
  TimeShown,
} from "../edge/schemas.ts";

/** The filter of an endpoint; an empty list does not narrow. */
const FilterShown = v.strictObject({
  commands: v.array(v.string()),
  families: v.array(v.string()),
  sdkAppIds: v.array(AppShown),
  groupIds: v.array(v.string()),
});

/** An endpoint as the API shows it: no secret, and of its headers the names alone. */
export const EndpointSchema = named(
  "Endpoint",
  v.strictObject({
    id: v.string(),
    url: v.string(),
    description: v.string(),
    filter: FilterShown,
    headers: v.pipe(
      v.array(v.string()),
      v.description("Names of the headers sent with each delivery"),
    ),
    timeoutSeconds: v.number(),
    retrySeconds: v.optional(v.array(v.number())),
    onExhausted: v.picklist(["hold", "dead-letter"]),
    format: v.picklist(["cloudevents", "tencent"]),
    hasToken: v.pipe(
      v.boolean(),
      v.description("Whether it has a callback token of its own"),
    ),
    signWithAppToken: v.boolean(),
    concurrency: v.pipe(CountShown, v.description("Most requests at once")),
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
    reasonKind: v.optional(
      v.pipe(
        v.picklist(["exhausted", "gone", "ahead", "restored"]),
        v.description("The same in a word"),
      ),
    ),
    cursor: v.pipe(
      IdShown,
      v.description("Every wanted event up to this number has been dealt with"),
    ),
    createdAt: TimeShown,
    movedAt: v.pipe(TimeShown, v.description("When the cursor last moved")),
    lag: LagSchema,
    failures: v.pipe(
      CountShown,
      v.description("Attempts failed since the last success"),
    ),
    failingSince: v.optional(TimeShown),
    nextAttemptAt: v.optional(
      v.pipe(TimeShown, v.description("When it goes on")),
    ),
    failing: v.optional(v.strictObject({
      event: v.pipe(IdShown, v.description("The event that is in the way")),
      attempts: v.pipe(CountShown, v.description("How often it has failed")),
      cause: v.string(),
      nextAttemptAt: v.optional(TimeShown),
    })),
    replays: v.array(v.strictObject({
      kind: v.picklist(["redelivery", "replay"]),
      next: v.pipe(IdShown, v.description("The next number to look at")),
      to: IdShown,
    })),
    secrets: v.array(v.strictObject({
      createdAt: TimeShown,
      expiresAt: v.optional(TimeShown),
    })),
    warnings: v.optional(v.array(v.string())),
  }),
);

/** A new endpoint: its secret is shown here and never again. */
export const NewEndpointSchema = named(
  "CreatedEndpoint",
  v.strictObject({
    ...EndpointSchema.entries,
    secret: v.pipe(v.string(), v.startsWith("whsec_")),
  }),
);

/** A page of endpoints. */
export const EndpointPageSchema = named(
  "EndpointPage",
  v.strictObject(pageEntries(EndpointSchema)),
);

/** A new secret: shown here and never again. */
export const SecretSchema = named(
  "EndpointSecret",
  v.strictObject({
    secret: v.pipe(v.string(), v.startsWith("whsec_")),
    previousExpiresAt: v.optional(TimeShown),
  }),
);

/** A request to an endpoint, or several successes in a row. */
export const AttemptSchema = named(
  "Attempt",
  v.strictObject({
    id: IdShown,
    outcome: v.picklist(["delivered", "failed", "missed"]),
    event: v.pipe(IdShown, v.description("The event, or the first of several")),
    through: v.pipe(IdShown, v.description("The last of several")),
    count: v.pipe(CountShown, v.description("How many were sent in a row")),
    time: v.pipe(
      TimeShown,
      v.description("When the last of them was answered"),
    ),
    durationMs: v.pipe(v.number(), v.description("Of all of them together")),
    status: v.optional(
      v.pipe(CountShown, v.description("HTTP status, of the last of several")),
    ),
    error: v.optional(v.string()),
    ackCode: v.optional(
      v.pipe(
        v.number(),
        v.description("ErrorCode of the Ack, for format tencent"),
      ),
    ),
    answer: v.optional(
      v.pipe(v.string(), v.description("First bytes of the answer")),
    ),
    replay: v.optional(v.boolean()),
    nextAttemptAt: v.optional(TimeShown),
  }),
);

/** A page of attempts, newest first. */
export const AttemptPageSchema = named(
  "AttemptPage",
  v.strictObject(pageEntries(AttemptSchema)),
);

/** The fate of an event at one endpoint. */
export const EventDeliverySchema = named(
  "EventDelivery",
  v.strictObject({
    endpoint: v.pipe(v.string(), v.description("Id of the endpoint")),
    description: v.string(),
    state: v.pipe(
      v.picklist([
        "delivered",
        "waiting",
        "failing",
        "deadLetter",
        "notWanted",
        "unknown",
      ]),
      v.description(
        "waiting: it is still to be sent; failing: it waits for its next " +
          "attempt; deadLetter: it was set aside; notWanted: the filter leaves " +
          "it out; unknown: it lies before the endpoint's start, or its " +
          "attempts are no longer kept",
      ),
    ),
    attempts: v.pipe(
      v.array(AttemptSchema),
      v.description("Those of the last days, newest first"),
    ),
  }),
);

/** A page of an event's fates, an item an endpoint. */
export const EventDeliveryPageSchema = named(
  "EventDeliveryPage",
  v.strictObject(
    pageEntries(EventDeliverySchema),
  ),
);

/** An event that an endpoint did not take. */
export const DeadLetterSchema = named(
  "DeadLetter",
  v.strictObject({
    event: IdShown,
    time: TimeShown,
    cause: v.string(),
    attempts: CountShown,
  }),
);

/** A page of dead letters, in order. */
export const DeadLetterPageSchema = named(
  "DeadLetterPage",
  v.strictObject({
    ...pageEntries(DeadLetterSchema),
    causes: v.pipe(
      v.record(v.string(), CountShown),
      v.description("How many there are of each cause, of the first 10,000"),
    ),
  }),
);

/** A test event as it was sent, and what came back. */
export const TestSchema = named(
  "TestResult",
  v.strictObject({
    request: v.strictObject({
      url: v.string(),
      headers: v.record(v.string(), v.string()),
      body: v.string(),
    }),
    delivered: v.boolean(),
    status: v.optional(CountShown),
    error: v.optional(v.string()),
    answer: v.optional(v.string()),
    ackCode: v.optional(v.number()),
    durationMs: v.number(),
  }),
);
