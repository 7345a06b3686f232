import { assertEquals } from "@std/assert";
import { createRouter } from "../../../src/http/edge/router.ts";
import {
  healthRoutes,
  type Readiness,
} from "../../../src/http/health/health.ts";

async function ask(
  path: string,
  readiness: Partial<Readiness>,
): Promise<Response> {
  const refuseAll = () => {
    throw new Error("The health routes are open to everybody");
  };
  const routes = healthRoutes(() => ({
    reasons: [],
    warnings: [],
    ...readiness,
  }));
  const route = createRouter(routes, refuseAll);
  return await route(new Request(`http://h${path}`), { path, search: "" });
}

Deno.test("healthRoutes() says that the process lives even when it is not ready", async () => {
  const response = await ask("/healthz", { reasons: ["store: disk full"] });

  assertEquals(response.status, 200);
  assertEquals(await response.json(), { status: "ok" });
});

Deno.test("healthRoutes() says that it is ready", async () => {
  const warnings = [{
    id: "quarantine",
    kind: "quarantine",
    severity: "note",
    params: { items: 1 },
    link: "/console/quarantine",
    sinceMs: 0,
  }] as const;
  const response = await ask("/readyz", { warnings });

  assertEquals(response.status, 200);
  assertEquals(await response.json(), {
    status: "ready",
    reasons: [],
    warnings: [{
      id: "quarantine",
      severity: "note",
      since: "1970-01-01T00:00:00.000Z",
      message: "1 callback is in quarantine.",
      action:
        "See why with imhook quarantine list, then revalidate or delete them.",
      link: "/console/quarantine",
    }],
  });
});

Deno.test("healthRoutes() says why it is not ready", async () => {
  const reasons = ["store: disk full", "shutting down"];
  const response = await ask("/readyz", { reasons });

  assertEquals(response.status, 503);
  assertEquals(await response.json(), {
    status: "not ready",
    reasons,
    warnings: [],
  });
});
