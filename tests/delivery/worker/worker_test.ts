import { assertEquals } from "@std/assert";
import { paused } from "../../../src/delivery/endpoint/changes.ts";
import { updateEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import type { Deliver } from "../../../src/delivery/outbound/deliver.ts";
import { Pages } from "../../../src/delivery/worker/pages.ts";
import { StoreTurns } from "../../../src/delivery/worker/send_pace.ts";
import { EndpointWorker } from "../../../src/delivery/worker/worker.ts";
import { Pace } from "../../../src/store/pace.ts";
import {
  type Bench,
  eventually,
  openBench,
} from "../../support/delivery/delivery_fixture.ts";

/** A worker before a gate that a test opens. */
function startWorker(
  bench: Bench,
): AsyncDisposable & {
  readonly worker: EndpointWorker;
  readonly seen: readonly number[];
  readonly isWaiting: () => boolean;
  readonly openGate: () => void;
} {
  const { store, clock: { now, sleep } } = bench;
  const seen: number[] = [];
  const deliver: Deliver = ({ record: { seq } }) => {
    seen.push(seq);
    return Promise.resolve({ kind: "delivered", status: 200, durationMs: 1 });
  };
  let waiting = 0;
  const gate = Promise.withResolvers<void>();
  const pass = () => {
    waiting++;
    return gate.promise;
  };
  const worker = new EndpointWorker("e1", {
    store,
    turns: new StoreTurns(new Pace(store)),
    sendPace: { pass },
    pages: new Pages(store),
    deliver,
    retryDelay: () => 0,
    observe: () => {},
    now,
    sleep,
  });
  return {
    worker,
    seen,
    isWaiting: () => waiting > 0,
    openGate: gate.resolve,
    async [Symbol.asyncDispose]() {
      gate.resolve();
      await worker[Symbol.asyncDispose]();
    },
  };
}

Deno.test("EndpointWorker sends nothing before the gate lets it", async () => {
  await using bench = await openBench();
  await bench.append(1);
  await bench.add();
  await using run = startWorker(bench);
  await eventually(run.isWaiting);
  assertEquals(run.seen, []);
  run.openGate();
  await eventually(() => run.seen.length === 1);
});

Deno.test("EndpointWorker sends nothing that a person has stopped while it waited at the gate", async () => {
  await using bench = await openBench();
  await bench.append(1);
  await bench.add();
  await using run = startWorker(bench);
  await eventually(run.isWaiting);
  await updateEndpoint(bench.store.side, "e1", paused);
  run.worker.changed();
  run.openGate();
  await eventually(() => run.worker.endpoint?.mode === "paused");

  assertEquals(run.seen, []);
});
