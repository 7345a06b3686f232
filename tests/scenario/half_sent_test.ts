import { assert, assertEquals } from "@std/assert";
import { assertAck } from "../support/server/ack.ts";
import { bodyOf, queryOf } from "../support/server/callback.ts";
import {
  openRaw,
  type RawAnswer,
  type RawConnection,
} from "../support/server/raw_http.ts";
import {
  API_TOKEN,
  type Server,
  startServer,
} from "../support/server/server.ts";

const LENGTH = 786_000;
const HALF = "x".repeat(780_000);
const PATIENCE_MS = 20_000;
const UNSIGNED_ID = 1_400_000_009;

/** Sends a body that stops before its end. */
async function sendHalf(
  port: number,
  { target, headers = {}, body = HALF }: {
    readonly target: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  },
): Promise<RawConnection> {
  const connection = await openRaw(port);
  const length = { "content-length": LENGTH };
  await connection.sendHead(target, { headers: { ...headers, ...length } });
  // A server that has given the body up may close before all is sent.
  await connection.send(body).catch(() => {});
  return connection;
}

/** Sends bodies that stop half-way until the first of them is answered. */
async function pushOut(
  server: Server,
  options: Omit<Parameters<typeof sendHalf>[1], "body">,
): Promise<RawAnswer> {
  using oldest = await sendHalf(server.port, options);
  using others = new DisposableStack();
  let answer: RawAnswer | undefined;
  const answering = oldest.readAnswer().then((it) => answer = it);
  const untilMs = performance.now() + PATIENCE_MS;
  // Only bodies under way for a while give way, so newcomers go on coming.
  while (answer === undefined && performance.now() < untilMs) {
    const batch = Array.from(
      { length: 10 },
      () => sendHalf(server.port, options),
    );
    for (const one of await Promise.all(batch)) others.use(one);
  }
  return await answering;
}

/** Memory of the server's process that is in use, MiB. */
function memoryOf(server: Server): number {
  const status = Deno.readTextFileSync(`/proc/${server.child.pid}/status`);
  const [, kib = "NaN"] = /VmRSS:\s+(\d+) kB/.exec(status) ?? [];
  return Number(kib) / 1024;
}

/** Sends honest callbacks, so that the server has what it needs to answer them. */
async function sendHonest(server: Server, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent++) {
    await assertAck(await server.send({ body: bodyOf() }), { code: 0 });
  }
}

Deno.test({
  name:
    "serve holds little of 400 bodies that stop half-way, and answers others meanwhile",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using server = await startServer();
    await sendHonest(server, 50);
    const idle = memoryOf(server);
    let peak = idle;
    const connections: RawConnection[] = [];
    const target = `/?${queryOf()}`;
    for (let round = 0; round < 20; round++) {
      const batch = Array.from(
        { length: 20 },
        () => sendHalf(server.port, { target }),
      );
      connections.push(...await Promise.all(batch));
      await sendHonest(server, 1);
      peak = Math.max(peak, memoryOf(server));
    }
    const codes = await Promise.all(connections.map(async (connection) => {
      const { status, text } = await connection.readAnswer();
      peak = Math.max(peak, memoryOf(server));
      return `${status} ${JSON.parse(await text()).ErrorCode}`;
    }));
    await sendHonest(server, 1);
    for (const connection of connections) connection[Symbol.dispose]();

    // Given up for newcomers, late at the last, or refused where none could go.
    const others = new Set(codes).difference(
      new Set(["408 40800", "503 50301"]),
    );
    assertEquals([...others], []);
    assert(peak - idle <= 150, `${idle} MiB idle, ${peak} MiB at the peak`);
  },
});

Deno.test("serve gives up the oldest half-sent bodies of an app without a token for newer ones", async () => {
  await using server = await startServer({
    flags: ["--allow-unsigned"],
    env: { [`IMHOOK_APP_${UNSIGNED_ID}`]: "" },
  });
  const target = `/?SdkAppid=${UNSIGNED_ID}&CallbackCommand=x`;
  const answer = await pushOut(server, { target });

  assertEquals(answer.headers.get("connection"), "close");
  await assertAck(answer, {
    status: 408,
    code: 40800,
    info: "Body: given up for newer ones, as too many were under way",
  });
  // Those of an app with a token have more room.
  await sendHonest(server, 1);
});

Deno.test("serve holds nothing of a body before its app and Sign are right", async () => {
  await using server = await startServer();
  const edit = (query: URLSearchParams) => query.set("Sign", "0".repeat(64));
  const target = `/?${queryOf({ edit })}`;
  using connection = await sendHalf(server.port, { target, body: "{" });

  await assertAck(await connection.readAnswer(), { status: 401, code: 40101 });
});

Deno.test("serve gives up an API body whose sender stops", async () => {
  await using server = await startServer();
  const headers = { authorization: `Bearer ${API_TOKEN}` };
  const answer = await pushOut(server, { target: "/v1/import", headers });

  assertEquals(answer.status, 408);
  assertEquals(answer.headers.get("connection"), "close");
  assertEquals(answer.headers.get("content-type"), "application/problem+json");
});
