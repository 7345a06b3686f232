import { assertEquals } from "@std/assert";
import * as v from "valibot";
import { GroupPageSchema } from "../../src/http/groups/schemas.ts";
import { StatsSchema } from "../../src/http/health/stats_schemas.ts";
import { APP, bodyOf, queryOf } from "../support/server/callback.ts";
import { type Server, startServer } from "../support/server/server.ts";
import { until } from "../support/until.ts";

const GROUP_ID = "room #1/a";

/** The groups that a server lists, once it has folded so many events. */
async function groupsAt(server: Server, through: number) {
  return await until(`the directory is at ${through}`, async () => {
    const page = await (await server.get("/v1/groups")).json();
    const isThere = page.through === String(through);
    return isThere ? v.parse(GroupPageSchema, page).items : undefined;
  });
}

async function statsOf(server: Server) {
  return v.parse(StatsSchema, await (await server.get("/v1/stats")).json());
}

Deno.test("serve shows a group that a callback told of, also after a rebuild", async () => {
  await using server = await startServer();
  const body = bodyOf({ GroupId: GROUP_ID, Owner_Account: "alice" });
  await (await server.send({ body })).body?.cancel();
  const [group] = await groupsAt(server, 1);
  const path = `/v1/groups/${APP.id}/${encodeURIComponent(GROUP_ID)}`;

  assertEquals([group?.groupId, group?.owner], [GROUP_ID, "alice"]);
  assertEquals(await (await server.get(path)).json(), group);
  const init = { method: "POST" };
  await (await server.get("/v1/directory/rebuild", init)).body?.cancel();
  await until("it is rebuilt", async () => {
    const { building, generation } = await (await server.get("/v1/directory"))
      .json();
    return building === undefined ? generation : undefined;
  });
  assertEquals(await (await server.get(path)).json(), group);
});

Deno.test("serve tells who sent what it refused, behind a trusted proxy", async () => {
  const env = { IMHOOK_TRUSTED_PROXIES: "127.0.0.0/8" };
  await using server = await startServer({ env });
  const headers = { "x-forwarded-for": "1.1.1.1, 198.51.100.7" };
  for (let n = 0; n < 3; n++) {
    const url = `${server.origin}/?${queryOf({ token: "wrong" })}`;
    const init = { method: "POST", body: bodyOf(), headers };
    await (await fetch(url, init)).body?.cancel();
  }
  const { intake, alerts } = await statsOf(server);

  assertEquals(
    intake.rejects.map(({ code, count, lastAddress }) => [
      code,
      count,
      lastAddress,
    ]),
    [[40101, 3, "198.51.100.7"]],
  );
  assertEquals(alerts.map(({ id }) => id), ["wrongSign"]);
  const [line] = server.logged("Callback refused or set aside");
  assertEquals(line?.clientIp, "198.51.100.7");
});

Deno.test("serve believes no proxy that it was not told of", async () => {
  await using server = await startServer();
  const headers = { "x-forwarded-for": "198.51.100.7" };
  const url = `${server.origin}/?${queryOf({ token: "wrong" })}`;
  const init = { method: "POST", body: bodyOf(), headers };
  await (await fetch(url, init)).body?.cancel();

  const { intake } = await statsOf(server);
  assertEquals(intake.rejects[0]?.lastAddress, "127.0.0.1");
});
