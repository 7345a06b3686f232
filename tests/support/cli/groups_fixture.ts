import { directoryRoutes } from "../../../src/http/groups/routes.ts";
import { IntakeStats } from "../../../src/http/callback/intake_stats.ts";
import { statsRoute } from "../../../src/http/health/stats.ts";
import { Metrics } from "../../../src/metrics/metrics.ts";
import {
  type GroupEntry,
  type MemoryDirectory,
  memoryDirectory,
} from "../http/directory_fixture.ts";
import { calm } from "../http/alerts_fixture.ts";
import { startApi, type TestServer } from "./server_fixture.ts";

/** A server whose directory has these groups, and whose apps are those named. */
export async function startGroups(
  entries: readonly GroupEntry[],
  { apps = [1] }: { readonly apps?: readonly number[] } = {},
): Promise<TestServer & { readonly directory: MemoryDirectory }> {
  const directory = memoryDirectory(entries);
  const rebuild = () => {};
  const server = await startApi({
    routes: (store) => [
      ...directoryRoutes({ store, directory, rebuild }),
      statsRoute({
        store,
        directory,
        metrics: new Metrics({ apps, commands: [], codes: [] }),
        ...calm({ lastCallbacks: [] }),
        intake: new IntakeStats(),
        disk: undefined,
        apps: apps.map((id) => ({ id, tokens: ["t"] })),
      }),
    ],
  });
  return { ...server, directory };
}
