import type { EventRecord } from "../../../src/base/event.ts";
import { directoryRoutes } from "../../../src/http/groups/routes.ts";
import { IntakeStats } from "../../../src/http/callback/intake_stats.ts";
import { statsRoute } from "../../../src/http/health/stats.ts";
import { Metrics } from "../../../src/metrics/metrics.ts";
import { journal, project } from "../directory/projection_fixture.ts";
import { PROJECTOR } from "../http/directory_fixture.ts";
import { calm } from "../http/alerts_fixture.ts";
import { startApi, type TestServer } from "./server_fixture.ts";

/** A server whose journal and directory hold these events, and whose apps are those named. */
export async function startGroups(
  records: readonly EventRecord[],
  { apps = [1] }: { readonly apps?: readonly number[] } = {},
): Promise<TestServer> {
  const server = await startApi({
    routes: (store) => [
      ...directoryRoutes({ store, projector: PROJECTOR, rebuild: () => {} }),
      statsRoute({
        store,
        projector: PROJECTOR,
        metrics: new Metrics({ apps, commands: [], codes: [] }),
        ...calm({ lastCallbacks: [] }),
        intake: new IntakeStats(),
        disk: undefined,
        apps: apps.map((id) => ({ id, tokens: ["t"] })),
      }),
    ],
  });
  await journal(server.store, records);
  await project(server.store);
  return server;
}
