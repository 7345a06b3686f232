import { assertEquals } from "@std/assert";
import { listAttempts } from "../../../src/delivery/endpoint/attempts.ts";
import { resumed } from "../../../src/delivery/endpoint/changes.ts";
import { updateEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import type { Deliver } from "../../../src/delivery/outbound/deliver.ts";
import type { DeliveryOutcome } from "../../../src/delivery/outbound/outcome.ts";
import { START_MS } from "../../support/clock_fixture.ts";
import {
  eventually,
  openBench,
} from "../../support/delivery/delivery_fixture.ts";
import { openLogLines } from "../../support/log_fixture.ts";
import { fillable } from "../../support/store/fillable_store.ts";

/** Answers 200 once it is well. */
function patient(status: number) {
  const state = { isWell: false, count: 0 };
  const deliver: Deliver = () => {
    state.count++;
    const failure: DeliveryOutcome = {
      kind: "failed",
      cause: `status ${status}`,
      error: "x",
      status,
      durationMs: 1,
      retryAfterMs: 60_000,
    };
    const success: DeliveryOutcome = {
      kind: "delivered",
      status: 200,
      durationMs: 1,
    };
    return Promise.resolve(state.isWell ? success : failure);
  };
  return { state, deliver };
}

Deno.test.each([[500, "held"], [410, "disabled"]])(
  "the recovery of an endpoint is told after one %s too, for it was %s",
  async (status, mode) => {
    await using log = await openLogLines();
    await using bench = await openBench();
    await bench.append(1);
    await bench.add();
    const { state, deliver } = patient(status);
    await using deliveries = await bench.open(deliver, {
      retryDelay: () => undefined,
    });
    await eventually(async () => (await bench.read()).mode === mode);
    state.isWell = true;
    bench.clock.advance(7_000);
    await updateEndpoint(bench.store.side, "e1", resumed);
    deliveries.changed("e1");
    await eventually(async () => (await bench.read()).main.after === 1);

    assertEquals(
      log.lines.map(({ message, seconds }) => [message, seconds]),
      [[`Endpoint is ${mode}`, undefined], ["Endpoint has recovered", 7]],
    );
    assertEquals((await bench.read()).stoppedAtMs, undefined);
  },
);

Deno.test("a first failure and its end are no news", async () => {
  await using log = await openLogLines();
  await using bench = await openBench();
  await bench.append(1);
  await bench.add();
  const { state, deliver } = patient(500);
  await using _deliveries = await bench.open(deliver);
  await eventually(() => bench.clock.nextInMs === 60_000);
  state.isWell = true;
  bench.clock.advance(60_000);
  await eventually(async () => (await bench.read()).main.after === 1);

  assertEquals(log.lines, []);
});

Deno.test("an event that fails while the disk is full is sent again no sooner than it should be", async () => {
  await using log = await openLogLines();
  await using bench = await openBench();
  await bench.append(1);
  await bench.add();
  const { store, disk } = fillable(bench.store);
  disk.isFull = true;
  const { state, deliver } = patient(503);
  await using _deliveries = await bench.open(deliver, { store });
  for (let seconds = 0; seconds < 20; seconds++) {
    await eventually(() => bench.clock.nextInMs === 1_000);
    bench.clock.advance(1_000);
  }
  assertEquals(state.count, 1);
  disk.isFull = false;
  await eventually(async () => {
    if (bench.clock.nextInMs === 1_000) bench.clock.advance(1_000);
    return (await bench.read()).main.retry !== undefined;
  });
  const { main, failures } = await bench.read();
  const attempts = await listAttempts(bench.store.side, {
    endpointId: "e1",
    limit: 9,
    nowMs: START_MS,
  });

  assertEquals([main.retry?.failures, failures], [1, 1]);
  assertEquals(main.retry?.nextAttemptAtMs, START_MS + 60_000);
  assertEquals(attempts.map(({ atMs }) => atMs), [START_MS]);
  assertEquals(
    log.lines.map(({ message }) => message),
    ["Cannot go on delivering"],
  );
});
