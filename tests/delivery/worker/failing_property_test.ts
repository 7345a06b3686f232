import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { resumed } from "../../../src/delivery/endpoint/changes.ts";
import {
  createDeliver,
  createRetryDelay,
} from "../../../src/delivery/outbound/deliver.ts";
import { openOutbound } from "../../../src/delivery/outbound/outbound.ts";
import { updateEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import {
  type Bench,
  eventually,
  openBench,
} from "../../support/delivery/delivery_fixture.ts";
import {
  type FailingReceiver,
  type Manner,
  type Received,
  startFailingReceiver,
} from "../../support/delivery/failing_receiver.ts";
import { fillable } from "../../support/store/fillable_store.ts";

const FILTER = { commands: [], families: ["Group"], apps: [], groups: [] };
const OTHER = "C2C.CallbackAfterSendMsg";
const TIMEOUT_MS = 60;

const manner: fc.Arbitrary<Manner> = fc.oneof(
  { weight: 4, arbitrary: fc.constant("take") },
  {
    weight: 9,
    arbitrary: fc.constantFrom(
      "error",
      "later",
      "gone",
      "redirect",
      "reset",
      "huge",
      "garbage",
    ),
  },
  // Each of these takes the whole timeout.
  { weight: 1, arbitrary: fc.constantFrom("hang", "slow") },
);

const plan = fc.record({
  manners: fc.array(manner, { maxLength: 25 }),
  /** True when each event is wanted. */
  events: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
  /** How deliveries end, after so many requests each, before they end well. */
  ends: fc.array(
    fc.tuple(fc.constantFrom("crash", "stop"), fc.integer({ min: 1, max: 6 })),
    { maxLength: 3 },
  ),
});

const seqOf = ({ headers }: Received) =>
  Number(headers.get("webhook-id")?.split("-").at(-1));

/** Nothing came before all that was wanted before it had been taken, nor is any of it passed. */
function check(
  { received, taken }: FailingReceiver,
  { wanted, cursor }: {
    readonly wanted: readonly number[];
    readonly cursor: number;
  },
): void {
  const seqs = taken.map(seqOf);
  const firsts = [...new Set(received.map(seqOf))];
  assertEquals(firsts, wanted.slice(0, firsts.length), "Out of order");
  const passed = wanted.filter((seq) => seq <= cursor);
  assert(passed.every((seq) => seqs.includes(seq)), "Passed undelivered");
  const before = firsts.slice(0, -1);
  assert(before.every((seq) => seqs.includes(seq)), "Overtaken");
}

/** Lets time pass, and does what a person does with an endpoint that is stopped. */
async function tend(bench: Bench, changed: (id: string) => void) {
  const endpoint = await bench.read();
  if (endpoint.mode !== "active") {
    await updateEndpoint(bench.store.side, "e1", resumed);
    changed("e1");
  }
  const { nextInMs } = bench.clock;
  if (nextInMs < Infinity) bench.clock.advance(nextInMs);
  return endpoint.main.after;
}

Deno.test("Deliveries over the network deliver each wanted event at least once and in order, and pass none, however the receiver fails", async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ manners, events, ends }) => {
      await using bench = await openBench();
      await using receiver = startFailingReceiver(manners);
      using outbound = openOutbound({ reach: "loopback" });
      const journalId = bench.store.identity.id;
      const deliver = createDeliver({ post: outbound.post, journalId });
      const retryDelay = createRetryDelay({ random: () => 0.5 });
      const { url } = receiver;
      await bench.add({ url, filter: FILTER, timeoutMs: TIMEOUT_MS });
      for (const isWanted of events) {
        await bench.append(1, isWanted ? {} : { command: OTHER });
      }
      const wanted = events.flatMap((is, index) => is ? [index + 1] : []);
      const last = events.length;
      for (const [how, count] of [...ends, ["well", Infinity] as const]) {
        const { store, disk } = fillable(bench.store);
        await using deliveries = await bench.open(deliver, {
          store,
          retryDelay,
        });
        const until = receiver.received.length + count;
        await eventually(async () => {
          const cursor = await tend(bench, (id) => deliveries.changed(id));
          check(receiver, { wanted, cursor });
          return cursor === last || receiver.received.length >= until;
        });
        // Whatever is not kept by now never will be.
        if (how === "crash") disk.isFull = true;
      }
      const cursor = (await bench.read()).main.after;
      check(receiver, { wanted, cursor });

      assertEquals([...new Set(receiver.taken.map(seqOf))], wanted);
      assertEquals(cursor, last);
    }),
    { numRuns: 40 },
  );
});
