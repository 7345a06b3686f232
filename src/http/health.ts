import { STATUS_CODE } from "@std/http/status";
import type { Route } from "./router.ts";

/** Why this process is not ready; empty when it is. */
export type Readiness = () => readonly string[];

/** Whether the process lives, and whether it can keep what arrives: open to everybody. */
export function healthRoutes(readiness: Readiness): readonly Route[] {
  return [
    {
      method: "GET",
      pattern: "/healthz",
      handle: () => Response.json({ status: "ok" }),
    },
    {
      method: "GET",
      pattern: "/readyz",
      handle: () => {
        const reasons = readiness();
        const isReady = reasons.length === 0;
        return Response.json(
          { status: isReady ? "ready" : "not ready", reasons },
          { status: isReady ? STATUS_CODE.OK : STATUS_CODE.ServiceUnavailable },
        );
      },
    },
  ];
}
