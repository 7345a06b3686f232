import { assertEquals } from "@std/assert";
import { assertAck } from "../support/server/ack.ts";
import {
  BEFORE_COMMAND,
  BODY_MAX_BYTES,
  bodyOf,
  bodyOfSize,
  chunked,
  queryOf,
} from "../support/server/callback.ts";
import { KeptReader } from "../support/server/kept.ts";
import { openRaw } from "../support/server/raw_http.ts";
import { startServer } from "../support/server/server.ts";
import { until } from "../support/until.ts";

/** Before commands, and where each ends although it is answered OK. */
const BEFORE_ROWS = [
  { name: "a valid body", body: bodyOf(), journal: 1, quarantine: 0 },
  { name: "no JSON", body: "?", journal: 0, quarantine: 1 },
  {
    name: "no GroupId",
    body: bodyOf({ GroupId: undefined }),
    journal: 0,
    quarantine: 1,
  },
  {
    name: "a body too large",
    body: bodyOfSize(BODY_MAX_BYTES + 1),
    journal: 0,
    quarantine: 0,
  },
  {
    name: "a body too large in chunks",
    chunked: bodyOfSize(BODY_MAX_BYTES + 1),
    journal: 0,
    quarantine: 0,
  },
];

Deno.test("serve answers an authentic before command with OK whatever happens", async (t) => {
  await using server = await startServer();
  const kept = new KeptReader(server);
  for (const { name, body, chunked: bytes, ...outcome } of BEFORE_ROWS) {
    await t.step(name, async () => {
      const sent = await server.send({
        command: BEFORE_COMMAND,
        body: bytes === undefined ? body ?? "" : chunked(bytes),
      });
      await assertAck(sent, { code: 0, info: "" });
      assertEquals(await kept.count(), outcome);
    });
  }
});

Deno.test("serve answers a before command long before its half-sent body is given up", async () => {
  await using server = await startServer();
  const headers = { "content-length": 99 };
  using after = await openRaw(server.port);
  await after.sendHead(`/?${queryOf()}`, { headers, body: "{" });
  using before = await openRaw(server.port);
  const target = `/?${queryOf({ command: BEFORE_COMMAND })}`;
  await before.sendHead(target, { headers, body: "{" });
  const codes: number[] = [];
  await Promise.all([after, before].map(async (connection) => {
    const answer = await connection.readAnswer();
    codes.push(answer.status);
  }));
  assertEquals(codes, [200, 408]);
});

Deno.test("serve keeps a before command whose body is complete after the answer", async () => {
  await using server = await startServer();
  using connection = await openRaw(server.port);
  const body = bodyOf();
  const headers = { "content-length": new TextEncoder().encode(body).length };
  const target = `/?${queryOf({ command: BEFORE_COMMAND })}`;
  await connection.sendHead(target, { headers, body: body.slice(0, 9) });
  await assertAck(await connection.readAnswer(), { code: 0 });
  await connection.send(body.slice(9));
  const [event] = await until("the event is kept", async () => {
    const events = await server.events();
    return events.length > 0 ? events : undefined;
  });
  assertEquals(event?.data, JSON.parse(body));
});

Deno.test("serve refuses a before command that is not authentic", async () => {
  await using server = await startServer();
  const body = bodyOf();
  const sent = { command: BEFORE_COMMAND, body };
  await assertAck(await server.send({ ...sent, token: "other" }), {
    status: 401,
    code: 40101,
  });
  await assertAck(await server.send({ ...sent, sdkAppId: 7 }), {
    status: 403,
    code: 40300,
  });
  const kept = new KeptReader(server);
  assertEquals(await kept.count(), { journal: 0, quarantine: 0 });
});
