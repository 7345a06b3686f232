import { assert, assertEquals } from "@std/assert";
import { connect } from "node:http2";
import { assertAck } from "../support/server/ack.ts";
import { API_TOKEN, startServer } from "../support/server/server.ts";
import { bodyOf, queryOf } from "../support/server/callback.ts";
import { KeptReader } from "../support/server/kept.ts";
import { openRaw } from "../support/server/raw_http.ts";
import { until } from "../support/until.ts";

const FORBIDDEN = { status: 403, code: 40300 };
const ODD_HOSTS = [
  "x/v1/groups?limit=1&name=",
  "x/openapi.json?",
  "x?a=1",
  "x#",
  "x\\y",
  "user@x",
  "a b",
];

Deno.test("serve reads no route from the Host header", async (t) => {
  await using server = await startServer();
  const authorization = `Bearer ${API_TOKEN}`;
  for (const host of ODD_HOSTS) {
    await t.step(host, async () => {
      for (const target of ["/", "/v1/events", "/healthz", "/nowhere"]) {
        using connection = await openRaw(server.port);
        const headers = { host, authorization };
        await connection.sendHead(target, { method: "GET", headers });
        assertEquals((await connection.readAnswer()).status, 400);
      }
    });
  }
});

Deno.test("serve reads no route from the Host header of HTTP/2", async () => {
  await using server = await startServer();
  const session = connect(server.origin);
  const ask = (headers: Record<string, string>) =>
    new Promise<unknown>((resolve, reject) => {
      const stream = session.request({ ":path": "/healthz", ...headers });
      stream.on("response", (answer) => resolve(answer[":status"]));
      stream.on("error", reject);
      stream.resume();
      stream.end();
    });
  try {
    const answers = await Promise.all([
      ask({}),
      ask({ host: "x/openapi.json?" }),
      ask({ ":authority": "user@127.0.0.1" }),
    ]);
    assertEquals(answers, [200, 400, 400]);
  } finally {
    await new Promise<void>((resolve) => session.close(() => resolve()));
  }
});

Deno.test("serve refuses a query of more than 8,192 characters", async () => {
  await using server = await startServer();
  const query = queryOf();
  const fill = `&${"a&".repeat(5_000)}`;
  const post = (search: string) =>
    fetch(`${server.origin}/?${search}`, { method: "POST", body: bodyOf() });

  await assertAck(await post((query + fill).slice(0, 8_192)), { code: 0 });
  const tooLong = {
    ...FORBIDDEN,
    info: "Query: expected at most 8192 characters",
  };
  await assertAck(await post((query + fill).slice(0, 8_193)), tooLong);
  const put = { method: "PUT", body: "x" };
  await assertAck(
    await fetch(`${server.origin}/?${"a".repeat(9_000)}`, put),
    tooLong,
  );
  await assertAck(await fetch(`${server.origin}/?${"a".repeat(9_000)}`), {
    code: 0,
  });
});

Deno.test("serve refuses senders that are not allowed, tells of them and keeps the others' address", async () => {
  await using server = await startServer({
    env: {
      IMHOOK_ALLOWED_SENDERS: "203.0.113.0/24",
      IMHOOK_TRUSTED_PROXIES: "127.0.0.1",
    },
  });
  const from = (address: string) =>
    fetch(`${server.origin}/?${queryOf()}`, {
      method: "POST",
      body: bodyOf(),
      headers: { "x-forwarded-for": address },
    });

  await assertAck(await from("203.0.113.9"), { code: 0 });
  await assertAck(await from("198.51.100.7"), { status: 403, code: 40301 });
  const events = await server.events();
  assertEquals(events.map(({ senderip }) => senderip), ["203.0.113.9"]);
  const [line] = server.logged("Callback refused or set aside");
  assertEquals([line?.code, line?.clientIp], [40301, "198.51.100.7"]);
});

Deno.test("serve warns at start of allowed senders behind a proxy that is not trusted", async () => {
  await using server = await startServer({
    env: { IMHOOK_ALLOWED_SENDERS: "203.0.113.0/24" },
  });
  await assertAck(await server.send({ body: bodyOf() }), {
    status: 403,
    code: 40301,
  });

  assert(server.child.stdout.includes("IMHOOK_ALLOWED_SENDERS is set"));
});

Deno.test("serve refuses a callback that has come through this journal or four others", async () => {
  await using server = await startServer();
  const relayed = (path: string) =>
    fetch(`${server.origin}/?${queryOf()}&relay=1`, {
      method: "POST",
      body: bodyOf(),
      headers: { "imhook-path": path },
    });
  await assertAck(await relayed("other"), { code: 0 });
  const [event] = await server.events();
  const own = event?.journalid ?? "";

  assertEquals([event?.imhookpath, event?.query], ["other", "relay=1"]);
  const refused = { status: 403, code: 40302 };
  await assertAck(await relayed(own), refused);
  await assertAck(await relayed(`other, ${own.toUpperCase()}`), refused);
  await assertAck(await relayed("a,b,c,d"), refused);
  await assertAck(await relayed("a,b,c"), { code: 0 });
});

Deno.test("serve says of a sender that left that it left", async () => {
  await using server = await startServer();
  {
    using connection = await openRaw(server.port);
    const headers = { "content-length": 1_000 };
    const target = `/?${queryOf()}`;
    await connection.sendHead(target, { headers, body: "{" });
  }
  const line = await until(
    "the log tells of it",
    () => server.logged("Callback refused or set aside")[0],
  );

  assertEquals(
    [line.code, line.info],
    [40800, "Body: expected to its end; the sender closed the connection"],
  );
  assertEquals(await new KeptReader(server).count(), {
    journal: 0,
    quarantine: 0,
  });
});
