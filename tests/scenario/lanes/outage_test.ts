import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
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
  "a store that is silent, then gone, loses nothing acknowledged, and needs no restart",
  withKvServer,
  async () => {
    await using kv = await startKvServer();
    const servers = await startAll(kv);
    await untilHeld(servers);
    const ledger = new Ledger();
    const { below: random } = seeded(2);
    const load = startBalanced(servers, { ledger, random });
    const kept = async (more: number) => {
      const before = ledger.acknowledgedCount;
      await until("callbacks are kept", () => {
        return ledger.acknowledgedCount > before + more || undefined;
      });
    };
    await kept(100);
    kv.signal("SIGSTOP");
    for (const server of servers) {
      await until("it is not ready", async () => {
        const answer = await fetch(`${server.origin}/readyz`);
        await answer.body?.cancel();
        return answer.status === 503 || undefined;
      });
      const page = await fetch(`${server.origin}/v1/events?limit=1`, {
        headers: { authorization: "Bearer scenario-api-token" },
      });
      await page.body?.cancel();
      assertEquals(page.status, 503);
      assertEquals(page.headers.has("retry-after"), true);
    }
    kv.signal("SIGCONT");
    await kept(100);
    await kv.stop();
    await delay(2_000);
    await kv.start();
    await kept(100);
    await load.stop();

    await checkJournal(servers[1] ?? await startOn(kv), ledger);
    await dispose(servers);
  },
);
