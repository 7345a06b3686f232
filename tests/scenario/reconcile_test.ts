import { assertEquals } from "@std/assert";
import {
  openStandIn,
  type StandInServer,
} from "../support/reconcile/stand_in_fixture.ts";
import { startKvServer, withKvServer } from "../support/server/kv_server.ts";
import {
  API_TOKEN,
  type Server,
  startServer,
} from "../support/server/server.ts";
import { until } from "../support/until.ts";

const APP = 1_400_000_000;
const RUNS = "/v1/reconciliations";

/** A stand-in of Tencent with the real clock that holds so many groups, which no callback told of. */
async function openTencent(count: number): Promise<StandInServer> {
  const rest = openStandIn({ now: Date.now });
  for (let n = 0; n < count; n++) {
    await rest.make("import_group", {
      Type: "Public",
      Name: `Group ${n}`,
      GroupId: `g${n}`,
      CreateTime: 1_600_000_000,
      Owner_Account: "leckie",
    });
  }
  return rest;
}

function envOf({ access }: StandInServer): Record<string, string> {
  return {
    [`IMHOOK_APP_${APP}_KEY`]: access.key,
    [`IMHOOK_APP_${APP}_REST`]: access.origin,
    IMHOOK_RECONCILE_RATE: "160",
  };
}

/** The newest run once it has ended. */
async function ended(server: Server): Promise<Record<string, unknown>> {
  return await until("the run ends", async () => {
    const { items: [run] } = await (await server.get(RUNS)).json();
    return run === undefined || run.state === "running" ? undefined : run;
  });
}

/** Group IDs of the events that reconciling has appended for this reason. */
async function repaired(server: Server, reason: string): Promise<string[]> {
  const path = "/v1/events?command=Reconcile.*&limit=1000";
  const { items } = await (await server.get(path)).json();
  return items.filter(({ data }: { data: { reason: string } }) =>
    data.reason === reason
  ).map(({ subject }: { subject: string }) => subject);
}

Deno.test("a killed server goes on with its comparison, and tells of each group once", async () => {
  await using rest = await openTencent(150);
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  try {
    for (let kill = 0; kill < 3; kill++) {
      const before = rest.requests();
      await using server = await startServer({ folder, env: envOf(rest) });
      await until("it has called Tencent", () => {
        return rest.requests() > before || undefined;
      });
      server.child.kill("SIGKILL");
      await server.child.ended();
    }
    await using server = await startServer({ folder, env: envOf(rest) });
    const run = await ended(server);

    assertEquals([run.state, run.groups], ["done", 150]);
    const missing = await repaired(server, "missing");
    assertEquals([missing.length, new Set(missing).size], [150, 150]);
    const group = await (await server.get(`/v1/groups/${APP}/g7`)).json();
    assertEquals(
      [group.name, group.source, group.knownMembers],
      ["Group 7", "reconcile", 1],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test(
  "one of two processes on one store compares, and the other says so",
  withKvServer,
  async () => {
    await using kv = await startKvServer();
    await using rest = await openTencent(60);
    const env = { ...kv.env, ...envOf(rest) };
    await using one = await startServer({ env });
    await using other = await startServer({ env });
    const run = await ended(one);

    assertEquals([run.state, run.missing], ["done", 60]);
    assertEquals((await repaired(other, "missing")).length, 60);
    const body = { sdkAppId: APP, dryRun: true };
    const statuses: number[] = [];
    for (const server of [one, other]) {
      const response = await fetch(`${server.origin}${RUNS}`, {
        method: "POST",
        headers: { authorization: `Bearer ${API_TOKEN}` },
        body: JSON.stringify(body),
      });
      statuses.push(response.status);
      await response.body?.cancel();
    }
    assertEquals(statuses.toSorted(), [202, 409]);
  },
);
