import { assertEquals } from "@std/assert";
import {
  paused,
  reconfigured,
  replayed,
  resumed,
  skipped,
} from "../../../src/delivery/endpoint/changes.ts";
import {
  getDeadLetter,
  listDeadLetters,
} from "../../../src/delivery/endpoint/dead_letters.ts";
import type {
  Endpoint,
  Replay,
} from "../../../src/delivery/endpoint/endpoint.ts";
import {
  deleteEndpoint,
  updateEndpoint,
} from "../../../src/delivery/endpoint/endpoints.ts";
import { deadLetterKey } from "../../../src/delivery/endpoint/keys.ts";
import { commitProgress } from "../../../src/delivery/endpoint/progress.ts";
import type { DeliveryOutcome } from "../../../src/delivery/outbound/outcome.ts";
import type { Deliveries } from "../../../src/delivery/worker/deliveries.ts";
import { START_MS } from "../../support/clock_fixture.ts";
import {
  type Bench,
  eventually,
  openBench,
} from "../../support/delivery/delivery_fixture.ts";
import { keysBelow } from "../../support/store/store_fixture.ts";

/** What arrives, replays with a mark: `3`, `3r`. */
class Inbox {
  readonly seen: string[] = [];
  #failing: ReadonlySet<number>;

  constructor(failing: readonly number[] = []) {
    this.#failing = new Set(failing);
  }

  /** Takes everything from now on. */
  heal(): void {
    this.#failing = new Set();
  }

  readonly deliver = (
    { record: { seq }, isReplay }: {
      readonly record: { readonly seq: number };
      readonly isReplay: boolean;
    },
  ): Promise<DeliveryOutcome> => {
    this.seen.push(isReplay ? `${seq}r` : `${seq}`);
    const durationMs = 1;
    return Promise.resolve(
      this.#failing.has(seq)
        ? { kind: "failed", cause: "status 500", error: "x", durationMs }
        : { kind: "delivered", status: 200, durationMs },
    );
  };
}

/** Does what a person asks for through the API. */
async function ask(
  bench: Bench,
  deliveries: Deliveries,
  change: (endpoint: Endpoint) => Endpoint,
): Promise<void> {
  await updateEndpoint(bench.store.side, "e1", change);
  deliveries.changed("e1");
}

function replay(from: number, to: number): Replay {
  return { id: `${from}`, kind: "replay", after: from - 1, to };
}

function redelivery(seq: number): Replay {
  return { id: `${seq}`, kind: "redelivery", after: seq - 1, to: seq };
}

Deno.test("Deliveries send a replay before what is new, marked, and then go on", async () => {
  await using bench = await openBench();
  await bench.append(4);
  await bench.add({ main: { after: 3 } });
  const inbox = new Inbox();
  await bench.read();
  await updateEndpoint(
    bench.store.side,
    "e1",
    (one) => replayed(one, replay(2, 3)),
  );
  await using _deliveries = await bench.open(inbox.deliver);
  await eventually(() => inbox.seen.length === 3);

  assertEquals(inbox.seen, ["2r", "3r", "4"]);
  await eventually(async () => (await bench.read()).replays.length === 0);
});

Deno.test("Deliveries redeliver an event that the filter does not want", async () => {
  await using bench = await openBench();
  await bench.append(2);
  const filter = { commands: [], families: ["C2C"], apps: [], groups: [] };
  await bench.add({ filter, main: { after: 2 } });
  const inbox = new Inbox();
  await using deliveries = await bench.open(inbox.deliver);
  await ask(bench, deliveries, (one) => replayed(one, redelivery(1)));
  await eventually(() => inbox.seen.length === 1);

  assertEquals(inbox.seen, ["1r"]);
});

Deno.test("a redelivery that fails is tried once, and the line goes on", async () => {
  await using bench = await openBench();
  await bench.append(2);
  await bench.add({ main: { after: 1 } });
  const inbox = new Inbox([1]);
  await updateEndpoint(
    bench.store.side,
    "e1",
    (one) => replayed(one, redelivery(1)),
  );
  await using _deliveries = await bench.open(inbox.deliver);
  await eventually(() => inbox.seen.length === 2);

  assertEquals(inbox.seen, ["1r", "2"]);
});

Deno.test("a dead letter that is redelivered is none any more", async () => {
  await using bench = await openBench();
  await bench.append(1);
  await bench.add({ onExhausted: "dead-letter" });
  const inbox = new Inbox([1]);
  await using deliveries = await bench.open(inbox.deliver, {
    retryDelay: () => undefined,
  });
  const letter = () => getDeadLetter(bench.store.side, "e1", 1);
  await eventually(async () => await letter() !== null);
  inbox.heal();
  await ask(bench, deliveries, (one) => replayed(one, redelivery(1)));
  await eventually(async () => await letter() === null);

  assertEquals(inbox.seen, ["1", "1r"]);
});

