import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { paused, resumed } from "../../../src/delivery/endpoint/changes.ts";
import { updateEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import type { DeliveryOutcome } from "../../../src/delivery/outbound/outcome.ts";
import type { Store } from "../../../src/store/open.ts";
import {
  type Bench,
  eventually,
  openBench,
} from "../../support/delivery/delivery_fixture.ts";
import { aroundCommit } from "../../support/store/around_commit.ts";

const FILTER = { commands: [], families: ["Group"], apps: [], groups: [] };
const OTHER = "C2C.CallbackAfterSendMsg";

/** What may happen between two moments. */
type Happening =
  | { readonly kind: "append"; readonly isWanted: boolean }
  | { readonly kind: "crash" | "stop" | "pause" | "time" };

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  fc.boolean().map((isWanted) => ({ kind: "append", isWanted }) as const),
  fc.constantFrom("crash", "stop", "pause", "time")
    .map((kind) => ({ kind }) as const),
);

/** A store whose commits fail from the crash on: what is in memory is lost. */
function crashable(store: Store): Store & { crash: () => void } {
  let hasCrashed = false;
  const fenced = aroundCommit(store.fenced, async (commit) => {
    if (hasCrashed) throw new Error("Crashed");
    return await commit();
  });
  return { ...store, fenced, crash: () => hasCrashed = true };
}

/** A receiver that fails as it is told, and then takes everything. */
class Receiver {
  readonly wanted: number[] = [];
  readonly arrived = new Set<number>();
  #failures: boolean[];

  constructor(failures: readonly boolean[]) {
    this.#failures = [...failures];
  }

  take(seq: number): DeliveryOutcome {
    const before = this.wanted.filter((other) => other < seq);
    assert(before.every((other) => this.arrived.has(other)), "Out of order");
    if (this.#failures.shift()) {
      return { kind: "failed", cause: "x", error: "x", durationMs: 1 };
    }
    this.arrived.add(seq);
    return { kind: "delivered", status: 200, durationMs: 1 };
  }

  /** The cursor has passed nothing that has not arrived. */
  check(cursor: number): void {
    const passed = this.wanted.filter((seq) => seq <= cursor);
    assert(passed.every((seq) => this.arrived.has(seq)), "Passed undelivered");
  }
}

async function rounds(count: number): Promise<void> {
  for (let round = 0; round < count; round++) {
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Deliveries that can be ended in every way, and opened again. */
async function openRun(bench: Bench, receiver: Receiver) {
  const start = async () => {
    const store = crashable(bench.store);
    const deliveries = await bench.open(
      ({ record }) => Promise.resolve(receiver.take(record.seq)),
      { store, retryDelay: () => 1_000 },
    );
    return { store, deliveries };
  };
  let run = await start();
  const end = () => run.deliveries[Symbol.asyncDispose]();
  return {
    end,
    restart: async (how: "crash" | "stop") => {
      if (how === "crash") run.store.crash();
      await end();
      run = await start();
    },
    pause: async () => {
      await updateEndpoint(bench.store.side, "e1", paused);
      run.deliveries.changed("e1");
      await rounds(2);
      await updateEndpoint(bench.store.side, "e1", resumed);
      run.deliveries.changed("e1");
    },
  };
}

Deno.test("Deliveries deliver each wanted event at least once and in order, and pass none, whatever fails", async () => {
  const plan = fc.record({
    failures: fc.array(fc.boolean(), { maxLength: 20 }),
    steps: fc.array(fc.tuple(happenings, fc.nat(6)), { maxLength: 25 }),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ failures, steps }) => {
      await using bench = await openBench();
      await bench.add({ filter: FILTER });
      const receiver = new Receiver(failures);
      const run = await openRun(bench, receiver);
      const check = async () => receiver.check((await bench.read()).main.after);
      for (const [happening, count] of steps) {
        if (happening.kind === "append") {
          const { isWanted } = happening;
          const seq = bench.store.writer.head.journal + 1;
          if (isWanted) receiver.wanted.push(seq);
          await bench.append(1, isWanted ? {} : { command: OTHER });
        } else if (happening.kind === "time") bench.clock.advance(1_000);
        else if (happening.kind === "pause") await run.pause();
        else await run.restart(happening.kind);
        await rounds(count);
        await check();
      }
      await eventually(async () => {
        bench.clock.advance(1_000_000);
        return (await bench.read()).main.after === bench.store.tail.last;
      });
      await run.end();
      assertEquals([...receiver.arrived], receiver.wanted);
    }),
    { numRuns: 60 },
  );
});
