import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  openLocal,
  postOnce,
  postTo,
  shortOf,
} from "../../support/delivery/outbound_fixture.ts";
import {
  always,
  answerOf,
  startRawReceiver,
} from "../../support/delivery/raw_receiver.ts";

Deno.test("post() sends headers, length and bytes as they are", async () => {
  const seen = Promise.withResolvers<string>();
  await using receiver = startRawReceiver(async ({ request, send }) => {
    seen.resolve(await request() ?? "");
    await send(answerOf(200));
  });

  await postOnce(receiver.port, { headers: { "webhook-id": "j-1" } });

  const [head = "", body] = (await seen.promise).split("\r\n\r\n");
  assertMatch(head, /^POST \/hook\?key=hidden HTTP\/1\.1\r\n/);
  assertMatch(head, /^webhook-id: j-1\r$/m);
  assertMatch(head, /^content-length: 10\r$/im);
  assertEquals(body, '{"a":"é"}');
});

Deno.test("post() gives status, headers and the body's start", async () => {
  await using receiver = startRawReceiver(
    always(answerOf(429, { body: "slow down", headers: "Retry-After: 7\r\n" })),
  );

  const outcome = await postOnce(receiver.port, { maxResponseBytes: 4 });

  assert(outcome.kind === "answer");
  assertEquals(outcome.status, 429);
  assertEquals(outcome.headers["retry-after"], "7");
  assertEquals(outcome.bodyStart, "slow");
  assert(outcome.durationMs > 0);
});

Deno.test("post() follows no redirect", async () => {
  await using elsewhere = startRawReceiver(always(answerOf(200)));
  const location = `location: http://127.0.0.1:${elsewhere.port}/\r\n`;
  for (const status of [301, 302, 303, 307, 308]) {
    await using receiver = startRawReceiver(
      always(answerOf(status, { headers: location })),
    );
    assertEquals(shortOf(await postOnce(receiver.port)), status);
  }
  assertEquals(elsewhere.connections(), 0);
});

Deno.test("post() keeps a connection for the next request", async () => {
  await using receiver = startRawReceiver(always(answerOf(204)));
  using outbound = openLocal();

  for (let count = 0; count < 20; count++) {
    await postTo(outbound, receiver.port);
  }

  assertEquals(receiver.connections(), 1);
});

Deno.test("post() keeps no request waiting for others of its host", async () => {
  await using receiver = startRawReceiver(always(answerOf(200)));
  using outbound = openLocal();

  const outcomes = await Promise.all(
    Array.from({ length: 100 }, () => postTo(outbound, receiver.port)),
  );

  assertEquals(outcomes.map(shortOf), Array(100).fill(200));
  assertEquals(receiver.connections(), 100);
});

Deno.test("post() sends again when an idle connection was closed", async () => {
  await using receiver = startRawReceiver(async ({ request, send }) => {
    await request();
    await send(answerOf(200));
    // The next request on this connection meets a closed door.
    await request();
  });
  using outbound = openLocal();

  const statuses = [];
  for (let count = 0; count < 3; count++) {
    statuses.push(shortOf(await postTo(outbound, receiver.port)));
  }

  assertEquals(statuses, [200, 200, 200]);
  assertEquals(receiver.connections(), 3);
});

Deno.test("post() reads no further than its bound", async () => {
  let sentBytes = 0;
  await using receiver = startRawReceiver(async ({ request, send }) => {
    await request();
    await send("HTTP/1.1 200 OK\r\n\r\n");
    for (;;) {
      await send("x".repeat(65_536));
      sentBytes += 65_536;
    }
  });

  const outcome = await postOnce(receiver.port);

  assert(outcome.kind === "answer");
  assertEquals(outcome.bodyStart, "x".repeat(1000));
  // What the sockets of both sides hold, and no more.
  assert(sentBytes < 32 * 2 ** 20);
});
