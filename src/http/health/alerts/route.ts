// GET /v1/alerts: what needs a person, in the reader's language.
import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { type Route, route } from "../../edge/route.ts";
import { named, TimeShown } from "../../edge/schemas.ts";
import { SEVERITIES } from "./alert.ts";
import type { AlertBook } from "./alert_book.ts";
import { alertJson, langOf } from "./words.ts";

/** An alert. */
export const AlertSchema = named(
  "Alert",
  v.strictObject({
    id: v.pipe(
      v.string(),
      v.description("The same for the same alert, over restarts"),
      v.examples(["endpointHeld:ep_0123456789abcdef"]),
    ),
    severity: v.pipe(
      v.picklist(SEVERITIES),
      v.description(
        "losing: callbacks are lost now; failing: something does not work; " +
          "soon: it will not; note: a hint",
      ),
    ),
    since: TimeShown,
    message: v.pipe(v.string(), v.description("What is wrong")),
    action: v.pipe(v.string(), v.description("What to do")),
    link: v.pipe(
      v.string(),
      v.description("Page of the console that shows the cause"),
      v.examples(["/console/endpoints"]),
    ),
  }),
);

/** The alerts that are on. */
export const AlertPageSchema = named(
  "AlertPage",
  v.strictObject({
    items: v.array(AlertSchema),
    next: v.optional(
      v.pipe(v.string(), v.description("Never there: all are on one page")),
    ),
  }),
);

/** The header that names the reader's languages. */
export const ACCEPT_LANGUAGE = v.strictObject({
  "Accept-Language": v.optional(
    v.pipe(v.string(), v.description("en, ja or zh; English by default")),
  ),
});

/** Route that lists the alerts that are on, the most urgent first. */
export function alertsRoute(
  { alerts }: { readonly alerts: Pick<AlertBook, "look"> },
): Route {
  return route({
    method: "GET",
    pattern: "/v1/alerts",
    id: "listAlerts",
    summary: "List what needs a person, the most urgent first",
    headers: ACCEPT_LANGUAGE,
    answers: [{
      status: STATUS_CODE.OK,
      description: "All alerts that are on; none when all is well",
      schema: AlertPageSchema,
    }],
    handle: async ({ headers }) => {
      const lang = langOf(headers["Accept-Language"] ?? null);
      const items = (await alerts.look()).map((one) => alertJson(one, lang));
      return Response.json({ items });
    },
  });
}
