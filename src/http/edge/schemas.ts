import * as v from "valibot";
import { DECISIONS } from "../../base/event.ts";
import { PORTABLE_DEPTH } from "../../base/portable_json.ts";

/** Key of a schema's name among its metadata. */
export const SCHEMA_NAME = "x-schema-name";

/** A schema with a name in the API's description, where others refer to it. */
export function named<Schema extends v.GenericSchema>(
  name: string,
  schema: Schema,
): v.SchemaWithPipe<
  readonly [Schema, v.MetadataAction<v.InferOutput<Schema>, Named>]
> {
  return v.pipe(schema, v.metadata({ [SCHEMA_NAME]: name })) as never;
}

type Named = { readonly [SCHEMA_NAME]: string };

/** A time as answers show it: RFC 3339 in UTC. */
export const TimeShown = v.pipe(v.string(), v.isoTimestamp());

/** The number of something, as text. */
export const IdShown = v.pipe(
  v.string(),
  v.regex(/^\d+$/),
  v.description("A number"),
);

/** A count. */
export const CountShown = v.pipe(v.number(), v.integer(), v.minValue(0));

/** An SDKAppID. */
export const AppShown = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1),
  v.examples([1400000000]),
);

/** Distance to the journal's end: events and seconds. */
export const LagSchema = named(
  "Lag",
  v.strictObject({
    events: v.pipe(CountShown, v.description("Events it has not dealt with")),
    seconds: v.pipe(
      v.number(),
      v.minValue(0),
      v.description("How long the first of them has been there"),
    ),
  }),
);

/** A CloudEvents 1.0 JSON object. */
export const EventSchema = named(
  "Event",
  v.strictObject({
    specversion: v.literal("1.0"),
    id: IdShown,
    source: v.pipe(
      v.string(),
      v.startsWith("/tencent-chat/"),
      v.examples(["/tencent-chat/1400000000"]),
    ),
    type: v.pipe(
      v.string(),
      v.description("Command word"),
      v.examples(["Group.CallbackAfterCreateGroup"]),
    ),
    subject: v.optional(
      v.pipe(
        v.string(),
        v.description("GroupId"),
        v.examples(["@TGS#1NVTZEAE4"]),
      ),
    ),
    time: v.pipe(TimeShown, v.description("EventTime, else receive time")),
    datacontenttype: v.optional(v.literal("application/json")),
    recordedtime: v.pipe(TimeShown, v.description("When it was received")),
    journalid: v.pipe(v.string(), v.uuid()),
    sdkappid: v.pipe(
      v.string(),
      v.regex(/^\d+$/),
      v.description("SDKAppID"),
      v.examples(["1400000000"]),
    ),
    clientip: v.optional(
      v.pipe(v.string(), v.description("Address of the user's client")),
    ),
    senderip: v.optional(
      v.pipe(v.string(), v.description("Address that the request came from")),
    ),
    optplatform: v.optional(v.string()),
    requestid: v.optional(v.string()),
    query: v.optional(v.pipe(
      v.string(),
      v.description("Query parameters that Tencent does not document"),
    )),
    imhookpath: v.optional(v.pipe(
      v.string(),
      v.description("Ids of the journals that it was relayed through"),
    )),
    revalidated: v.optional(v.boolean()),
    redacted: v.optional(v.pipe(
      v.boolean(),
      v.description("Whether its body was not kept, as IMHOOK_KEEP says"),
    )),
    decision: v.optional(v.picklist(DECISIONS)),
    decidedby: v.optional(v.pipe(
      v.string(),
      v.description("The decider, or `failure: ` and a reason"),
    )),
    decisioncode: v.optional(v.pipe(
      v.number(),
      v.integer(),
      v.description("ErrorCode of the answer, or the first that refuses"),
    )),
    decisionms: v.optional(CountShown),
    decisionanswer: v.optional(v.pipe(
      v.string(),
      v.description("The answer to Tencent, as JSON"),
    )),
    warnings: v.optional(v.pipe(
      v.string(),
      v.description("Oddities of the callback, joined by `; `"),
    )),
    data: v.optional(v.pipe(
      v.looseObject({}),
      v.description("The body as Tencent sent it"),
      v.metadata({ additionalProperties: true }),
      v.examples([{ GroupId: "@TGS#1NVTZEAE4", Type: "Public" }]),
    )),
    data_base64: v.optional(v.pipe(
      v.string(),
      v.description(
        `In place of \`data\`: a body nested deeper than ${PORTABLE_DEPTH} levels, or with a number beyond a double`,
      ),
    )),
  }),
);

/** RFC 9457. */
export const ProblemSchema = named(
  "Problem",
  v.looseObject({
    type: v.literal("about:blank"),
    title: v.string(),
    status: v.pipe(v.number(), v.integer()),
    detail: v.string(),
    parameter: v.optional(
      v.pipe(v.string(), v.description("What of the request is meant")),
    ),
    expected: v.optional(
      v.pipe(v.string(), v.description("What it can be, in words")),
    ),
  }),
);
