import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Webhook } from "standardwebhooks";
import { makeSecret } from "../../../src/delivery/outbound/signature.ts";
import { openForwarder } from "../../../src/cli/journal/forward.ts";
import { eventLine } from "../../../src/cli/client/event_line.ts";
import { startChild } from "../../support/server/child.ts";
import { until } from "../../support/until.ts";
import { imhook, startApi, TOKEN } from "../../support/cli/server_fixture.ts";
import { deadUrl, startReceiver } from "../../support/cli/trigger_fixture.ts";

const NEVER = new AbortController().signal;
const EVENT = '{"id":"7","journalid":"b8e3f407","data":{}}';

Deno.test("tail prints a line an event, forwards each, and ends on SIGINT", async () => {
  await using server = await startApi();
  await using receiver = startReceiver({
    answer: () => new Response(null, { status: 202 }),
  });
  await server.append(2);
  const secret = makeSecret();
  const args = ["tail", "--after", "first", "--forward", receiver.url];
  await using child = startChild([...args, "--url", server.url], {
    env: { IMHOOK_API_TOKEN: TOKEN, IMHOOK_FORWARD_SECRET: secret },
  });
  await until(
    "both are forwarded",
    () =>
      child.stderr.match(/forwarded: 202 Accepted in \d+ ms/g)?.length === 2
        ? true
        : undefined,
  );

  child.kill("SIGINT");

  assertEquals((await child.ended()).code, 0);
  assertMatch(child.stdout, /^ +1 +2026-.* 1 +Group\.Callback\w+ +g1\n +2 /);
  assertEquals(
    receiver.requests.map(({ contentType, body }) => [
      contentType,
      JSON.parse(body).id,
    ]),
    [["application/cloudevents+json", "1"], [
      "application/cloudevents+json",
      "2",
    ]],
  );
  const { headers = {}, body = "" } = receiver.requests[0] ?? {};
  assertStringIncludes(body, "9007199254740993");
  assert(new Webhook(secret).verify(body, headers));
});

Deno.test.each([
  [["--after", "soon"], '--after: expected a number, "first" or "now"'],
  [["--forward", "localhost:3000"], "--forward: expected a URL"],
  [["--follow"], "Unknown option '--follow'"],
  [["--url", "ftp://h"], "--url: expected one like"],
  [["--url", "http://u:p@h"], "--url: expected one like"],
])("tail %j is refused", async (args, problem) => {
  const { code, talk } = await imhook(["tail", ...args]);

  assertEquals(code, 2);
  assertStringIncludes(talk, problem);
});

Deno.test.each<[string, RegExp]>([
  ["", /^200 OK in \d+ ms$/],
  ["  \n", /^200 OK in \d+ ms$/],
  ["thank\tyou\n", /^200 OK in \d+ ms: thank you$/],
  ["\x1b[2J", /^200 OK in \d+ ms: \ufffd\[2J$/],
  ["é".repeat(500), /^200 OK in \d+ ms: é{200}…$/],
  ["x".repeat(1_000_000), /^200 OK in \d+ ms: x{200}…$/],
])("openForwarder() tells how the answer %.9j begins", async (text, told) => {
  await using receiver = startReceiver({ answer: () => new Response(text) });
  using forwarder = openForwarder(receiver.url);

  assertMatch(await forwarder.forward(EVENT, NEVER), told);
});

Deno.test("openForwarder() tells the status of an answer that does not end", async () => {
  const body = new ReadableStream();
  await using receiver = startReceiver({ answer: () => new Response(body) });
  using forwarder = openForwarder(receiver.url, { timeoutMs: 50 });

  assertMatch(await forwarder.forward(EVENT, NEVER), /^200 OK in \d+ ms$/);
});

Deno.test("openForwarder() says why there is no answer", async () => {
  using forwarder = openForwarder(deadUrl());

  assertMatch(
    await forwarder.forward(EVENT, NEVER),
    /^127\.0\.0\.1:\d+: connection refused; .* in \d+ ms$/,
  );
});

Deno.test("openForwarder() gives up on a receiver that says nothing", async () => {
  const held = Promise.withResolvers<Response>();
  await using receiver = startReceiver({ answer: () => held.promise });
  using forwarder = openForwarder(receiver.url, { timeoutMs: 20 });

  assertMatch(await forwarder.forward(EVENT, NEVER), /: no answer in time; /);
  held.resolve(new Response());
});

Deno.test("openForwarder() follows no redirect", async () => {
  await using receiver = startReceiver({
    answer: () => Response.redirect("http://127.0.0.1:9/", 302),
  });

  using forwarder = openForwarder(receiver.url);

  assertMatch(await forwarder.forward(EVENT, NEVER), /^302/);
});

Deno.test("openForwarder() signs as deliveries do", async () => {
  const secret = makeSecret();
  await using receiver = startReceiver({ answer: () => new Response() });

  using forwarder = openForwarder(receiver.url, { secret });

  await forwarder.forward(EVENT, NEVER);

  const { headers = {}, body = "" } = receiver.requests[0] ?? {};
  assertEquals(headers["webhook-id"], "b8e3f407-7");
  assertEquals(new Webhook(secret).verify(body, headers), JSON.parse(EVENT));
});

Deno.test("openForwarder() posts what a delivery would", async () => {
  await using receiver = startReceiver({ answer: () => new Response() });
  using forwarder = openForwarder(receiver.url);

  await forwarder.forward(EVENT, NEVER);

  assertEquals(receiver.requests[0]?.body, EVENT);
});

Deno.test("openForwarder() posts nothing once it is to stop", async () => {
  await using receiver = startReceiver({ answer: () => new Response() });
  using forwarder = openForwarder(receiver.url);
  const stop = new AbortController();
  stop.abort();

  await assertRejects(
    () => forwarder.forward(EVENT, stop.signal),
    DOMException,
  );
  assertEquals(receiver.requests, []);
});

Deno.test("openForwarder() names the event also without a secret", async () => {
  await using receiver = startReceiver({ answer: () => new Response() });

  using forwarder = openForwarder(receiver.url);

  await forwarder.forward(EVENT, NEVER);

  const { headers = {} } = receiver.requests[0] ?? {};
  assertEquals(headers["webhook-id"], "b8e3f407-7");
  assertMatch(headers["webhook-timestamp"] ?? "", /^\d{10}$/);
  assertEquals(headers["webhook-signature"], undefined);
});

Deno.test("tail refuses a secret that is none, and does not show it", async () => {
  const { code, talk } = await imhook(
    ["tail", "--forward", "http://127.0.0.1:9/"],
    { env: { IMHOOK_API_TOKEN: TOKEN, IMHOOK_FORWARD_SECRET: "hidden" } },
  );

  assertEquals(code, 2);
  assertStringIncludes(talk, "IMHOOK_FORWARD_SECRET: expected whsec_");
  assertEquals(talk.includes("hidden"), false);
});

Deno.test("eventLine() shows no character that a terminal obeys", () => {
  const line = eventLine(JSON.stringify({
    id: "7",
    time: "2026-11-22T08:00:00.000Z",
    type: "Group.X",
    subject: "a\x1b[2Jb\u202ec",
    sdkappid: "1",
    warnings: "Name: odd",
  }));

  assertEquals(
    line,
    "     7  2026-11-22T08:00:00.000Z  1  Group.X  a\ufffd[2Jb\ufffdc  (Name: odd)",
  );
});
