import { assertEquals, assertRejects } from "@std/assert";
import type { HttpApp } from "../../src/http/app.ts";
import { listen, type ListenOptions } from "../../src/http/listen.ts";
import { openRaw } from "../support/server/raw_http.ts";

const HELLO: HttpApp = () => Promise.resolve(new Response("hello"));

/** Listens on a free port; `stop` ends that and gives back what listen() returned. */
async function start(app: HttpApp, options: Partial<ListenOptions> = {}) {
  const controller = new AbortController();
  const address = Promise.withResolvers<Deno.NetAddr>();
  const listening = listen(app, {
    hostname: "127.0.0.1",
    port: 0,
    signal: controller.signal,
    isReading: () => false,
    onListen: address.resolve,
    ...options,
  });
  const { port } = await address.promise;
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    stop: () => {
      controller.abort();
      return listening;
    },
  };
}

Deno.test("listen() serves until the signal", async () => {
  const { url, stop } = await start(HELLO);

  assertEquals(await (await fetch(url)).text(), "hello");
  assertEquals(await stop(), undefined);
  await assertRejects(() => fetch(url), TypeError);
});

Deno.test("listen() answers what is in flight after the signal", async () => {
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const { url, stop } = await start(() => {
    arrived.resolve();
    return answer.promise;
  });
  const response = fetch(url);
  await arrived.promise;

  const stopped = stop();
  answer.resolve(new Response("still here"));

  assertEquals(await (await response).text(), "still here");
  await stopped;
});

Deno.test("listen() waits until bodies have been read before it stops", async () => {
  const reading = [true, true, true, false].values();
  const isReading = () => reading.next().value ?? false;
  const { url, stop } = await start(HELLO, { isReading });

  const stopped = stop();

  assertEquals(await (await fetch(url)).text(), "hello");
  await stopped;
  assertEquals(reading.next().done, true);
});

// What hangs is left to the end of the process, so the server's closing is still going on.
const LEFT_OPEN = { sanitizeOps: false };

Deno.test(
  "listen() gives up on a handler that does not answer within the grace",
  LEFT_OPEN,
  async () => {
    const arrived = Promise.withResolvers<void>();
    const leaving = new AbortController();
    const { url, stop } = await start(() => {
      arrived.resolve();
      return new Promise<never>(() => {});
    });
    const response = fetch(url, leaving).then(
      () => "answered",
      () => "cut off",
    );
    await arrived.promise;

    await stop();

    leaving.abort();
    assertEquals(await response, "cut off");
  },
);

Deno.test("listen() answers with Connection: close from the signal on, and only then closes", async () => {
  const closing = Promise.withResolvers<void>();
  const { port, stop } = await start(HELLO, {
    waitClosing: () => closing.promise,
  });
  using connection = await openRaw(port);
  const request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  await connection.send(request);
  const before = await connection.readAnswer();

  const stopped = stop();
  await connection.send(request);
  const last = await connection.readAnswer();

  assertEquals(before.headers.get("connection"), null);
  assertEquals(last.headers.get("connection"), "close");
  using late = await openRaw(port);
  await late.send(request);
  assertEquals((await late.readAnswer()).status, 200);
  closing.resolve();
  await stopped;
});

Deno.test("listen() rejects when the port is taken", async () => {
  const { port, stop } = await start(HELLO);
  const again = listen(HELLO, {
    hostname: "127.0.0.1",
    port,
    signal: new AbortController().signal,
    isReading: () => false,
    onListen: () => {},
  });

  await assertRejects(() => again, Error, `listen on 127.0.0.1:${port}: `);
  await stop();
});

Deno.test("listen() does nothing once the signal has come", async () => {
  let isListening = false;
  await listen(HELLO, {
    hostname: "127.0.0.1",
    port: 0,
    signal: AbortSignal.abort(),
    isReading: () => false,
    onListen: () => isListening = true,
  });

  assertEquals(isListening, false);
});
