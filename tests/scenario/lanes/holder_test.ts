import { assertEquals } from "@std/assert";
import { bodyOf, newGroupId } from "../../support/server/callback.ts";
import { startKvServer, withKvServer } from "../../support/server/kv_server.ts";
import {
  dispose,
  startAll,
  untilHeld,
} from "../../support/server/lane_servers.ts";
import { until } from "../../support/until.ts";

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
