import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { sweep, type SweepOptions } from "../../src/retention/sweep.ts";
import { readExtent } from "../../src/store/journal/page.ts";
import { Tail } from "../../src/store/journal/tail.ts";
import { openStore } from "../../src/store/open.ts";
import { Pace } from "../../src/store/pace.ts";
import { openDays } from "../support/store/purge_fixture.ts";
import { event, NOW_MS, told } from "../support/store/store_fixture.ts";

const IDLE = { queueLength: 0 };
const BUSY = { queueLength: 1 };
/** Days of which one step removes 50. */
const DAYS = 120;

/** A sweep of everything beside this queue, on a clock that only sleeping moves. */
function optionsOf(
  fenced: SweepOptions["fenced"],
  changes: Partial<SweepOptions> & { readonly writer?: typeof IDLE } = {},
): SweepOptions {
  const { writer = IDLE, ...rest } = changes;
  return {
    fenced,
    tail: new Tail(0),
    pace: new Pace({ writer, tail: { last: 0 } }),
    cutoffMs: Infinity,
    floor: () => Promise.resolve(Infinity),
    signal: new AbortController().signal,
    onStep: () => {},
    ...rest,
  };
}

Deno.test("sweep() removes what may leave, and tells each step", async () => {
  using kv = await openDays(DAYS, { perDay: 1 });
  const steps: number[] = [];
  const onStep = (removed: number) => steps.push(removed);
  const swept = await sweep(optionsOf(kv, { onStep }));

  assertEquals(swept, { removed: DAYS, hasMore: false });
  assertEquals(steps, [50, 50, 20]);
});

Deno.test("sweep() has no reader see from memory what has left the store", async () => {
  using kv = await openDays(DAYS, { perDay: 1 });
  let forgotten = 0;
  const tail = { forgetRecent: () => forgotten++ };
  await sweep(optionsOf(kv, { tail }));

  assertEquals(forgotten > 0, true);
});

Deno.test("sweep() ends though callbacks always wait", async () => {
  using kv = await openDays(DAYS, { perDay: 1 });
  const swept = await sweep(optionsOf(kv, { writer: BUSY }));

  assertEquals(swept, { removed: DAYS, hasMore: false });
});

Deno.test("sweep() says that more is left after its steps", async () => {
  using kv = await openDays(DAYS, { perDay: 1 });
  const swept = await sweep(optionsOf(kv, { maxSteps: 2 }));

  assertEquals(swept, { removed: 100, hasMore: true });
});

Deno.test("sweep() stops between two steps when it is told to", async () => {
  using kv = await openDays(DAYS, { perDay: 1 });
  const stop = new AbortController();
  const onStep = () => stop.abort();
  const swept = await sweep(optionsOf(kv, { onStep, signal: stop.signal }));

  assertEquals(swept, { removed: 50, hasMore: true });
});

Deno.test("sweep() asks for the floor at each step", async () => {
  using kv = await openDays(DAYS, { perDay: 1 });
  let floor = 30;
  const swept = await sweep(optionsOf(kv, {
    floor: () => Promise.resolve(floor),
    onStep: () => floor = 70,
  }));

  assertEquals(swept, { removed: 30, hasMore: false });
});

Deno.test("sweep() goes on where it was after a restart in its middle", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "store.kv");
  const open = () => openStore({ path, dedupeMax: 1_000, now: () => NOW_MS });
  {
    using kv = await Deno.openKv(path);
    await openDays(DAYS, { perDay: 1, kv });
    await sweep(optionsOf(kv, { maxSteps: 1 }));
  }
  {
    await using store = await open();
    assertEquals(await readExtent(store.reader), { first: 51, last: DAYS });
    const { writer, journalWriter, fenced } = store;
    await sweep({
      ...optionsOf(fenced),
      pace: new Pace({ writer, tail: { last: 0 } }),
    });
    assertEquals(told(await journalWriter.append(event("next"))), DAYS + 1);
  }
  await using store = await open();
  const first = DAYS + 1;
  assertEquals(await readExtent(store.reader), { first, last: first });
  await store[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});
