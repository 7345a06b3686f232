import { STATUS_CODE } from "@std/http/status";
import type { LaneStatus } from "../../store/lanes/lane_watch.ts";
import { type Route, route } from "../edge/route.ts";
import { HealthSchema, ReadinessSchema } from "../edge/schemas.ts";

/** Whether callbacks can be kept. */
export interface Readiness {
  /** Why not; empty when they can. */
  readonly reasons: readonly string[];
  /** Alerts that are on though callbacks can be kept. */
  readonly warnings: readonly string[];
  /** This process's lane, where several processes share the store. */
  readonly lane?: LaneStatus | undefined;
}

/** Whether the process lives, and whether it can keep what arrives: open to everybody. */
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
      handle: () => readinessResponse(readiness()),
    }),
  ];
}

function readinessResponse(
  { reasons, warnings, lane }: Readiness,
): Response {
  const isReady = reasons.length === 0;
  return Response.json(
    { status: isReady ? "ready" : "not ready", reasons, warnings, lane },
    { status: isReady ? STATUS_CODE.OK : STATUS_CODE.ServiceUnavailable },
  );
}
