import { assertEquals } from "@std/assert";
import { listAttempts } from "../../../src/delivery/endpoint/attempts.ts";
import {
  paused,
  reconfigured,
  resumed,
} from "../../../src/delivery/endpoint/changes.ts";
import type {
  Endpoint,
  EndpointConfig,
} from "../../../src/delivery/endpoint/endpoint.ts";
import { updateEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import type {
  Deliver,
  RetryDelay,
} from "../../../src/delivery/outbound/deliver.ts";
import type { DeliveryOutcome } from "../../../src/delivery/outbound/outcome.ts";
import type { Deliveries } from "../../../src/delivery/worker/deliveries.ts";
import {
  type Bench,
  eventually,
  openBench,
} from "../../support/delivery/delivery_fixture.ts";
import { openLogLines } from "../../support/log_fixture.ts";

const OK: DeliveryOutcome = { kind: "delivered", status: 200, durationMs: 1 };
const ERROR: DeliveryOutcome = {
  kind: "failed",
  cause: "status 500",
  error: "It answered 500",
  status: 500,
  durationMs: 1,
};
const GONE: DeliveryOutcome = { ...ERROR, cause: "status 410", status: 410 };

const NEW_URL = "https://new.example/";
const LAST: RetryDelay = () => undefined;

/** Answers when it is told to, and remembers what was sent where: `1 old`, `1 new`. */
class SlowReceiver {
  readonly seen: string[] = [];
  #waiting: ((outcome: DeliveryOutcome) => void)[] = [];

  readonly deliver: Deliver = ({ endpoint, record }) => {
    const where = endpoint.url === NEW_URL ? "new" : "old";
    this.seen.push(`${record.seq} ${where}`);
    return new Promise((resolve) => this.#waiting.push(resolve));
  };

  /** Answers what has waited longest. */
  answer(outcome: DeliveryOutcome): void {
    this.#waiting.shift()?.(outcome);
  }
}

/** One event under way to an endpoint, and whoever changes it meanwhile. */
async function openRequest(
  bench: Bench,
  { events = 1, filter = {}, retryDelay = LAST }: {
    readonly events?: number;
    readonly filter?: Partial<EndpointConfig["filter"]>;
    readonly retryDelay?: RetryDelay;
  } = {},
): Promise<
  AsyncDisposable & {
    readonly receiver: SlowReceiver;
    readonly ask: (
      ...changes: ((one: Endpoint) => Endpoint)[]
    ) => Promise<void>;
  }
> {
  await bench.append(1, { command: "C2C.CallbackAfterSendMsg" });
  await bench.append(events);
  const families = { commands: [], families: ["Group"], apps: [], groups: [] };
  await bench.add({ filter: { ...families, ...filter } });
  const receiver = new SlowReceiver();
  const deliveries: Deliveries = await bench.open(receiver.deliver, {
    retryDelay,
  });
  await eventually(() => receiver.seen.length === 1);
  return {
    receiver,
    ask: async (...changes) => {
      for (const change of changes) {
        await updateEndpoint(bench.store.side, "e1", change);
        deliveries.changed("e1");
      }
    },
    [Symbol.asyncDispose]: async () => {
      receiver.answer(OK);
      await deliveries[Symbol.asyncDispose]();
    },
  };
}

function moved(changes: Partial<EndpointConfig>) {
  return (one: Endpoint) => reconfigured(one, { changes, nowMs: 0 });
}

Deno.test.each([["a 410", GONE], ["its last failure", ERROR]])(
  "%s from the URL before says nothing of the one that has replaced it",
  async (_, outcome) => {
    await using bench = await openBench();
    await using request = await openRequest(bench);
    const { receiver, ask } = request;
    await ask(moved({ url: NEW_URL }));
    receiver.answer(outcome);
    await eventually(() => receiver.seen.length === 2);

    const { mode, failures, attempts } = await bench.read();
    assertEquals(receiver.seen, ["2 old", "2 new"]);
    assertEquals([mode, failures, attempts], ["active", 0, 1]);
  },
);

Deno.test("the last retry from before does not hold what a person has let begin anew", async () => {
  await using bench = await openBench();
  await using request = await openRequest(bench);
  const { receiver, ask } = request;
  await ask(paused, moved({ url: NEW_URL }), resumed);
  receiver.answer(ERROR);
  await eventually(() => receiver.seen.length === 2);

  assertEquals((await bench.read()).mode, "active");
});

Deno.test("a failure from before is recorded without a next attempt of its own", async () => {
  await using bench = await openBench();
  await using request = await openRequest(bench, { retryDelay: () => 5_000 });
  const { receiver, ask } = request;
  await ask(resumed);
  receiver.answer(ERROR);
  await eventually(() => receiver.seen.length === 2);
  const [attempt] = await listAttempts(bench.store.side, {
    endpointId: "e1",
    limit: 1,
    nowMs: bench.clock.now(),
  });

  assertEquals(attempt?.outcome, "failed");
  assertEquals(attempt?.nextAttemptAtMs, undefined);
});

Deno.test("what arrives at the URL before has arrived", async () => {
  await using bench = await openBench();
  await using request = await openRequest(bench, { events: 2 });
  const { receiver, ask } = request;
  await ask(moved({ url: NEW_URL }));
  receiver.answer(OK);
  await eventually(() => receiver.seen.length === 2);

  assertEquals(receiver.seen, ["2 old", "3 new"]);
});

Deno.test("what arrives while another filter wants more moves nothing", async () => {
  await using bench = await openBench();
  await using request = await openRequest(bench);
  const { receiver, ask } = request;
  const filter = { commands: [], families: [], apps: [], groups: [] };
  await ask(moved({ filter }));
  receiver.answer(OK);
  await eventually(() => receiver.seen.length === 2);
  receiver.answer(OK);
  await eventually(() => receiver.seen.length === 3);

  assertEquals(receiver.seen, ["2 old", "1 old", "2 old"]);
});

Deno.test("the log tells no verdict over what a person has moved", async () => {
  await using log = await openLogLines();
  await using bench = await openBench();
  await using request = await openRequest(bench);
  const { receiver, ask } = request;
  const filter = { commands: [], families: [], apps: [], groups: [] };
  await ask(moved({ filter }));
  receiver.answer(ERROR);
  await eventually(() => receiver.seen.length === 2);

  assertEquals((await bench.read()).mode, "active");
  assertEquals(log.lines, []);
});

Deno.test("an endpoint that is paused during its last retry stays so, and the log calls it nothing else", async () => {
  await using log = await openLogLines();
  await using bench = await openBench();
  await using request = await openRequest(bench);
  const { receiver, ask } = request;
  await ask(paused);
  receiver.answer(ERROR);
  await eventually(async () => (await bench.read()).attempts === 1);

  assertEquals((await bench.read()).mode, "paused");
  assertEquals(log.lines.map(({ message }) => message), []);
});
