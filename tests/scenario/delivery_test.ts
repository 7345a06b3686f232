import { assert, assertEquals } from "@std/assert";
import { bodyOf } from "../support/server/callback.ts";
import { type Server, startServer } from "../support/server/server.ts";
import { until } from "../support/until.ts";

const PRIVATE = ["--allow-private-endpoints"];

/** A receiver that remembers the numbers it was sent, and can be stopped on its port. */
function startReceiver(port = 0) {
  const ids: string[] = [];
  const options = { hostname: "127.0.0.1", port, onListen() {} };
  const server = Deno.serve(options, async (request) => {
    await request.text();
    ids.push(request.headers.get("webhook-id") ?? "");
    return new Response(null, { status: 204 });
  });
  return {
    ids,
    port: server.addr.port,
    /** Numbers in the order in which each came first. */
    get firsts(): number[] {
      return [...new Set(ids)].map((id) => Number(id.split("-").at(-1)));
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function sendCallbacks(server: Server, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent++) {
    const answer = await server.send({ body: bodyOf() });
    assertEquals((await answer.json()).ErrorCode, 0);
  }
}

const upTo = (last: number) =>
  Array.from({ length: last }, (_, index) => index + 1);

Deno.test("serve delivers everything in order though it is killed while it delivers", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  await using receiver = startReceiver();
  const url = `http://127.0.0.1:${receiver.port}/`;
  let expected = 0;
  for (const kill of [40, 90, 170]) {
    await using server = await startServer({ folder, flags: PRIVATE });
    if (expected === 0) {
      await (await server.post("/v1/endpoints", { url })).body?.cancel();
    }
    expected += 100;
    const sending = sendCallbacks(server, 100);
    await until(
      `${kill} arrive`,
      () => receiver.ids.length >= kill ? true : undefined,
    );
    await sending;
    server.child.kill("SIGKILL");
    await server.child.ended();
  }
  {
    await using _server = await startServer({ folder, flags: PRIVATE });
    await until(
      "all arrive",
      () => receiver.firsts.length === expected ? true : undefined,
    );
  }

  assertEquals(receiver.firsts, upTo(expected));
  const journals = receiver.ids.map((id) => id.slice(0, id.lastIndexOf("-")));
  assertEquals(new Set(journals).size, 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve keeps what comes while a receiver is down, and delivers it when it is up again", async () => {
  await using server = await startServer({ flags: PRIVATE });
  const first = startReceiver();
  const url = `http://127.0.0.1:${first.port}/`;
  const made = await server.post("/v1/endpoints", {
    url,
    retrySeconds: [0, 0],
  });
  const { id } = await made.json();
  await sendCallbacks(server, 10);
  await until("ten arrive", () => first.ids.length >= 10 ? true : undefined);
  await first[Symbol.asyncDispose]();
  await sendCallbacks(server, 10);
  const held = await until(
    "the endpoint is held",
    () => server.logged("Endpoint is held")[0],
  );
  assertEquals(held.endpoint, id);
  await using second = startReceiver(first.port);
  const resumed = await server.post(`/v1/endpoints/${id}/resume`, {});
  await resumed.body?.cancel();
  await until("the rest", () => second.ids.length >= 10 ? true : undefined);

  assertEquals(second.firsts, upTo(20).slice(10));
  await until(
    "the recovery is told",
    () => server.logged("Endpoint has recovered")[0],
  );
  assert(!server.child.stdout.includes(url), "The log names a URL");
});

Deno.test("serve refuses an endpoint inside the network unless it is allowed", async () => {
  await using server = await startServer();
  for (const host of ["https://127.0.0.1", "https://[::ffff:10.0.0.1]"]) {
    const error = await server.post("/v1/endpoints", { url: host })
      .then(() => "", String);
    assert(error.includes('"parameter":"url"'), error);
  }
});
