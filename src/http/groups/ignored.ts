// Senders whose events the directory passes over: list, add and remove.
import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { isoOf } from "../../base/iso_time.ts";
import { isNetwork } from "../../base/networks.ts";
import {
  addIgnored,
  listIgnored,
  MAX_IGNORED,
  type NumberedRange,
  removeIgnored,
} from "../../directory/rows/ignored.ts";
import type { Store } from "../../store/open.ts";
import { HttpError } from "../edge/errors.ts";
import { named } from "../edge/schemas.ts";
import { numberSchema } from "../edge/params.ts";
import { checkRunsConsumers } from "../edge/requires_lease.ts";
import { type Route, route } from "../edge/route.ts";
import { IdShown, TimeShown } from "../edge/schemas.ts";

/** The options of the routes of ignored senders. */
export interface IgnoredRoutesOptions {
  readonly store: Pick<Store, "fenced" | "reader" | "lease">;
  /**
   * Has the directory made anew; one that is being made is begun again.
   *
   * @throws {HttpError} 409 where another process keeps it
   */
  readonly rebuild: () => void;
  /** @default {Date.now} */
  readonly now?: () => number;
}

const NUMBER = "a number from 1";

const BodySchema = v.strictObject({
  sender: v.pipe(
    v.string("an address or a CIDR block"),
    v.check(isNetwork, "an address or a CIDR block"),
    v.description(
      "The sender's address, or a CIDR block: see an event's `senderip`",
    ),
  ),
  from: v.optional(v.pipe(
    numberSchema({ min: 1, expected: NUMBER }),
    v.description(
      "The first event that is passed over; the first of all without it",
    ),
  )),
  to: v.optional(v.pipe(
    numberSchema({ min: 1, expected: NUMBER }),
    v.description(
      "The last event that is passed over; those to come as well without it",
    ),
  )),
});

const RangeSchema = named(
  "IgnoredSender",
  v.strictObject({
    id: v.pipe(IdShown, v.description("Names it where it is removed")),
    sender: v.pipe(v.string(), v.description("An address or a CIDR block")),
    from: v.optional(v.pipe(IdShown, v.description("The first event"))),
    to: v.optional(v.pipe(IdShown, v.description("The last event"))),
    addedAt: TimeShown,
  }),
);

const ListSchema = named(
  "IgnoredSenderList",
  v.strictObject({ items: v.array(RangeSchema) }),
);

const PATTERN = "/v1/directory/ignored-senders";

/** The routes of ignored senders. */
export function ignoredRoutes(options: IgnoredRoutesOptions): readonly Route[] {
  return [listRoute(options), addRoute(options), removeRoute(options)];
}

function listRoute({ store: { reader } }: IgnoredRoutesOptions): Route {
  return route({
    method: "GET",
    pattern: PATTERN,
    id: "listIgnoredSenders",
    summary: "List the senders whose events the directory passes over",
    answers: [{
      status: STATUS_CODE.OK,
      description: "All of them, oldest first",
      schema: ListSchema,
    }],
    handle: async () =>
      Response.json({ items: (await listIgnored(reader)).map(rangeJson) }),
  });
}

function addRoute(options: IgnoredRoutesOptions): Route {
  const { store, rebuild, now = Date.now } = options;
  return route({
    method: "POST",
    pattern: PATTERN,
    id: "ignoreSender",
    summary: "Pass over a sender's events and rebuild the directory without " +
      "them. They stay readable; what was purged stays in the directory",
    body: BodySchema,
    answers: [{
      status: STATUS_CODE.Created,
      description: "It is kept; GET /v1/directory tells how far the rebuild is",
      schema: RangeSchema,
    }],
    problems: [STATUS_CODE.Conflict],
    handle: async ({ body: { sender, from, to } }) => {
      if (from !== undefined && to !== undefined && from > to) {
        throw new HttpError(
          STATUS_CODE.BadRequest,
          `Expected a range of events, got one from ${from} to ${to}`,
        );
      }
      checkRunsConsumers(store);
      const range = await addIgnored(store.fenced, {
        sender,
        from,
        to,
        addedAtMs: now(),
      });
      if (range === null) {
        throw new HttpError(
          STATUS_CODE.Conflict,
          `There are ${MAX_IGNORED} ignored senders already: remove one, or name a block`,
        );
      }
      rebuild();
      const status = STATUS_CODE.Created;
      return Response.json(rangeJson(range), { status });
    },
  });
}

function removeRoute(
  { store, rebuild }: IgnoredRoutesOptions,
): Route {
  return route({
    method: "DELETE",
    pattern: `${PATTERN}/:id`,
    id: "unignoreSender",
    summary: "Count a sender's events again, and rebuild the directory",
    params: v.strictObject({
      id: v.pipe(
        v.string(),
        v.regex(/^[1-9]\d{0,8}$/, "a number from 1"),
        v.description("The number of an ignored sender"),
      ),
    }),
    answers: [{
      status: STATUS_CODE.NoContent,
      description: "It is gone; GET /v1/directory tells how far the rebuild is",
    }],
    problems: [STATUS_CODE.NotFound, STATUS_CODE.Conflict],
    handle: async ({ params: { id } }) => {
      checkRunsConsumers(store);
      if (!await removeIgnored(store.fenced, Number(id))) {
        throw new HttpError(
          STATUS_CODE.NotFound,
          `There is no ignored sender ${id}`,
        );
      }
      rebuild();
      return new Response(null, { status: STATUS_CODE.NoContent });
    },
  });
}

function rangeJson(
  { number, sender, from, to, addedAtMs }: NumberedRange,
): v.InferInput<typeof RangeSchema> {
  return {
    id: String(number),
    sender,
    ...from !== undefined && { from: String(from) },
    ...to !== undefined && { to: String(to) },
    addedAt: isoOf(addedAtMs),
  };
}
