import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { failureOf } from "../../../src/delivery/outbound/failure.ts";
import { openOutbound } from "../../../src/delivery/outbound/outbound.ts";
import { openLogLines } from "../../support/log_fixture.ts";
import {
  openLocal,
  POSTING,
  postOnce,
  postTo,
  resolvesTo,
  shortOf,
} from "../../support/delivery/outbound_fixture.ts";
import {
  always,
  answerOf,
  EXPIRED_TLS_FILES,
  type Script,
  startRawReceiver,
  TLS_FILES,
} from "../../support/delivery/raw_receiver.ts";

const HANGS: Script = async ({ gone }) => await gone();
const NEVER_RESOLVES = () => Promise.withResolvers<never>().promise;

function failingWith(code: string) {
  return () => Promise.reject(Object.assign(new Error("no"), { code }));
}

function closedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test.each<[string, string, Script]>([
  ["closes without a word", "reset", async ({ request }) => {
    await request();
  }],
  ["closes before it has read", "reset", () => Promise.resolve()],
  ["stops in the middle of the head", "reset", async ({ request, send }) => {
    await request();
    await send("HTTP/1.1 200 OK\r\ncontent-");
  }],
  ["speaks no HTTP", "bad answer", async ({ request, send, gone }) => {
    await request();
    await send("220 mail.example.com ESMTP\r\n");
    await gone();
  }],
  ["sends an endless head", "bad answer", async ({ request, send, gone }) => {
    await request();
    await send(`HTTP/1.1 200 OK\r\na: ${"x".repeat(200_000)}\r\n`);
    await gone();
  }],
  ["wants to switch protocols", "reset", async ({ request, send, gone }) => {
    await request();
    await send("HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n");
    await gone();
  }],
])("post() to a receiver that %s is %s", async (_, reason, script) => {
  await using receiver = startRawReceiver(script);

  assertEquals(shortOf(await postOnce(receiver.port)), reason);
});

Deno.test("post() to a closed port is connect, and says what to look at", async () => {
  const port = closedPort();
  const outcome = await postOnce(port);

  assert(outcome.kind === "failed");
  assertEquals(outcome.reason, "connect");
  assertEquals(
    outcome.message,
    `127.0.0.1:${port}: connection refused; does the receiver run, and on this port?`,
  );
});

Deno.test.each<[string, Script]>([
  ["says nothing", HANGS],
  ["drips its head", async ({ request, send, gone }) => {
    await request();
    for (const letter of "HTTP/1.1 200 OK\r\na: b") await send(letter);
    await gone();
  }],
])("post() ends at its deadline when the receiver %s", async (_, script) => {
  await using receiver = startRawReceiver(script);

  assertEquals(
    shortOf(await postOnce(receiver.port, { timeoutMs: 50 })),
    "timeout",
  );
});

Deno.test("post() sends once when its deadline ends a kept connection", async () => {
  let requests = 0;
  await using receiver = startRawReceiver(async ({ request, send }) => {
    while (await request() !== undefined) {
      requests += 1;
      if (requests === 1) await send(answerOf(200));
    }
  });
  using outbound = openLocal();
  await postTo(outbound, receiver.port);

  const late = await postTo(outbound, receiver.port, { timeoutMs: 50 });

  assertEquals(shortOf(late), "timeout");
  assertEquals([requests, receiver.connections()], [2, 1]);
});

Deno.test.each<[string, Script]>([
  ["hangs", async ({ request, send, gone }) => {
    await request();
    await send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf");
    await gone();
  }],
  ["breaks off", async ({ request, send }) => {
    await request();
    await send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf");
  }],
])("post() lets an answer stand whose body %s", async (_, script) => {
  await using receiver = startRawReceiver(script);

  const outcome = await postOnce(receiver.port, { timeoutMs: 300 });

  assert(outcome.kind === "answer");
  assertEquals([outcome.status, outcome.bodyStart], [200, "half"]);
});

Deno.test("post() gives up on a name server that says nothing", async () => {
  using outbound = openOutbound({ reach: "public", resolve: NEVER_RESOLVES });
  const outcome = await outbound.post({
    ...POSTING,
    url: "https://hooks.example.com/",
    connectTimeoutMs: 20,
  });

  assert(outcome.kind === "failed");
  assertEquals(outcome.reason, "timeout");
  assertMatch(outcome.message, /no connection in time/);
});

