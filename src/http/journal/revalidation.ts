import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import {
  revalidate,
  type RevalidateStore,
  type Revalidation,
} from "../../ingest/revalidate.ts";
import { listQuarantine } from "../../store/quarantine/quarantine.ts";
import type { Store } from "../../store/open.ts";
import { HttpError } from "../edge/errors.ts";
import { checkRunsConsumers } from "../edge/requires_lease.ts";
import { NUMBER, numberSchema } from "../edge/params.ts";
import { type Route, route } from "../edge/route.ts";
import { RevalidationPageSchema, RevalidationSchema } from "./schemas.ts";

const CODES = [42200, 42201, 42202] as const;

const APP = "an SDKAppID as a whole number from 1";
const NEXT = "the `next` of the answer before";

/** Most items that one request revalidates. */
const MAX_ITEMS = 500;

/** A store whose quarantine is shown, and changed where this process holds the lease. */
export type QuarantineSource = RevalidateStore & Pick<Store, "lease">;

/** Looking at quarantined items again. */
export function revalidationRoutes(store: QuarantineSource): readonly Route[] {
  return [revalidateRoute(store), revalidateAllRoute(store)];
}

function revalidateRoute(store: QuarantineSource): Route {
  return route({
    method: "POST",
    pattern: "/v1/quarantine/:id/revalidate",
    id: "revalidateQuarantined",
    summary: "Look at an item again: what passes now goes to the journal",
    params: v.strictObject({ id: NUMBER }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "What became of it",
      schema: RevalidationSchema,
    }],
    problems: [
      STATUS_CODE.NotFound,
      STATUS_CODE.Conflict,
      STATUS_CODE.ServiceUnavailable,
    ],
    handle: async ({ params: { id } }) => {
      checkRunsConsumers(store);
      const result = await revalidate(store, id);
      if (result.kind === "missing") throw missingItem(id);
      return Response.json(revalidationJson(id, result));
    },
  });
}

function revalidateAllRoute(store: QuarantineSource): Route {
  return route({
    method: "POST",
    pattern: "/v1/quarantine/revalidate",
    id: "revalidateQuarantine",
    summary: "Look again at all items, or at those of one app or reason; " +
      `at most ${MAX_ITEMS} a request`,
    body: v.strictObject({
      code: v.optional(v.picklist(CODES, `one of ${CODES.join(", ")}`)),
      sdkAppId: v.optional(
        v.pipe(v.number(APP), v.integer(APP), v.minValue(1, APP)),
      ),
      reason: v.optional(v.string("a reason as listed, or its code")),
      after: v.optional(numberSchema({ min: 0, expected: NEXT }), 0),
    }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "The outcome of each; go on with `next` as `after` while " +
        "there is one",
      schema: RevalidationPageSchema,
    }],
    problems: [STATUS_CODE.Conflict, STATUS_CODE.ServiceUnavailable],
    handle: async ({ body: { code, sdkAppId: app, reason, after } }) => {
      checkRunsConsumers(store);
      const page = await listQuarantine(store, {
        after,
        limit: MAX_ITEMS,
        app,
        code,
        reason,
      });
      const items = [];
      for (const { number } of page.items) {
        const result = await revalidate(store, number);
        if (result.kind === "missing") continue;
        items.push(revalidationJson(number, result));
      }
      return Response.json({ items, next: page.next?.toString() });
    },
  });
}

function revalidationJson(
  number: number,
  result: Exclude<Revalidation, { kind: "missing" }>,
): v.InferInput<typeof RevalidationSchema> {
  const id = String(number);
  if (result.kind === "journaled") {
    return { id, outcome: "journaled", event: String(result.seq) };
  }
  if (result.kind === "kept") {
    const { code, reason } = result.item.meta;
    return { id, outcome: "kept", code, reason };
  }
  const reason = result.kind === "refused"
    ? `the store cannot take it now: ${result.reason}`
    : "the store has not kept it yet, and may still make it an event; ask again: it becomes one only once";
  throw new HttpError(
    STATUS_CODE.ServiceUnavailable,
    `Quarantine ${id}: ${reason}`,
    { headers: { "retry-after": "1" } },
  );
}

/** The 404 for an unknown item. */
export function missingItem(number: number): HttpError {
  return new HttpError(
    STATUS_CODE.NotFound,
    `Quarantine ${number}: nothing is kept under this number`,
  );
}
