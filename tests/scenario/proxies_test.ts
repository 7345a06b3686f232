import { assert, assertEquals } from "@std/assert";
import { assertAck } from "../support/server/ack.ts";
import {
  BODY_MAX_BYTES,
  bodyOf,
  bodyOfSize,
  queryOf,
} from "../support/server/callback.ts";
import {
  freePort,
  type Proxy,
  startCaddy,
  startNginx,
} from "../support/server/proxies.ts";
import { needs, run } from "../support/server/readme.ts";
import { startServer } from "../support/server/server.ts";
import { until } from "../support/until.ts";

const CALLBACKS = 4_000;
const SENDERS = 4;
const RESTARTS: readonly Deno.Signal[] = [
  "SIGTERM",
  "SIGKILL",
  "SIGTERM",
  "SIGKILL",
];

const PROXIES = [
  { name: "Caddy", start: startCaddy, ...await needsCaddy() },
  {
    name: "nginx",
    start: startNginx,
    ...await needs("nginx", ["nginx", "-v"]),
  },
];

/** Older ones cannot retry a POST, and refuse the manual's file. */
async function needsCaddy(): Promise<{ readonly ignore: boolean }> {
  const { said } = await run(["caddy", "version"]);
  const [, major = 0, minor = 0, patch = 0] =
    /^v(\d+)\.(\d+)\.(\d+)/.exec(said)?.map(Number) ?? [];
  const isNew = major * 10_000 + minor * 100 + patch >= 2_11_02;
  // deno-lint-ignore no-console -- a skipped test says why
  if (!isNew) console.log("No Caddy from 2.11.2 here: its tests are skipped");
  return { ignore: !isNew };
}

/** A folder, and a server in it that has this port whenever it is started. */
async function openPlace() {
  const folder = await Deno.makeTempDir({ prefix: "imhook-proxy-" });
  const upstreamPort = freePort();
  const env = { IMHOOK_LISTEN: `127.0.0.1:${upstreamPort}` };
  return {
    folder,
    upstreamPort,
    startServer: () => startServer({ folder, env }),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

function sendThrough(
  { port }: Proxy,
  { body, path = "/" }: { readonly body: BodyInit; readonly path?: string },
): Promise<Response> {
  const url = `http://127.0.0.1:${port}${path}?${queryOf()}`;
  return fetch(url, { method: "POST", body });
}

for (const { name, start, ignore } of PROXIES) {
  Deno.test({
    name: `${name} with the manual's file passes callbacks on and nothing else`,
    ignore,
    fn: async () => {
      await using place = await openPlace();
      await using server = await place.startServer();
      await using proxy = await start(place);
      const largest = bodyOfSize(BODY_MAX_BYTES);
      const tooLarge = bodyOfSize(BODY_MAX_BYTES + 1);

      await assertAck(await sendThrough(proxy, { body: bodyOf() }), {
        code: 0,
      });
      await assertAck(await sendThrough(proxy, { body: largest }), { code: 0 });
      const refused = await sendThrough(proxy, { body: tooLarge });
      await assertAck(refused, { status: 413, code: 41300 });
      for (const path of ["/v1/events", "/metrics", "/console", "/readyz"]) {
        const answer = await sendThrough(proxy, { body: "{}", path });
        await answer.body?.cancel();
        assertEquals([path, answer.status], [path, 404]);
      }
      assertEquals((await server.events()).length, 2);
    },
  });

  Deno.test({
    name: `${name} with the manual's file logs no Sign, whatever fails`,
    ignore,
    fn: async () => {
      await using place = await openPlace();
      // Nothing answers there: it takes the connection and is gone.
      using rude = Deno.listen({
        hostname: "127.0.0.1",
        port: place.upstreamPort,
      });
      const closing = closeAll(rude);
      const proxy = await start({ ...place, patience: "100ms" });
      const query = queryOf();
      const response = await fetch(`http://127.0.0.1:${proxy.port}/?${query}`, {
        method: "POST",
        body: bodyOf(),
      });
      await response.body?.cancel();
      assertEquals(response.status, 502);
      await proxy[Symbol.asyncDispose]();
      rude.close();
      await closing;

      const log = await proxy.log();
      const sign = new URLSearchParams(query).get("Sign") ?? "";
      assert(sign.length === 64 && log !== "", log);
      assertEquals(log.includes(sign), false, log);
    },
  });
}

/** Ends each connection at once, without an answer. */
async function closeAll(listener: Deno.Listener): Promise<void> {
  for await (const connection of listener) connection.close();
}

/** Sends callbacks one after the other, until there are as many as wanted. */
async function sendAll(proxy: Proxy, next: () => boolean): Promise<void> {
  while (next()) {
    await assertAck(await sendThrough(proxy, { body: bodyOf() }), { code: 0 });
  }
}

Deno.test({
  name:
    `${CALLBACKS} callbacks through Caddy during four restarts: none is lost, none is there twice`,
  ignore: PROXIES[0]?.ignore ?? true,
  fn: async () => {
    await using place = await openPlace();
    const servers = [await place.startServer()];
    await using proxy = await startCaddy(place);
    let sent = 0;
    const restart = async (signal: Deno.Signal, index: number) => {
      const due = CALLBACKS / (RESTARTS.length + 1) * (index + 1);
      await until("a part has been sent", () => sent > due || undefined);
      servers.at(-1)?.child.kill(signal);
      await servers.at(-1)?.child.ended();
      servers.push(await place.startServer());
    };
    const restartAll = async () => {
      for (const [index, signal] of RESTARTS.entries()) {
        await restart(signal, index);
      }
    };
    const senders = Array.from(
      { length: SENDERS },
      () => sendAll(proxy, () => ++sent <= CALLBACKS),
    );
    await Promise.all([restartAll(), ...senders]);

    await using server = servers.at(-1);
    const subjects = (await server?.events() ?? []).map(({ subject }) =>
      subject
    );
    assertEquals(subjects.length, CALLBACKS);
    assertEquals(new Set(subjects).size, CALLBACKS);
  },
});
