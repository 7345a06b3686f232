import { assertEquals } from "@std/assert";
import { listAttempts } from "../../../src/delivery/endpoint/attempts.ts";
import { stopReasonOf } from "../../../src/delivery/endpoint/state.ts";
import type { Deliver } from "../../../src/delivery/outbound/deliver.ts";
import { purgeStep } from "../../../src/store/journal/purge.ts";
import { START_MS } from "../../support/clock_fixture.ts";
import {
  eventually,
  openBench,
} from "../../support/delivery/delivery_fixture.ts";
import { fillable } from "../../support/store/fillable_store.ts";

function taker() {
  const seen: number[] = [];
  const deliver: Deliver = ({ record }) => {
    seen.push(record.seq);
    return Promise.resolve({ kind: "delivered", status: 200, durationMs: 1 });
  };
  return { seen, deliver };
}

Deno.test("Deliveries record what was purged before them, and go on behind it", async () => {
  await using bench = await openBench();
  for (let pack = 0; pack < 3; pack++) await bench.append(2);
  await bench.add();
  await purgeStep(bench.store.side, { cutoffMs: Infinity, floor: 4 });
  bench.store.tail.forgetRecent();
  const { seen, deliver } = taker();
  await using _deliveries = await bench.open(deliver);
  await eventually(() => seen.length === 2);
  const attempts = await listAttempts(bench.store.side, {
    endpointId: "e1",
    limit: 9,
    nowMs: START_MS,
  });

  assertEquals(seen, [5, 6]);
  assertEquals(
    attempts.map(({ outcome, seq, through }) => [outcome, seq, through]),
    [["missed", 1, 4]],
  );
});

Deno.test("Deliveries go on when the event they try again is purged meanwhile", async () => {
  await using bench = await openBench();
  for (let pack = 0; pack < 2; pack++) await bench.append(1);
  const retry = {
    seq: 1,
    failures: 1,
    nextAttemptAtMs: START_MS,
    cause: "timeout",
  };
  await bench.add({ main: { after: 0, retry } });
  await purgeStep(bench.store.side, { cutoffMs: Infinity, floor: 1 });
  bench.store.tail.forgetRecent();
  const { seen, deliver } = taker();
  await using _deliveries = await bench.open(deliver);
  await eventually(() => seen.length === 1);

  assertEquals(seen, [2]);
  assertEquals((await bench.read()).main.retry, undefined);
});

Deno.test("Deliveries hold an endpoint whose cursor is beyond the journal's end", async () => {
  await using bench = await openBench();
  await bench.append(2);
  await bench.add({ main: { after: 99 } });
  const { seen, deliver } = taker();
  await using deliveries = await bench.open(deliver);
  await eventually(async () => (await bench.read()).mode === "held");

  assertEquals(seen, []);
  assertEquals(
    stopReasonOf(await bench.read()),
    "Its position, 99, lies beyond the journal's end",
  );
  assertEquals(deliveries.stopped, ["e1"]);
});

Deno.test("Deliveries go on when the store can be written again, and skip nothing", async () => {
  await using bench = await openBench();
  await bench.append(3);
  await bench.add();
  const { store, disk } = fillable(bench.store);
  disk.isFull = true;
  const { seen, deliver } = taker();
  await using _deliveries = await bench.open(deliver, { store });
  await eventually(() => seen.length === 3);
  await eventually(() => bench.clock.nextInMs === 500);
  bench.clock.advance(500);
  await eventually(() => bench.clock.nextInMs === 1_000);
  disk.isFull = false;
  bench.clock.advance(1_000);
  await eventually(async () => (await bench.read()).main.after === 3);

  assertEquals(seen, [1, 2, 3]);
});
