import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { isTime, TIME } from "../../base/iso_time.ts";
import type {
  Consumer,
  MoveResult,
  Position,
} from "../../store/journal/consumers.ts";
import { type Lag, lagOf } from "../../store/journal/lag.ts";
import type { Store } from "../../store/open.ts";
import { HttpError } from "../edge/errors.ts";
import type { Feed } from "./feed.ts";
import type { Readers } from "./readers.ts";
import { ConsumerSchema } from "../edge/schemas.ts";

/** What named consumers take. */
export interface ConsumersOptions {
  readonly store: Pick<Store, "reader" | "side" | "identity">;
  readonly feed: Feed;
  readonly readers: Readers;
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

/** The consumer that a path names. */
export const NAME = v.strictObject({
  name: v.pipe(
    v.string(),
    v.regex(
      /^(?!\.{1,2}$)[\w.-]{1,64}$/,
      "1 to 64 letters, digits, dots, hyphens or underscores, and not . or ..",
    ),
    v.description("Name of the consumer"),
  ),
});

const POSITION = `a number, "first", "now" or ${TIME}`;

/** Which event a consumer gets first. */
export const PositionSchema = v.union([
  v.pipe(v.number(), v.integer(POSITION), v.minValue(0, POSITION)),
  v.pipe(v.string(), v.regex(/^\d{1,15}$/, POSITION), v.transform(Number)),
  v.picklist(["first", "now"]),
  v.pipe(
    v.string(),
    v.isoTimestamp(POSITION),
    v.check(isTime, POSITION),
    v.description(
      "A receive time: before the first event received then or later, so " +
        "that none of these is missed",
    ),
  ),
], POSITION);

/** How one consumer is answered. */
export const ONE = {
  status: STATUS_CODE.OK,
  description: "The consumer as it is now",
  schema: ConsumerSchema,
} as const;

/** Answers with a consumer that has moved, or says why it has not. */
export async function moved(
  result: MoveResult,
  { name, field, status = STATUS_CODE.OK, store, now = Date.now }:
    & ConsumersOptions
    & {
      readonly name: string;
      /** What named the position. */
      readonly field: "start" | "through";
      readonly status?: number;
    },
): Promise<Response> {
  if (result.kind === "missing") throw missing(name);
  if (result.kind !== "moved") {
    throw positionError(result, { field, journalid: store.identity.id });
  }
  const lagging = await lagOf(store.side, result.consumer, now());
  return Response.json(consumerJson(lagging), { status });
}

/** The journal does not hold the position that a field names. */
export function positionError(
  { kind, first, last }: Extract<
    MoveResult,
    { readonly kind: "ahead" | "behind" }
  >,
  { field, journalid }: {
    readonly field: string;
    readonly journalid: string;
  },
): HttpError {
  const fields = { parameter: field, first, last, journalid };
  return kind === "behind"
    ? new HttpError(
      STATUS_CODE.Gone,
      `${field}: the journal begins at ${first}; what came before is no longer kept`,
      { fields },
    )
    : new HttpError(
      STATUS_CODE.Conflict,
      `${field}: the journal ends at ${last}; is this another journal?`,
      { fields },
    );
}

/** There is no consumer of this name. */
export function missing(name: string): HttpError {
  return new HttpError(
    STATUS_CODE.NotFound,
    `Consumer "${name}": there is none; make it with PUT`,
  );
}

/** The position that a body names. */
export function positionOf(
  value: v.InferOutput<typeof PositionSchema>,
): Position {
  if (typeof value === "number") return value;
  if (value === "first" || value === "now") return value;
  return { timeMs: Date.parse(value) };
}

/** A consumer as the API gives it. */
export function consumerJson(
  consumer: Consumer & Lag,
): v.InferInput<typeof ConsumerSchema> {
  const { name, cursor, createdAtMs, movedAtMs, lagEvents, lagSec } = consumer;
  return {
    name,
    cursor: String(cursor),
    createdtime: new Date(createdAtMs).toISOString(),
    movedtime: new Date(movedAtMs).toISOString(),
    lag: { events: lagEvents, seconds: lagSec },
  };
}
