import { DatabaseSync } from "node:sqlite";
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { assertAck } from "../support/server/ack.ts";
import { bodyOf, queryOf } from "../support/server/callback.ts";
import { Ledger } from "../support/server/ledger.ts";
import { startLoad } from "../support/server/load.ts";
import { openRaw, type RawConnection } from "../support/server/raw_http.ts";
import { type Server, startServer } from "../support/server/server.ts";
import { until } from "../support/until.ts";

const IN_FLIGHT = 20;
const SENDERS = 16;
const BEFORE_SIGNAL = 200;
const SIGNALS: readonly Deno.Signal[] = ["SIGTERM", "SIGINT"];

Deno.test.each([...SIGNALS])(
  "serve answers what is in flight at %s, keeps it, and exits 0",
  async (signal) => {
    const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
    {
      await using server = await startServer({ folder });
      const halves = await Promise.all(
        Array.from({ length: IN_FLIGHT }, () => sendHalf(server.port)),
      );
      server.child.kill(signal);
      await until("it stops", () => isStopping(server));
      await Promise.all(halves.map(async ({ connection, rest }) => {
        await connection.send(rest);
        await assertAck(await connection.readAnswer(), { code: 0 });
      }));
      assertEquals((await server.child.ended()).code, 0);
      for (const { connection } of halves) connection[Symbol.dispose]();
      assertEquals(server.logged("Stopped")[0]?.kept, IN_FLIGHT);
    }
    await using server = await startServer({ folder });
    const kept = new Set((await server.events()).map((event) => event.subject));
    assertEquals(kept.size, IN_FLIGHT);
    await server.child.stop();
    await Deno.remove(folder, { recursive: true });
  },
);

Deno.test.each([...SIGNALS])(
  "serve exits 0 at %s although a client never sends the rest of its body",
  async (signal) => {
    await using server = await startServer();
    const { connection } = await sendHalf(server.port);
    using _ = connection;
    server.child.kill(signal);
    assertEquals(await server.child.ended(), exited(0));
  },
);

Deno.test("serve exits 0 although a client never sends the rest of its head", async () => {
  await using server = await startServer();
  using connection = await openRaw(server.port);
  await connection.send(`POST /?${queryOf()} HTTP/1.1\r\nHost:`);
  server.child.kill("SIGTERM");
  assertEquals(await server.child.ended(), exited(0));
});

Deno.test("serve answers a callback that waits for a hanging store, and exits 0", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  {
    await using server = await startServer({ folder });
    using other = new DatabaseSync(join(folder, "imhook.kv"));
    other.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
    const answering = server.send({ body: bodyOf() });
    await until("it waits", async () => {
      const metrics = await (await server.get("/metrics")).text();
      return /^imhook_queue_items 1$/m.test(metrics) || undefined;
    });

    server.child.kill("SIGTERM");

    await assertAck(await answering, { status: 503, code: 50300 });
    assertEquals(await server.child.ended(), exited(0));
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve is not hurt by further signals while it stops", async () => {
  await using server = await startServer();
  const { connection } = await sendHalf(server.port);
  using _ = connection;
  server.child.kill("SIGTERM");
  await until("it stops", () => isStopping(server));
  for (const signal of ["SIGTERM", "SIGINT", "SIGTERM"] as const) {
    server.child.kill(signal);
  }
  assertEquals(await server.child.ended(), exited(0));
});

Deno.test("serve loses nothing it acknowledged when it is stopped under load", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  const ledger = new Ledger();
  for (const signal of SIGNALS) {
    await using server = await startServer({ folder });
    await ledger.check(server);
    const load = startLoad(server, { senders: SENDERS, ledger });
    await until("some are kept", () => load.count > BEFORE_SIGNAL || undefined);
    server.child.kill(signal);
    await load.ended;
    assertEquals(await server.child.ended(), exited(0));
  }
  await using server = await startServer({ folder });
  await ledger.check(server);
  await server.child.stop();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve is ready once it listens, and gone once it has stopped", async () => {
  await using server = await startServer();
  const answer = await fetch(`${server.origin}/readyz`);
  assertEquals(answer.status, 200);
  const { status, reasons } = await answer.json();
  assertEquals({ status, reasons }, { status: "ready", reasons: [] });
  assertEquals(await server.child.stop(), exited(0));
  await assertRejects(() => openRaw(server.port));
});

Deno.test("serve refuses a KV file that another process owns, and names it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  {
    await using owner = await startServer({ folder });
    const { message } = await assertRejects(
      () => startServer({ folder }),
      Error,
    );
    assertEquals(
      message.includes(`process ${owner.child.pid} `),
      true,
      message,
    );
    assertEquals(message.includes("ended with 1"), true, message);
    await assertAck(await owner.send({ body: bodyOf() }), { code: 0 });
  }
  {
    await using next = await startServer({ folder });
    assertEquals((await next.events()).length, 1);
  }
  await Deno.remove(folder, { recursive: true });
});

/** Sends the first half of a callback and waits until the server reads its body. */
async function sendHalf(
  port: number,
): Promise<{ connection: RawConnection; rest: string }> {
  const connection = await openRaw(port);
  const body = bodyOf();
  const length = new TextEncoder().encode(body).length;
  await connection.sendHead(`/?${queryOf()}`, {
    headers: { "content-length": length, expect: "100-continue" },
    body: body.slice(0, 9),
  });
  await connection.readContinue();
  return { connection, rest: body.slice(9) };
}

/** True once the signal has arrived: it says that it is not ready, or listens no more. */
async function isStopping(server: Server): Promise<true | undefined> {
  try {
    const answer = await fetch(`${server.origin}/readyz`);
    await answer.body?.cancel();
    return answer.status === 503 || undefined;
  } catch (error) {
    if (error instanceof TypeError) return true;
    throw error;
  }
}

function exited(code: number): Deno.CommandStatus {
  return { success: code === 0, code, signal: null };
}
