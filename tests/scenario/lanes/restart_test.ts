import { startKvServer, withKvServer } from "../../support/server/kv_server.ts";
import {
  checkJournal,
  dispose,
  PROCESSES,
  startAll,
  startBalanced,
  startOn,
} from "../../support/server/lane_servers.ts";
import { Ledger } from "../../support/server/ledger.ts";
import { seeded } from "../../support/seeded.ts";
import { until } from "../../support/until.ts";

Deno.test(
  "processes are restarted one after the other under load: every callback gets a 200",
  withKvServer,
  async () => {
    await using kv = await startKvServer();
    const servers = await startAll(kv);
    const ledger = new Ledger();
    const { below: random } = seeded(3);
    const load = startBalanced(servers, { ledger, random });
    for (let index = 0; index < PROCESSES; index++) {
      const before = ledger.acknowledgedCount;
      await until("callbacks are kept", () => {
        return ledger.acknowledgedCount > before + 50 || undefined;
      });
      await servers[index]?.[Symbol.asyncDispose]();
      servers[index] = await startOn(kv);
    }
    await load.stop();

    await checkJournal(servers[2] ?? await startOn(kv), ledger);
    await dispose(servers);
  },
);
