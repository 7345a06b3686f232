// Routes that remove items of the quarantine: one, or all that a filter lets through.
import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { msOf } from "../../base/iso_time.ts";
import {
  deleteQuarantined,
  deleteSelected,
} from "../../store/quarantine/quarantine.ts";
import { badInput } from "../edge/input.ts";
import { FILTER, NUMBER, text, timeSchema } from "../edge/params.ts";
import { checkRunsConsumers } from "../edge/requires_lease.ts";
import { type Route, route } from "../edge/route.ts";
import { missingItem, type QuarantineSource } from "./revalidation.ts";

/** The path parameter that names an item. */
export const QUARANTINE_ID = v.strictObject({ id: NUMBER });

/** The filters of the list and of the removal of many. */
export const QUARANTINE_FILTER = {
  sdkAppId: FILTER.sdkAppId,
  reason: v.optional(
    text("Set aside for this reason: its text as listed, or its code"),
  ),
} as const;

const DIGITS_REGEXP = /^\d{1,15}$/;
const BEFORE_TEXT = "the number of an item, or a time as 2026-01-31T12:00:00Z";

const TIME = timeSchema("A receive time");

/** Items with a lower number, or received earlier. */
const BEFORE = v.pipe(
  v.string(),
  v.check((text) => DIGITS_REGEXP.test(text) || v.is(TIME, text), BEFORE_TEXT),
  v.description("Only items before this: a number, or a receive time"),
  v.transform((text) =>
    DIGITS_REGEXP.test(text)
      ? { before: Number(text) }
      : { beforeMs: msOf(text) }
  ),
);
const DeletedSchema = v.strictObject({
  deleted: v.pipe(v.number(), v.integer()),
});

/** Routes that remove items of the quarantine for good. */
export function quarantineRemovalRoutes(
  store: QuarantineSource,
): readonly Route[] {
  return [deleteRoute(store), deleteSelectedRoute(store)];
}

function deleteRoute(store: QuarantineSource): Route {
  return route({
    method: "DELETE",
    pattern: "/v1/quarantine/:id",
    id: "deleteQuarantined",
    summary: "Remove an item for good",
    params: QUARANTINE_ID,
    answers: [{ status: STATUS_CODE.NoContent, description: "It is gone" }],
    problems: [STATUS_CODE.NotFound, STATUS_CODE.Conflict],
    handle: async ({ params }) => {
      checkRunsConsumers(store);
      if (!await deleteQuarantined(store, params.id)) {
        throw missingItem(params.id);
      }
      return new Response(null, { status: STATUS_CODE.NoContent });
    },
  });
}

function deleteSelectedRoute(store: QuarantineSource): Route {
  return route({
    method: "DELETE",
    pattern: "/v1/quarantine",
    id: "deleteQuarantine",
    summary: "Remove many items for good: those that every filter lets through",
    query: v.strictObject({
      ...QUARANTINE_FILTER,
      before: v.optional(BEFORE),
    }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "How many items are gone",
      schema: DeletedSchema,
    }],
    problems: [STATUS_CODE.Conflict],
    handle: async ({ query: { sdkAppId: app, reason, before } }) => {
      const filter = { app, reason, ...before };
      if (Object.values(filter).every((one) => one === undefined)) {
        throw badInput("reason", "`reason`, `sdkAppId` or `before`");
      }
      checkRunsConsumers(store);
      const deleted = await deleteSelected(store, filter);
      return Response.json({ deleted });
    },
  });
}
