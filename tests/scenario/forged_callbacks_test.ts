import { assert, assertEquals } from "@std/assert";
import { APP } from "../support/server/callback.ts";
import { type Server, startServer } from "../support/server/server.ts";
import { until } from "../support/until.ts";

const FORGED_MS = Date.UTC(2100, 0, 1);
const IGNORED = "/v1/directory/ignored-senders";

/** Sends callbacks of the group "g" one after the other. */
async function tell(
  server: Server,
  ...told: readonly (readonly [word: string, body: Record<string, unknown>])[]
): Promise<void> {
  for (const [word, fields] of told) {
    const command = `Group.CallbackAfter${word}`;
    const body = { GroupId: "g", Type: "Public", ...fields };
    const answer = await server.send({
      command,
      body: JSON.stringify({ CallbackCommand: command, ...body }),
    });
    assertEquals((await answer.json()).ErrorCode, 0);
  }
}

/** Settles when the directory has folded so many events. */
async function foldedThrough(server: Server, seq: number): Promise<void> {
  await until(`the directory is at ${seq}`, async () => {
    const { through, building } = await (await server.get("/v1/directory"))
      .json();
    const isThere = through === String(seq) && building === undefined;
    return isThere ? true : undefined;
  });
}

async function groupIn(server: Server) {
  return await (await server.get(`/v1/groups/${APP.id}/g`)).json();
}

Deno.test("a time of 2100 counts as 5 minutes from now, for whatever it says", async () => {
  await using server = await startServer();
  const forged = { EventTime: FORGED_MS };
  const startMs = Date.now();
  await tell(
    server,
    ["CreateGroup", { Owner_Account: "o", Name: "n", EventTime: startMs }],
    ["GroupInfoChanged", { Name: "forged", ...forged }],
    ["ChangeGroupOwner", { NewOwner_Account: "forger", ...forged }],
    // As late as a true event must be to be later than what was forged.
    ["GroupInfoChanged", { Name: "true", ...forged }],
    ["ChangeGroupOwner", { NewOwner_Account: "o", ...forged }],
  );
  await foldedThrough(server, 5);
  const { name, owner, changedAt } = await groupIn(server);
  const changedMs = Date.parse(changedAt);

  assertEquals([name, owner], ["true", "o"]);
  assert(changedMs > startMs && changedMs <= Date.now() + 5 * 60_000);
});

Deno.test("the groups of a forger vanish when their sender is ignored, and nothing else", async () => {
  await using server = await startServer({
    env: { IMHOOK_TRUSTED_PROXIES: "127.0.0.0/8" },
  });
  await tell(server, ["CreateGroup", {
    Name: "forged",
    EventTime: Date.now(),
  }]);
  await foldedThrough(server, 1);
  const groups = async () =>
    (await (await server.get("/v1/groups")).json()).items.length;
  assertEquals(await groups(), 1);

  const added = await server.post(IGNORED, { sender: "127.0.0.0/8" });
  const { id } = await added.json();
  await foldedThrough(server, 1);
  await tell(server, ["GroupInfoChanged", { Name: "again" }]);
  await foldedThrough(server, 2);

  assertEquals(await groups(), 0);
  assertEquals((await server.events()).length, 2);
  await server.get(`${IGNORED}/${id}`, { method: "DELETE" });
  await foldedThrough(server, 2);
  assertEquals((await groupIn(server)).name, "again");
});
