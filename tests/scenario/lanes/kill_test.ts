import { withKvServer } from "../../support/server/kv_server.ts";
import { crashProcesses } from "../../support/server/lane_servers.ts";

Deno.test(
  "processes are killed under load, the holder of the lease among them: nothing acknowledged is lost or kept twice",
  withKvServer,
  async () => {
    await crashProcesses({ kills: 4, seed: Date.now() });
  },
);
