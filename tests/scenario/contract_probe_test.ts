import { assertEquals } from "@std/assert";
import { assertAck } from "../support/server/ack.ts";
import { bodyOf, queryOf } from "../support/server/callback.ts";
import { KeptReader } from "../support/server/kept.ts";
import { openRaw } from "../support/server/raw_http.ts";
import { type Server, startServer } from "../support/server/server.ts";

const NOTHING = { journal: 0, quarantine: 0 };
const FORBIDDEN = { status: 403, code: 40300 };
const UNSIGNED = { status: 401, code: 40100 };
const WRONG_SIGN = { status: 401, code: 40101 };

const withoutSign = (query: URLSearchParams) => query.delete("Sign");
const badSign = (query: URLSearchParams) => query.set("Sign", "0".repeat(64));

const METHODS = ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PURGE"];

Deno.test("serve answers 405 with Allow to any other method", async (t) => {
  await using server = await startServer();
  const kept = new KeptReader(server);
  for (const method of METHODS) {
    await t.step(method, async () => {
      using connection = await openRaw(server.port);
      await connection.sendHead(`/?${queryOf()}`, { method });
      const answer = await connection.readAnswer();
      await assertAck(answer, { status: 405, code: 40500 });
      assertEquals(answer.headers.get("allow"), "GET, HEAD, POST");
      assertEquals(await kept.count(), NOTHING);
    });
  }
});

const CHUNKED = { "transfer-encoding": "chunked" };
const EMPTY = { "content-length": 0 };

interface Probe {
  readonly name: string;
  readonly method: "GET" | "POST";
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string;
}

const PROBES: readonly Probe[] = [
  { name: "GET", method: "GET" },
  { name: "GET with a good query", method: "GET", query: queryOf() },
  { name: "GET with a bad query", method: "GET", query: "SdkAppid=7" },
  { name: "POST of length 0", method: "POST", headers: EMPTY },
  { name: "POST without a length", method: "POST" },
  { name: "POST of an empty query", method: "POST", query: "", headers: EMPTY },
  {
    name: "POST of no chunk",
    method: "POST",
    headers: CHUNKED,
    body: "0\r\n\r\n",
  },
];

Deno.test("serve answers a probe, counts it and keeps nothing", async (t) => {
  await using server = await startServer();
  for (const { name, query, ...probe } of PROBES) {
    await t.step(name, async () => {
      using connection = await openRaw(server.port);
      const target = query === undefined ? "/" : `/?${query}`;
      await connection.sendHead(target, probe);
      await assertAck(await connection.readAnswer(), { code: 0, info: "" });
    });
  }
  await t.step("HEAD", async () => {
    const answer = await fetch(server.origin, { method: "HEAD" });
    assertEquals(answer.status, 200);
    assertEquals(answer.headers.get("content-type"), "application/json");
    assertEquals(await answer.text(), "");
  });
  assertEquals(await new KeptReader(server).count(), NOTHING);
  assertEquals(await probesCounted(server), PROBES.length + 1);
});

Deno.test("serve takes a small object from nobody for a probe, and logs names alone", async () => {
  await using server = await startServer();
  const url = `${server.origin}/?check=${"secret".repeat(3)}`;
  const body = bodyOf();
  await assertAck(await fetch(url, { method: "POST", body }), { code: 0 });
  await assertAck(await fetch(url, { method: "POST", body: "{}" }), {
    code: 0,
  });
  assertEquals(await new KeptReader(server).count(), NOTHING);
  assertEquals(await probesCounted(server), 2);
  const [line, ...others] = server.logged("Probe answered");
  assertEquals(others, []);
  assertEquals(
    [line?.method, line?.bodyLength, line?.queryNames],
    ["POST", body.length, ["check"]],
  );
  assertEquals(server.child.stdout.includes("secret".repeat(3)), false);
});

Deno.test("serve does not take a POST with a large body or a query for a probe", async (t) => {
  await using server = await startServer();
  await t.step("a body with a length and no query", async () => {
    const body = bodyOf({ Name: "x".repeat(1_024) });
    await assertAck(
      await fetch(server.origin, { method: "POST", body }),
      FORBIDDEN,
    );
  });
  await t.step("a chunked body and no query", async () => {
    using connection = await openRaw(server.port);
    const headers = { "transfer-encoding": "chunked" };
    await connection.sendHead("/", { headers, body: "2\r\n{}\r\n0\r\n\r\n" });
    await assertAck(await connection.readAnswer(), FORBIDDEN);
  });
  await t.step("a query and no body", async () => {
    const answer = await server.send({ body: "", edit: withoutSign });
    await assertAck(answer, UNSIGNED);
  });
  assertEquals(await new KeptReader(server).count(), NOTHING);
  assertEquals(await probesCounted(server), 0);
});

Deno.test("serve refuses an unauthentic query without waiting for its body", async () => {
  await using server = await startServer();
  using connection = await openRaw(server.port);
  const headers = { "content-length": 1_000 };
  const target = `/?${queryOf({ edit: badSign })}`;
  await connection.sendHead(target, { headers, body: "{" });
  await assertAck(await connection.readAnswer(), WRONG_SIGN);
});

Deno.test("serve keeps a connection usable after a refusal", async () => {
  await using server = await startServer();
  using connection = await openRaw(server.port);
  for (const changes of [{ edit: badSign }, { sdkAppId: 7 }, {}]) {
    const body = bodyOf();
    const headers = { "content-length": body.length };
    await connection.sendHead(`/?${queryOf(changes)}`, { headers, body });
    const { status } = await connection.readAnswer();
    assertEquals(status === 200, Object.keys(changes).length === 0);
  }
});

Deno.test("serve answers no query with a 5xx", async () => {
  await using server = await startServer();
  for (
    const query of ["%", "%ff=%00", "&&==", "=", "SdkAppid", "?".repeat(9)]
  ) {
    const url = `${server.origin}/?${query}`;
    const body = bodyOf({ Name: "x".repeat(1_024) });
    await assertAck(await fetch(url, { method: "POST", body }), FORBIDDEN);
  }
});

/** Stops the server and reads what it has counted. */
async function probesCounted(server: Server): Promise<unknown> {
  await server.child.stop();
  return server.logged("Stopped")[0]?.probe;
}
