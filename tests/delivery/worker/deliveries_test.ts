import { assertEquals } from "@std/assert";
import { listAttempts } from "../../../src/delivery/endpoint/attempts.ts";
import { listDeadLetters } from "../../../src/delivery/endpoint/dead_letters.ts";
import { stopReasonOf } from "../../../src/delivery/endpoint/state.ts";
import type { Deliver } from "../../../src/delivery/outbound/deliver.ts";
import type { DeliveryOutcome } from "../../../src/delivery/outbound/outcome.ts";
import { START_MS } from "../../support/clock_fixture.ts";
import {
  eventually,
  openBench,
} from "../../support/delivery/delivery_fixture.ts";

const OK: DeliveryOutcome = { kind: "delivered", status: 200, durationMs: 1 };
const ERROR: DeliveryOutcome = {
  kind: "failed",
  cause: "status 500",
  error: "It answered 500",
  status: 500,
  durationMs: 1,
};

/** Takes everything, and remembers what. */
function taker(
  outcomeOf: (seq: number, count: number) => DeliveryOutcome = () => OK,
): { readonly deliver: Deliver; readonly seen: number[] } {
  const seen: number[] = [];
  const deliver: Deliver = ({ record }) => {
    seen.push(record.seq);
    return Promise.resolve(outcomeOf(record.seq, seen.length));
  };
  return { deliver, seen };
}

Deno.test("Deliveries deliver everything in order, and what comes later", async () => {
  await using bench = await openBench();
  await bench.append(300);
  await bench.add();
  const { deliver, seen } = taker();
  await using _deliveries = await bench.open(deliver);
  await eventually(() => seen.length === 300);
  await bench.append(3);
  await eventually(() => seen.length === 303);

  assertEquals(seen, Array.from({ length: 303 }, (_, index) => index + 1));
});

Deno.test("Deliveries keep the cursor after a while, and at their end", async () => {
  await using bench = await openBench();
  await bench.append(10);
  await bench.add();
  const { deliver, seen } = taker();
  {
    await using _deliveries = await bench.open(deliver);
    await eventually(() => seen.length === 10);
    assertEquals((await bench.read()).main.after, 0);
    await eventually(() => bench.clock.nextInMs === 500);
    bench.clock.advance(500);
    await eventually(async () => (await bench.read()).main.after === 10);
    await bench.append(1);
    await eventually(() => seen.length === 11);
  }

  assertEquals((await bench.read()).main.after, 11);
  const attempts = await listAttempts(bench.store.side, {
    endpointId: "e1",
    limit: 10,
    nowMs: START_MS,
  });
  assertEquals(
    attempts.map(({ n, seq, through, count }) => [n, seq, through, count]),
    [
      [2, 11, 11, 1],
      [1, 1, 10, 10],
    ],
  );
});

Deno.test("Deliveries keep the cursor after a while though there is always more to send", async () => {
  await using bench = await openBench();
  await bench.append(3);
  await bench.add();
  const cursors: number[] = [];
  const deliver: Deliver = async () => {
    cursors.push((await bench.read()).main.after);
    bench.clock.advance(500);
    return OK;
  };
  await using _deliveries = await bench.open(deliver);
  await eventually(() => cursors.length === 3);

  assertEquals(cursors, [0, 0, 2]);
});

Deno.test("Deliveries send only what the filter lets through", async () => {
  await using bench = await openBench();
  for (let round = 0; round < 3; round++) {
    await bench.append(2);
    await bench.append(1, { command: "C2C.CallbackAfterSendMsg" });
  }
  const filter = { commands: [], families: ["C2C"], apps: [], groups: [] };
  await bench.add({ filter });
  const { deliver, seen } = taker();
  await using _deliveries = await bench.open(deliver);
  await eventually(() => seen.length === 3);

  assertEquals(seen, [3, 6, 9]);
});

Deno.test("Deliveries try an event again when its time has come, and hold the line meanwhile", async () => {
  await using bench = await openBench();
  await bench.append(2);
  await bench.add();
  const { deliver, seen } = taker((_, count) => count <= 2 ? ERROR : OK);
  await using _deliveries = await bench.open(deliver);
  await eventually(() => bench.clock.nextInMs === 10_000);
  assertEquals(seen, [1]);
  const { main, failures } = await bench.read();
  assertEquals([main.after, main.retry?.seq, failures], [0, 1, 1]);
  bench.clock.advance(10_000);
  await eventually(() => bench.clock.nextInMs === 20_000);
  bench.clock.advance(20_000);
  await eventually(() => seen.length === 4);

  assertEquals(seen, [1, 1, 1, 2]);
});

Deno.test("Deliveries hold an endpoint after the last retry", async () => {
  await using bench = await openBench();
  await bench.append(2);
  await bench.add();
  const { deliver, seen } = taker(() => ERROR);
  await using deliveries = await bench.open(deliver);
  for (const ms of [10_000, 20_000]) {
    await eventually(() => bench.clock.nextInMs === ms);
    bench.clock.advance(ms);
  }
  await eventually(async () => (await bench.read()).mode === "held");
  const endpoint = await bench.read();

  assertEquals(seen, [1, 1, 1]);
  assertEquals(endpoint.main.after, 0);
  assertEquals(stopReasonOf(endpoint), "Event 1 failed 3 times: status 500");
  assertEquals(await deliveries.floor(), 0);
});

Deno.test("Deliveries set an event aside after the last retry where that is wanted", async () => {
  await using bench = await openBench();
  await bench.append(2);
  await bench.add({ onExhausted: "dead-letter" });
  const { deliver, seen } = taker((seq) => seq === 1 ? ERROR : OK);
  await using _deliveries = await bench.open(deliver);
  for (const ms of [10_000, 20_000]) {
    await eventually(() => bench.clock.nextInMs === ms);
    bench.clock.advance(ms);
  }
  await eventually(() => seen.length === 4);
  const { items } = await listDeadLetters(bench.store.side, {
    endpointId: "e1",
    after: 0,
    limit: 10,
  });

  assertEquals(seen, [1, 1, 1, 2]);
  assertEquals(
    items.map(({ seq, cause, failures }) => [seq, cause, failures]),
    [
      [1, "status 500", 3],
    ],
  );
});

Deno.test("Deliveries disable an endpoint that answers 410, and keep nothing for it", async () => {
  await using bench = await openBench();
  await bench.append(2);
  await bench.add();
  const gone: DeliveryOutcome = { ...ERROR, status: 410, cause: "status 410" };
  const { deliver, seen } = taker(() => gone);
  await using deliveries = await bench.open(deliver);
  await eventually(async () => (await bench.read()).mode === "disabled");

  assertEquals(seen, [1]);
  assertEquals(await deliveries.floor(), Infinity);
});

Deno.test("Deliveries go on from what is kept when they are opened again", async () => {
  await using bench = await openBench();
  await bench.append(4);
  await bench.add();
  const first = taker((seq) => seq === 3 ? ERROR : OK);
  {
    await using _deliveries = await bench.open(first.deliver);
    await eventually(() => bench.clock.nextInMs === 10_000);
  }
  const second = taker();
  await using _deliveries = await bench.open(second.deliver);
  await eventually(() => bench.clock.nextInMs === 10_000);
  assertEquals(second.seen, []);
  bench.clock.advance(10_000);
  await eventually(() => second.seen.length === 2);

  assertEquals([first.seen, second.seen], [[1, 2, 3], [3, 4]]);
});
