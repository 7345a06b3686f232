import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { bodyOf, newGroupId } from "../support/server/callback.ts";
import { startKvServer, withKvServer } from "../support/server/kv_server.ts";
import {
  checkJournal,
  crashProcesses,
  dispose,
  PROCESSES,
  startAll,
  startBalanced,
  startOn,
  untilHeld,
} from "../support/server/lane_servers.ts";
import { Ledger } from "../support/server/ledger.ts";
import { seeded } from "../support/seeded.ts";
import { until } from "../support/until.ts";

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

Deno.test(
  "processes are killed under load, the holder of the lease among them: nothing acknowledged is lost or kept twice",
  withKvServer,
  async () => {
    await crashProcesses({ kills: 4, seed: Date.now() });
  },
);

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

Deno.test(
  "what only the holder of the lease does is refused elsewhere with its name",
  withKvServer,
  async () => {
    await using kv = await startKvServer();
    const servers = await startAll(kv);
    const holder = await untilHeld(servers);
    const other = servers.find((one) => one !== holder);
    await (await holder.send({ body: bodyOf({ GroupId: newGroupId() }) }))
      .json();
    // A process that has just started learns at its next look who holds the lease.
    const problem = await until(
      "the other process knows the holder",
      async () => {
        const refused = await fetch(`${other?.origin}/v1/quarantine/1`, {
          method: "DELETE",
          headers: { authorization: "Bearer scenario-api-token" },
        });
        assertEquals(refused.status, 409);
        const answer = await refused.json();
        return answer.holder === undefined ? undefined : answer;
      },
    );

    assertEquals(typeof problem.holder, "string");
    assertEquals(problem.detail.includes(problem.holder), true);
    await dispose(servers);
  },
);
