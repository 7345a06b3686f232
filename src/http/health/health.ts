import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import type { LaneStatus } from "../../store/lanes/lane_watch.ts";
import { type Route, route } from "../edge/route.ts";
import { CountShown, named } from "../edge/schemas.ts";
import type { RaisedAlert } from "./alerts/alert.ts";
import { ACCEPT_LANGUAGE, AlertSchema } from "./alerts/route.ts";
import { alertJson, langOf } from "./alerts/words.ts";

/** The answer of /healthz. */
const HealthSchema = named(
  "Health",
  v.strictObject({ status: v.literal("ok") }),
);

/** State of this process's lane: callbacks that are durable and not yet in the journal. */
const LaneSchema = named(
  "Lane",
  v.strictObject({
    waiting: v.pipe(
      CountShown,
      v.description("Batches of callbacks kept, and not in the journal yet"),
    ),
    bytes: CountShown,
    oldestSec: v.pipe(
      v.number(),
      v.minValue(0),
      v.description("How long the oldest of them has waited"),
    ),
    holder: v.optional(v.pipe(
      v.string(),
      v.description("The process that moves them into the journal"),
    )),
    isHolder: v.boolean(),
  }),
);

/** State of intake: ready, or the reasons why callbacks cannot be kept. */
const ReadinessSchema = named(
  "Readiness",
  v.strictObject({
    status: v.picklist(["ready", "not ready"]),
    reasons: v.array(v.string()),
    warnings: v.pipe(
      v.array(AlertSchema),
      v.description("The alerts that are on, as GET /v1/alerts lists them"),
    ),
    lane: v.optional(LaneSchema),
  }),
);

/** Ability to keep callbacks, as the process knows it now. */
export interface Readiness {
  /** Why not; empty when they can. */
  readonly reasons: readonly string[];
  /** Alerts that are on though callbacks can be kept. */
  readonly warnings: readonly RaisedAlert[];
  /** This process's lane, where several processes share the store. */
  readonly lane?: LaneStatus | undefined;
}

/** Routes of liveness and readiness, open to everybody. */
export function healthRoutes(readiness: () => Readiness): readonly Route[] {
  return [
    route({
      method: "GET",
      pattern: "/healthz",
      id: "getHealth",
      summary: "Tell that the process lives",
      isOpen: true,
      answers: [{
        status: STATUS_CODE.OK,
        description: "It lives",
        schema: HealthSchema,
      }],
      handle: () => Response.json({ status: "ok" }),
    }),
    route({
      method: "GET",
      pattern: "/readyz",
      id: "getReadiness",
      summary: "Tell whether callbacks can be kept, and why not",
      isOpen: true,
      answers: [
        {
          status: STATUS_CODE.OK,
          description: "They can",
          schema: ReadinessSchema,
        },
        {
          status: STATUS_CODE.ServiceUnavailable,
          description: "They cannot",
          schema: ReadinessSchema,
        },
      ],
      headers: ACCEPT_LANGUAGE,
      handle: ({ headers }) =>
        readinessResponse(readiness(), headers["Accept-Language"]),
    }),
  ];
}

function readinessResponse(
  { reasons, warnings: alerts, lane }: Readiness,
  languages: string | undefined,
): Response {
  const lang = langOf(languages ?? null);
  const warnings = alerts.map((one) => alertJson(one, lang));
  const isReady = reasons.length === 0;
  return Response.json(
    { status: isReady ? "ready" : "not ready", reasons, warnings, lane },
    { status: isReady ? STATUS_CODE.OK : STATUS_CODE.ServiceUnavailable },
  );
}
