import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  RefusedAddressError,
  type Resolve,
} from "../../../src/delivery/outbound/dns.ts";
import { openOutbound } from "../../../src/delivery/outbound/outbound.ts";
import {
  POSTING,
  resolvesTo,
  shortOf,
} from "../../support/delivery/outbound_fixture.ts";
import {
  always,
  answerOf,
  startRawReceiver,
  TLS_FILES,
} from "../../support/delivery/raw_receiver.ts";

const PUBLIC = "1.1.1.1";

/** A resolver whose answers change from question to question. */
function resolvesInTurn(...answers: readonly string[]): Resolve {
  let turn = 0;
  return (hostname) => {
    const address = answers[Math.min(turn, answers.length - 1)] ?? "";
    turn += 1;
    return resolvesTo(address)(hostname);
  };
}

Deno.test.each([
  "127.0.0.1",
  "::1",
  "::ffff:127.0.0.1",
  "169.254.169.254",
  "10.0.0.1",
  "0.0.0.0",
  `${PUBLIC} 127.0.0.1`,
])("post() connects to no name that resolves to %s", async (addresses) => {
  await using receiver = startRawReceiver(always(answerOf(200)), {
    tls: TLS_FILES,
  });
  using outbound = openOutbound({
    reach: "public",
    resolve: resolvesTo(...addresses.split(" ")),
    ca: TLS_FILES.cert,
  });
  const url = `https://receiver.test:${receiver.port}/`;

  assertEquals(
    shortOf(await outbound.post({ ...POSTING, url })),
    "refused address",
  );
  assertEquals(receiver.connections(), 0);
});

Deno.test("post() to the same receiver arrives when loopback is reached", async () => {
  await using receiver = startRawReceiver(always(answerOf(200)), {
    tls: TLS_FILES,
  });
  using outbound = openOutbound({
    reach: "loopback",
    resolve: resolvesTo("127.0.0.1"),
    ca: TLS_FILES.cert,
  });
  const url = `https://receiver.test:${receiver.port}/`;

  assertEquals(shortOf(await outbound.post({ ...POSTING, url })), 200);
});

Deno.test("post() refuses a name that was public when it was checked", async () => {
  await using receiver = startRawReceiver(always(answerOf(200)), {
    tls: TLS_FILES,
  });
  using outbound = openOutbound({
    reach: "public",
    resolve: resolvesInTurn(PUBLIC, "127.0.0.1"),
    ca: TLS_FILES.cert,
  });
  const url = `https://receiver.test:${receiver.port}/`;

  const check = await outbound.checkUrl(url);
  const outcome = await outbound.post({ ...POSTING, url });

  assertEquals([check.kind, shortOf(outcome)], ["ok", "refused address"]);
  assertEquals(receiver.connections(), 0);
});

Deno.test("post() asks once a connection and connects to that answer alone", async () => {
  await using receiver = startRawReceiver(always(answerOf(200)));
  const asked: string[] = [];
  const resolve: Resolve = (hostname) => {
    asked.push(hostname);
    // Whoever asks again, in whatever way, is led elsewhere.
    return resolvesTo(asked.length === 1 ? "127.0.0.1" : "10.0.0.1")(hostname);
  };
  using outbound = openOutbound({ reach: "loopback", resolve });
  const url = `http://app.localhost:${receiver.port}/`;

  const outcomes = [];
  for (let count = 0; count < 3; count++) {
    outcomes.push(shortOf(await outbound.post({ ...POSTING, url })));
  }

  assertEquals(outcomes, [200, 200, 200]);
  assertEquals(asked, ["app.localhost"]);
});

Deno.test("post() tries the next address when the first does not answer", async () => {
  await using receiver = startRawReceiver(always(answerOf(200)));
  using outbound = openOutbound({
    reach: "loopback",
    resolve: resolvesTo("127.0.0.2", "127.0.0.1"),
  });
  const url = `http://app.localhost:${receiver.port}/`;

  assertEquals(shortOf(await outbound.post({ ...POSTING, url })), 200);
});

Deno.test.each([
  "https://127.0.0.1/",
  "https://2130706433/",
  "https://0x7f.1/",
  "https://[::1]/",
  "https://[::ffff:a9fe:a9fe]/",
  "https://169.254.169.254/latest/meta-data",
  "https://0.0.0.0/",
  "https://[64:ff9b::a00:1]/",
])("post() and checkUrl() refuse the literal %s", async (url) => {
  using outbound = openOutbound({ reach: "public" });
  const check = await outbound.checkUrl(url);
  const outcome = await outbound.post({ ...POSTING, url });

  assertEquals([check.kind, shortOf(outcome)], ["refused", "refused address"]);
});

Deno.test("post() breaks no rule of readTarget()", async () => {
  using outbound = openOutbound({ reach: "public" });
  const url = "http://hooks.example.com/?key=hidden";
  const outcome = await outbound.post({ ...POSTING, url });

  assert(outcome.kind === "failed");
  assertEquals(outcome.reason, "refused url");
  assertEquals(outcome.message.includes("hidden"), false);
});

Deno.test("checkUrl() tells of a name that resolves into a network", async () => {
  using outbound = openOutbound({
    reach: "public",
    resolve: resolvesTo("192.168.1.1"),
  });
  const check = await outbound.checkUrl("https://nas.example.com/?key=hidden");

  assert(check.kind === "refused");
  assertStringIncludes(check.message, "nas.example.com: leads to an address");
  assertEquals(check.message.includes("hidden"), false);
});

Deno.test("checkUrl() tells a name without address from a bad one", async () => {
  using outbound = openOutbound({ reach: "public", resolve: resolvesTo() });
  const check = await outbound.checkUrl("https://Soon.Example.com");

  assertEquals(check, {
    kind: "unresolved",
    href: "https://soon.example.com/",
    message:
      "URL: soon.example.com: no such host; check its name and this machine's DNS",
  });
});

Deno.test("checkUrl() gives the normalised URL", async () => {
  using outbound = openOutbound({
    reach: "public",
    resolve: resolvesTo(PUBLIC),
  });

  assertEquals(await outbound.checkUrl(" HTTPS://Hooks.Example.com:443/a "), {
    kind: "ok",
    href: "https://hooks.example.com/a",
  });
});

Deno.test("RefusedAddressError says what was expected", () => {
  const { message } = new RefusedAddressError("loopback");

  assertEquals(
    message,
    "Address refused: expected a public one, got a loopback one",
  );
});