Deno.test("post() gives up on a handshake that never ends", async () => {
  await using receiver = startRawReceiver(HANGS);
  const url = `https://127.0.0.1:${receiver.port}/`;

  const outcome = await postOnce(0, { url, connectTimeoutMs: 50 });

  assertEquals(shortOf(outcome), "timeout");
});

Deno.test.each([
  ["ENOTFOUND", "dns"],
  ["EAI_AGAIN", "dns"],
  ["EMFILE", "local"],
])("post() with the resolver's error %s is %s", async (code, reason) => {
  using outbound = openOutbound({
    reach: "public",
    resolve: failingWith(code),
  });
  const url = "https://hooks.example.com/";

  assertEquals(shortOf(await outbound.post({ ...POSTING, url })), reason);
});

Deno.test("post() logs the words of an error without a code, and nothing secret", async () => {
  await using log = await openLogLines();
  const words =
    "Requires sys access to CA, at /hook?key=hidden for Bearer hush";
  using outbound = openOutbound({
    reach: "public",
    resolve: () => Promise.reject(new Deno.errors.NotCapable(words)),
  });
  const outcome = await outbound.post({
    ...POSTING,
    url: "https://hooks.example.com/hook?key=hidden",
    headers: { authorization: "Bearer hush" },
  });

  assert(outcome.kind === "failed");
  assertEquals(outcome.reason, "local");
  assertEquals(
    log.lines.map(({ host, error }) => [host, error]),
    [[
      "hooks.example.com",
      "NotCapable: Requires sys access to CA, at … for …",
    ]],
  );
});

Deno.test("post() with no address at all is dns", async () => {
  using outbound = openOutbound({ reach: "public", resolve: resolvesTo() });
  const url = "https://hooks.example.com/";

  assertEquals(shortOf(await outbound.post({ ...POSTING, url })), "dns");
});

Deno.test("post() ends at the caller's signal", async () => {
  const caller = new AbortController();
  await using receiver = startRawReceiver(async ({ request, gone }) => {
    await request();
    caller.abort();
    await gone();
  });
  const { signal } = caller;

  const during = await postOnce(receiver.port, { signal });
  const before = await postOnce(receiver.port, { signal });

  assertEquals([during, before].map(shortOf), ["aborted", "aborted"]);
});

Deno.test("post() never throws for a header that cannot be sent", async () => {
  const outcome = await postOnce(closedPort(), {
    headers: { "x-key": "se\r\ncret" },
  });

  assert(outcome.kind === "failed");
  assertEquals(outcome.reason, "bad request");
  assertEquals(/cret|hidden/.test(outcome.message), false);
});

Deno.test.each([
  ["signed by itself", "receiver.test", undefined, "tls"],
  ["trusted, for another name", "other.test", TLS_FILES.cert, "tls"],
  ["trusted", "receiver.test", TLS_FILES.cert, 200],
])("post() to a certificate %s", async (_, name, ca, expected) => {
  await using receiver = startRawReceiver(always(answerOf(200)), {
    tls: TLS_FILES,
  });
  using outbound = openOutbound({
    reach: "loopback",
    resolve: resolvesTo("127.0.0.1"),
    ...ca !== undefined && { ca },
  });
  const url = `https://${name}:${receiver.port}/`;

  assertEquals(shortOf(await outbound.post({ ...POSTING, url })), expected);
});

Deno.test("post() to a certificate that has expired says that it may have", async () => {
  await using receiver = startRawReceiver(always(answerOf(200)), {
    tls: EXPIRED_TLS_FILES,
  });
  using outbound = openOutbound({
    reach: "loopback",
    resolve: resolvesTo("127.0.0.1"),
    ca: EXPIRED_TLS_FILES.cert,
  });
  const url = `https://receiver.test:${receiver.port}/`;
  const outcome = await outbound.post({ ...POSTING, url });

  assert(outcome.kind === "failed");
  assertEquals(outcome.reason, "tls");
  assertMatch(outcome.message, /it has expired, is not valid yet, or/);
});

Deno.test("post() over https to a receiver without TLS is tls", async () => {
  await using receiver = startRawReceiver(async ({ send, gone }) => {
    await send(answerOf(400));
    await gone();
  });
  const url = `https://127.0.0.1:${receiver.port}/`;

  assertEquals(shortOf(await postOnce(0, { url })), "tls");
});

Deno.test.each([
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "wants a client certificate"],
  ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "may want a client certificate"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "is not trusted here"],
])("failureOf() of %s says that it %s", (code, words) => {
  const error = Object.assign(new Error("no"), { code });

  assertStringIncludes(failureOf(error, "receiver.test").message, words);
});