Deno.test("dead letters that a replay delivers are none any more, and the others stay", async () => {
  await using bench = await openBench();
  await bench.append(130);
  const filter = { commands: [], families: [], apps: [], groups: [] };
  await bench.add({ main: { after: 130 } });
  const seqs = Array.from({ length: 130 }, (_, index) => index + 1);
  for (const seq of seqs) {
    const letter = { atMs: START_MS, cause: "timeout", failures: 1 };
    await bench.store.side.atomic().set(deadLetterKey("e1", seq), letter)
      .commit();
  }
  const inbox = new Inbox();
  await using deliveries = await bench.open(inbox.deliver);
  const groups = seqs.filter((seq) => seq <= 90 && seq !== 50)
    .map((seq) => `g${seq}`);
  await ask(bench, deliveries, (one) => ({
    ...replayed(one, replay(1, 125)),
    filter: { ...filter, groups },
  }));
  const left = () => keysBelow(bench.store.reader, ["dead_letters", "e1"]);
  await eventually(async () => (await left()).length === 41);

  assertEquals((await left()).slice(0, 2).map((key) => key[2]), [50, 91]);
  assertEquals(inbox.seen.length, 89);
});

Deno.test("a paused endpoint is sent nothing, and goes on where it stood", async () => {
  await using bench = await openBench();
  await bench.add();
  const inbox = new Inbox();
  await using deliveries = await bench.open(inbox.deliver);
  await ask(bench, deliveries, paused);
  await bench.append(3);
  await eventually(() => bench.clock.nextInMs > 1e9);
  assertEquals(inbox.seen, []);
  await ask(bench, deliveries, resumed);
  await eventually(() => inbox.seen.length === 3);

  assertEquals(inbox.seen, ["1", "2", "3"]);
});

Deno.test("an endpoint that a restore has paused waits, is told of, and goes on when it is resumed", async () => {
  await using bench = await openBench();
  await bench.append(1);
  await bench.add({ mode: "paused", stop: "restored" });
  const inbox = new Inbox();
  await using deliveries = await bench.open(inbox.deliver);
  await eventually(() => deliveries.stopped.length === 1);
  assertEquals(inbox.seen, []);
  await ask(bench, deliveries, resumed);
  await eventually(() => inbox.seen.length === 1);

  assertEquals(deliveries.stopped, []);
});

Deno.test("resumed() begins the retries anew, at once", async () => {
  await using bench = await openBench();
  await bench.append(1);
  await bench.add();
  const inbox = new Inbox([1]);
  await using deliveries = await bench.open(inbox.deliver, {
    retryDelay: (_, { failures }) => failures < 2 ? 5_000 : undefined,
  });
  await eventually(() => bench.clock.nextInMs === 5_000);
  bench.clock.advance(5_000);
  await eventually(async () => (await bench.read()).mode === "held");
  await ask(bench, deliveries, resumed);
  await eventually(() => inbox.seen.length === 3);
  await eventually(() => bench.clock.nextInMs === 5_000);

  const { mode, main, failures } = await bench.read();
  assertEquals([mode, main.retry?.failures, failures], ["active", 1, 3]);
});

Deno.test("skipped() sets the failing event aside, and the line goes on", async () => {
  await using bench = await openBench();
  await bench.append(2);
  await bench.add();
  const inbox = new Inbox([1]);
  await using deliveries = await bench.open(inbox.deliver);
  await eventually(() => bench.clock.nextInMs === 10_000);
  const { epoch } = await bench.read();
  const change = (one: Endpoint) => skipped(one, { seq: 1, nowMs: START_MS });
  await commitProgress(bench.store.side, {
    id: "e1",
    epoch,
    progress: { change },
    nowMs: START_MS,
  });
  deliveries.changed("e1");
  await eventually(() => inbox.seen.length === 2);
  const { items } = await listDeadLetters(bench.store.side, {
    endpointId: "e1",
    after: 0,
    limit: 9,
  });

  assertEquals(inbox.seen, ["1", "2"]);
  assertEquals(items.map(({ seq, cause }) => [seq, cause]), [[1, "skipped"]]);
});

Deno.test("reconfigured() tries what has failed at once", async () => {
  await using bench = await openBench();
  await bench.append(1);
  await bench.add();
  const inbox = new Inbox([1]);
  await using deliveries = await bench.open(inbox.deliver);
  await eventually(() => bench.clock.nextInMs === 10_000);
  inbox.heal();
  const url = "https://other.example/";
  const nowMs = bench.clock.now();
  await ask(
    bench,
    deliveries,
    (one) => reconfigured(one, { changes: { url }, nowMs }),
  );
  await eventually(() => inbox.seen.length === 2);

  assertEquals((await bench.read()).url, url);
});

Deno.test("a deleted endpoint leaves nothing, and its worker ends", async () => {
  await using bench = await openBench();
  await bench.append(1);
  await bench.add();
  const inbox = new Inbox([1]);
  await using deliveries = await bench.open(inbox.deliver);
  await eventually(() => bench.clock.nextInMs === 10_000);
  await deleteEndpoint(bench.store.side, "e1");
  deliveries.changed("e1");
  await eventually(() => bench.clock.nextInMs === Infinity);

  assertEquals(await keysBelow(bench.store.reader, ["attempts"]), []);
  assertEquals(await deliveries.floor(), Infinity);
});
