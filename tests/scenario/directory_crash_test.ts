import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { APP } from "../support/server/callback.ts";
import { seeded } from "../support/seeded.ts";
import { type Server, startServer } from "../support/server/server.ts";
import { until } from "../support/until.ts";

const KILLS = 5;
const CALLBACKS = 300;
const GROUPS = 12;
const USERS = 80;
const START_MS = Date.UTC(2026, 0, 1);

Deno.test("serve has the same directory after kills as one that is folded from the start", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-directory-" });
  const seed = Math.floor(Math.random() * 2 ** 32);
  await t.step(`seed ${seed}`, async () => {
    const { below } = seeded(seed);
    for (let kill = 0; kill < KILLS; kill++) {
      await using server = await startServer({ folder });
      const sent = Array.from(
        { length: CALLBACKS },
        (_, n) => send(server, { below, n: kill * CALLBACKS + n }),
      );
      await Promise.all(sent);
      await delay(below(40));
      server.child.kill("SIGKILL");
      await server.child.status;
    }
    await using server = await startServer({ folder });
    await folded(server);
    const killed = await shown(server);

    await (await server.post("/v1/directory/rebuild", {})).body?.cancel();
    await folded(server);

    assertEquals(killed, await shown(server));
    assertEquals(Object.keys(killed.groups).length > 0, true);
  });
  await Deno.remove(folder, { recursive: true });
});

/** Sends one callback of a random history; what a kill refuses is not in the journal either. */
async function send(
  server: Server,
  { below, n }: {
    readonly below: (bound: number) => number;
    readonly n: number;
  },
): Promise<void> {
  const users = Array.from({ length: 1 + below(9) }, () => ({
    Member_Account: `u${below(USERS)}`,
  }));
  const [command, fields] = ([
    ["CreateGroup", { Owner_Account: "u0", Name: `n${n}`, MemberList: users }],
    ["NewMemberJoin", { NewMemberList: users }],
    ["NewMemberJoin", { NewMemberList: users }],
    ["MemberExit", { ExitMemberList: users }],
    ["GroupInfoChanged", { Name: `m${n}` }],
    ["GroupDestroyed", {}],
  ] as const)[below(100) === 0 ? 5 : below(5)] ?? ["GroupFull", {}];
  const word = `Group.CallbackAfter${command}`;
  const body = JSON.stringify({
    CallbackCommand: word,
    GroupId: `g${below(GROUPS)}`,
    Type: "Public",
    ...fields,
    EventTime: START_MS + below(1_000_000),
  });
  const response = await server.send({ body, command: word });
  assertEquals((await response.json()).ErrorCode, 0);
}

/** Waits until the directory has all of the journal, and no rebuild is under way. */
async function folded(server: Server): Promise<void> {
  await until("the directory is complete", async () => {
    const status = await (await server.get("/v1/directory")).json();
    return status.building === undefined && status.lag.events === 0
      ? status
      : undefined;
  });
}

/** Everything that the API shows of groups, members, timelines, and the counts of days. */
async function shown(server: Server) {
  const page = await (await server.get("/v1/groups?limit=1000")).json();
  const groups: Record<string, unknown> = {};
  for (const group of page.items) {
    const path = `/v1/groups/${APP.id}/${group.groupId}`;
    const { items: members } =
      await (await server.get(`${path}/members?limit=1000`))
        .json();
    const { items: events } =
      await (await server.get(`${path}/events?limit=200`))
        .json();
    const ids = events.map(({ id }: { id: string }) => id);
    groups[group.groupId] = { group, members, ids };
  }
  const stats = await (await server.get("/v1/stats")).json();
  return { groups, totals: stats.groups };
}
