import { assert, assertEquals, assertThrows } from "@std/assert";
import { delay } from "@std/async/delay";
import { CloudEvent, HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";
import { rotated } from "../../../src/delivery/endpoint/changes.ts";
import {
  createDeliver,
  createRetryDelay,
} from "../../../src/delivery/outbound/deliver.ts";
import { openOutbound } from "../../../src/delivery/outbound/outbound.ts";
import { makeSecret } from "../../../src/delivery/outbound/signature.ts";
import { createTester } from "../../../src/delivery/outbound/trial_event.ts";
import { listAttempts } from "../../../src/delivery/endpoint/attempts.ts";
import { updateEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import type { Endpoint } from "../../../src/delivery/endpoint/endpoint.ts";
import {
  type Bench,
  endpointOf,
  eventually,
  openBench,
  SECRET,
} from "../../support/delivery/delivery_fixture.ts";
import {
  type FailingReceiver,
  type Manner,
  type Received,
  startFailingReceiver,
} from "../../support/delivery/failing_receiver.ts";

/** Deliveries over the network to this receiver, each failure tried again at once. */
async function openReal(
  bench: Bench,
  { url }: FailingReceiver,
  changes: Partial<Endpoint> = {},
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { post } = stack.use(openOutbound({ reach: "loopback" }));
  await bench.add({ url, timeoutMs: 300, ...changes });
  stack.use(
    await bench.open(
      createDeliver({ post, journalId: bench.store.identity.id }),
      { retryDelay: () => 0, now: Date.now, sleep: delay },
    ),
  );
  return stack.move();
}

const idOf = ({ headers }: Received) => headers.get("webhook-id");

const MANNERS: readonly Manner[] = [
  "error",
  "later",
  "redirect",
  "reset",
  "hang",
  "slow",
  "huge",
  "garbage",
];

Deno.test.each(MANNERS.map((manner) => [manner] as const))(
  "Deliveries to a receiver that answers with %s send the same event again, and then the next",
  async (manner) => {
    await using bench = await openBench();
    await using receiver = startFailingReceiver(["take", manner, manner]);
    await bench.append(3);
    await using _deliveries = await openReal(bench, receiver);
    await eventually(() => receiver.taken.length === 3);
    const { id } = bench.store.identity;

    assertEquals(
      receiver.received.map(idOf),
      [1, 2, 2, 2, 3].map((seq) => `${id}-${seq}`),
    );
  },
);

Deno.test("Deliveries record of a failure what the receiver said", async () => {
  await using bench = await openBench();
  await using receiver = startFailingReceiver(["error", "hang", "huge"]);
  await bench.append(1);
  await using _deliveries = await openReal(bench, receiver);
  await eventually(() => receiver.taken.length === 1);
  await eventually(async () => (await bench.read()).attempts === 4);
  const attempts = await listAttempts(bench.store.side, {
    endpointId: "e1",
    limit: 9,
    nowMs: Date.now(),
  });

  assertEquals(
    attempts.map(({ outcome, status, answer }) => [outcome, status, answer]),
    [
      ["delivered", 204, undefined],
      ["failed", 500, "x".repeat(512)],
      ["failed", undefined, undefined],
      ["failed", 500, "bad!"],
    ],
  );
});

Deno.test("createDeliver() sends what the standardwebhooks and cloudevents packages read", async () => {
  await using bench = await openBench();
  await using receiver = startFailingReceiver([]);
  await bench.append(1);
  const headers = { authorization: "Bearer their-own" };
  await using _deliveries = await openReal(bench, receiver, { headers });
  await eventually(() => receiver.taken.length === 1);
  const [request] = receiver.taken;
  assert(request !== undefined);
  const plain = Object.fromEntries(request.headers);

  new Webhook(SECRET).verify(request.body, plain);
  const event = HTTP.toEvent({ headers: plain, body: request.body });
  assert(event instanceof CloudEvent);
  assertEquals(event.validate(), true);
  assertEquals([event.id, event.subject, event.data], [
    "1",
    "g1",
    { GroupId: "g1" },
  ]);
  assertEquals(plain.authorization, "Bearer their-own");
  assertEquals(plain["content-type"], "application/cloudevents+json");
});

Deno.test("createDeliver() signs with both secrets until the previous one expires", async () => {
  await using bench = await openBench();
  await using receiver = startFailingReceiver([]);
  const secret = makeSecret();
  let nowMs = Date.now();
  const { post, ...outbound } = openOutbound({ reach: "loopback" });
  using _outbound = outbound;
  const journalId = bench.store.identity.id;
  const deliver = createDeliver({ post, journalId, now: () => nowMs });
  const overlapMs = 60_000;
  await bench.add({ url: receiver.url });
  await updateEndpoint(
    bench.store.side,
    "e1",
    (endpoint) => rotated(endpoint, { secret, nowMs, overlapMs }),
  );
  await bench.append(2);
  const options = { retryDelay: () => 0, now: Date.now, sleep: delay };
  const verify = (key: string, { body, headers }: Received) =>
    new Webhook(key).verify(body, Object.fromEntries(headers));
  await using _deliveries = await bench.open((delivery) => {
    if (delivery.record.seq === 2) nowMs += overlapMs;
    return deliver(delivery);
  }, options);
  await eventually(() => receiver.taken.length === 2);
  const [during, after] = receiver.taken;
  assert(during !== undefined && after !== undefined);

  verify(SECRET, during);
  verify(secret, during);
  verify(secret, after);
  assertThrows(() => verify(SECRET, after));
});

Deno.test("createTester() sends a signed event, shows it, and hides the endpoint's own headers", async () => {
  await using receiver = startFailingReceiver([]);
  using outbound = openOutbound({ reach: "loopback" });
  const test = createTester({ ...outbound, journalId: "j" });
  const headers = { "x-key": "a-secret" };
  const { request, outcome } = await test(
    endpointOf({ url: receiver.url, headers }),
  );
  const [arrived] = receiver.taken;
  assert(arrived !== undefined);

  new Webhook(SECRET).verify(arrived.body, Object.fromEntries(arrived.headers));
  assertEquals(arrived.headers.get("x-key"), "a-secret");
  assertEquals(request.headers["x-key"], "(hidden)");
  assertEquals(request.body, arrived.body);
  assertEquals([outcome.kind, outcome.status], ["delivered", 204]);
});

Deno.test("createRetryDelay() follows the usual schedule, and ends after the tenth attempt", () => {
  const retryDelay = createRetryDelay({ random: () => 0.5 });
  const waits = Array.from({ length: 10 }, (_, index) => {
    return retryDelay(endpointOf(), { failures: index + 1 });
  });
  const minutes = [5, 30, 120, 300, 600, 840, 1200, 1440];

  assertEquals(waits, [
    2_500,
    ...minutes.map((one) => one * 30_000),
    undefined,
  ]);
});

Deno.test.each([
  [1, undefined, 2_000],
  [2, 7_000, 7_000],
  [2, 1_000, 5_000],
  [3, 7_000, 7_000],
  [4, 7_000, undefined],
])(
  "createRetryDelay() of an endpoint's own schedule after %s failures and Retry-After %s is %s",
  (failures, retryAfterMs, expected) => {
    const retryDelay = createRetryDelay({ random: () => 0.5 });
    const own = endpointOf({ retrySec: [4, 10, 0] });

    assertEquals(retryDelay(own, { failures, retryAfterMs }), expected);
  },
);

Deno.test("createRetryDelay() lets a receiver use up no schedule by asking to be tried at once", () => {
  const retryDelay = createRetryDelay({ random: () => 0.5 });
  const waits = Array.from({ length: 9 }, (_, index) => {
    const failure = { failures: index + 1, retryAfterMs: 1_000 };
    return retryDelay(endpointOf(), failure) ?? NaN;
  });

  const hours = waits.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
  assertEquals(Math.round(hours), 38);
});
