import { assert, assertEquals } from "@std/assert";
import { sendCallback } from "../../../src/cli/trigger/send.ts";
import { deadUrl, startReceiver } from "../../support/cli/trigger_fixture.ts";

const CALLBACK = {
  command: "x",
  query: "SdkAppid=1&Sign=s3cret",
  body: new Uint8Array(2),
};

Deno.test("sendCallback() reads no more than about 64 KiB of an endless answer", async () => {
  const chunk = new Uint8Array(16 * 1024).fill(32);
  let isCancelled = false;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(chunk),
        cancel: () => void (isCancelled = true),
      }),
    );
  await using receiver = startReceiver({ answer: endless });
  const outcome = await sendCallback(CALLBACK, { url: new URL(receiver.url) });
  assert(outcome.kind === "answered" && !outcome.isOk);
  assert(outcome.answer.length < 256 * 1024);
  await receiver[Symbol.asyncDispose]();
  assert(isCancelled);
});

Deno.test("sendCallback() does not follow a redirect", async () => {
  await using receiver = startReceiver({
    answer: () => Response.redirect("http://elsewhere.invalid/", 307),
  });
  const outcome = await sendCallback(CALLBACK, { url: new URL(receiver.url) });
  assert(outcome.kind === "answered" && !outcome.isOk);
  assertEquals(outcome.status, 307);
});

Deno.test("sendCallback() gives up on a server that stays silent", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  await using receiver = startReceiver({ answer: () => promise });
  const url = new URL(receiver.url);
  const outcome = await sendCallback(CALLBACK, { url, timeoutMs: 20 });
  resolve(new Response());
  assert(outcome.kind === "unanswered");
  assertEquals(outcome.reason, "no answer in time");
});

Deno.test("sendCallback() gives up on an answer that stops half-way", async () => {
  const stuck = () =>
    new Response(
      new ReadableStream({ start: (c) => c.enqueue(new Uint8Array([123])) }),
    );
  await using receiver = startReceiver({ answer: stuck });
  const url = new URL(receiver.url);
  const outcome = await sendCallback(CALLBACK, { url, timeoutMs: 50 });
  assertEquals(outcome.kind, "unanswered");
});

Deno.test.each(
  [
    [deadUrl(), "connection refused"],
    ["http://127.0.0.1:1/", "requests to this port are blocked"],
  ],
)("sendCallback() explains the failure of %s: %s", async (url, reason) => {
  const outcome = await sendCallback(CALLBACK, { url: new URL(url) });
  assert(outcome.kind === "unanswered");
  assert(outcome.reason.startsWith(reason));
  assert(!JSON.stringify(outcome).includes("s3cret"));
});

Deno.test("sendCallback() explains a connection that ends without an answer", async () => {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const url = new URL(`http://127.0.0.1:${listener.addr.port}/`);
  const closing = listener.accept().then(async (connection) => {
    await connection.read(new Uint8Array(4096));
    connection.close();
  });
  const outcome = await sendCallback(CALLBACK, { url });
  await closing;
  assert(outcome.kind === "unanswered");
  assertEquals(
    outcome.reason,
    "connection closed before the answer was complete",
  );
});
