import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { isoOf, msOf, TIME } from "../../base/iso_time.ts";
import type {
  Consumer,
  MoveResult,
  Position,
} from "../../store/journal/consumers.ts";
import { type Lag, lagOf } from "../../store/journal/lag.ts";
import type { Store } from "../../store/open.ts";
import { HttpError } from "../edge/errors.ts";
import { numberSchema, timeSchema } from "../edge/params.ts";
import { positionError } from "./position.ts";
import { ConsumerSchema } from "./schemas.ts";
import type { Feed } from "./feed.ts";
import type { Readers } from "./readers.ts";

/** Dependencies of the consumers' routes. */
export interface ConsumersOptions {
  readonly store: Pick<Store, "reader" | "side" | "identity">;
  readonly feed: Feed;
  readonly readers: Readers;
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

/** The path parameter that names a consumer. */
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

/** The event that a consumer gets first. */
export const PositionSchema = v.union([
  numberSchema({ min: 0, expected: POSITION }),
  v.picklist(["first", "now"]),
  timeSchema(
    "A receive time: before the first event received then or later, so that " +
      "none of these is missed",
    POSITION,
  ),
], POSITION);

/** The answer that holds one consumer. */
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
      /** Field that names the position. */
      readonly field: "start" | "through";
      readonly status?: number;
    },
): Promise<Response> {
  if (result.kind === "missing") throw missing(name);
  if (result.kind !== "moved") {
    const journalId = store.identity.id;
    throw positionError(result, { parameter: field, journalId });
  }
  const lagging = await lagOf(store.side, result.consumer, now());
  return Response.json(consumerJson(lagging), { status });
}

/** The 404 for an unknown consumer. */
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
  return { timeMs: msOf(value) };
}

/** A consumer as the API gives it. */
export function consumerJson(
  consumer: Consumer & Lag,
): v.InferInput<typeof ConsumerSchema> {
  const { name, cursor, createdAtMs, movedAtMs, lagEvents, lagSec } = consumer;
  return {
    name,
    cursor: String(cursor),
    createdAt: isoOf(createdAtMs),
    movedAt: isoOf(movedAtMs),
    lag: { events: lagEvents, seconds: lagSec },
  };
}
