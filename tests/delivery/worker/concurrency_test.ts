import { assertEquals } from "@std/assert";
import { listAttempts } from "../../../src/delivery/endpoint/attempts.ts";
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

/** Takes events at the next turn of the event loop, but for those that fail. */
function slowTaker(fails: (seq: number, count: number) => boolean) {
  const seen: number[] = [];
  let most = 0;
  let under = 0;
  const deliver: Deliver = async ({ record: { seq } }) => {
    seen.push(seq);
    most = Math.max(most, ++under);
    const count = seen.filter((one) => one === seq).length;
    await new Promise((resolve) => setTimeout(resolve));
    under--;
    return fails(seq, count) ? ERROR : OK;
  };
  return { deliver, seen, most: () => most };
}

Deno.test("Deliveries with concurrency send several at once, and everything once", async () => {
  await using bench = await openBench();
  await bench.append(100);
  await bench.add({ concurrency: 8 });
  const { deliver, seen, most } = slowTaker(() => false);
  {
    await using _deliveries = await bench.open(deliver);
    await eventually(() => seen.length === 100);
  }

  assertEquals(most(), 8);
  assertEquals(new Set(seen).size, 100);
  assertEquals((await bench.read()).main.after, 100);
});

Deno.test("Deliveries with concurrency repeat only the event that failed", async () => {
  await using bench = await openBench();
  await bench.append(12);
  await bench.add({ concurrency: 4 });
  const { deliver, seen } = slowTaker((seq, count) => seq === 2 && count === 1);
  await using _deliveries = await bench.open(deliver);
  await eventually(async () => (await bench.read()).failures === 1);
  const before = await bench.read();
  await eventually(() => bench.clock.nextInMs === 10_000);
  bench.clock.advance(10_000);
  await eventually(() => new Set(seen).size === 12);

  assertEquals(before.main.after, 1);
  assertEquals(before.main.retry?.seq, 2);
  assertEquals(seen.filter((seq) => seq !== 2).length, 11);
  assertEquals(seen.filter((seq) => seq === 2).length, 2);
});

Deno.test("Deliveries with concurrency record every failure", async () => {
  await using bench = await openBench();
  await bench.append(4);
  await bench.add({ concurrency: 4 });
  const { deliver } = slowTaker((seq) => seq === 2 || seq === 3);
  await using _deliveries = await bench.open(deliver);
  const list = () =>
    listAttempts(bench.store.side, {
      endpointId: "e1",
      limit: 10,
      nowMs: START_MS,
    });
  await eventually(async () => (await list()).length === 3);

  const attempts = (await list()).map(({ outcome, seq }) => [outcome, seq]);
  assertEquals(attempts, [["failed", 3], ["failed", 2], ["delivered", 1]]);
});

Deno.test("Deliveries tell each Ack code that differs as an attempt of its own", async () => {
  await using bench = await openBench();
  await bench.append(5);
  await bench.add({ format: "tencent" });
  const codes = [0, 0, 7, 7, 0];
  const deliver: Deliver = ({ record: { seq } }) =>
    Promise.resolve({ ...OK, ackCode: codes[seq - 1] });
  {
    await using _deliveries = await bench.open(deliver);
    await eventually(async () => (await bench.read()).attempts === 2);
  }
  const attempts = await listAttempts(bench.store.side, {
    endpointId: "e1",
    limit: 10,
    nowMs: START_MS,
  });

  assertEquals(
    attempts.map(({ seq, through, ackCode }) => [seq, through, ackCode]),
    [[5, 5, 0], [3, 4, 7], [1, 2, 0]],
  );
});
