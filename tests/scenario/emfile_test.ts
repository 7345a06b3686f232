import { assertEquals } from "@std/assert";
import { assertAck } from "../support/server/ack.ts";
import { bodyOf } from "../support/server/callback.ts";
import { RawConnection } from "../support/server/raw_http.ts";
import { startServer } from "../support/server/server.ts";
import { until } from "../support/until.ts";

const FILES = 64;
/** So often it runs out while what it has accepted before stays open. */
const TIMES = 2;

Deno.test("serve survives running out of file descriptors", async () => {
  await using server = await startServer({
    before: ["sh", "-c", `ulimit -n ${FILES}; exec "$@"`, "sh"],
    env: { IMHOOK_LISTEN: `127.0.0.1:${freePort()}` },
  });
  await assertAck(await server.send({ body: bodyOf() }), { code: 0 });
  const open: (Deno.Conn | undefined)[] = [];
  for (let times = 1; times <= TIMES; times++) {
    await until(`it has run out ${times} times`, async () => {
      open.push(await connect(server.port));
      if (server.child.hasEnded) throw new Error(server.child.stderr);
      const ends = server.logged("Server ended; listening again");
      return ends.length >= times || undefined;
    });
  }
  for (const connection of open) connection?.close();
  await until("it answers on a new connection", () => isReady(server.port));
  await assertAck(await server.send({ body: bodyOf() }), { code: 0 });
  assertEquals((await server.events()).length, 2);
  assertEquals(server.child.hasEnded, false);
});

/** Nothing where the server does not listen just now, or drops what waits to be accepted. */
async function connect(port: number): Promise<Deno.Conn | undefined> {
  try {
    return await Deno.connect({ hostname: "127.0.0.1", port });
  } catch (error) {
    const { ConnectionRefused, ConnectionReset } = Deno.errors;
    if (error instanceof ConnectionRefused) return undefined;
    if (error instanceof ConnectionReset) return undefined;
    throw error;
  }
}

async function isReady(port: number): Promise<true | undefined> {
  const conn = await connect(port);
  if (conn === undefined) return undefined;
  using connection = new RawConnection(conn);
  await connection.sendHead("/readyz", { method: "GET" });
  const { status } = await connection.readAnswer();
  return status === 200 || undefined;
}

/** A port that stays the same when the server listens again. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
