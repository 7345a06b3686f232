import { startKvServer, withKvServer } from "../../support/server/kv_server.ts";
import {
  checkJournal,
  dispose,
  startAll,
  startBalanced,
  startOn,
  untilHeld,
} from "../../support/server/lane_servers.ts";
import { Ledger } from "../../support/server/ledger.ts";
import { seeded } from "../../support/seeded.ts";
import { until } from "../../support/until.ts";

Deno.test(
  "three processes under load keep each acknowledged callback once, in one dense journal",
  withKvServer,
  async () => {
    await using kv = await startKvServer();
    const servers = await startAll(kv);
    await untilHeld(servers);
    const ledger = new Ledger();
    const { below: random } = seeded(1);
    const load = startBalanced(servers, { ledger, random });
    await until("enough is kept", () => {
      return ledger.acknowledgedCount >= 600 || undefined;
    });
    await load.stop();

    await checkJournal(servers[0] ?? await startOn(kv), ledger);
    await dispose(servers);
  },
);
