import { assertEquals } from "@std/assert";
import {
  BUSY_QUEUE,
  BUSY_RATE,
  BUSY_SHARE,
  CALM_SHARE,
  FULL_SHARE_LAG_MS,
  Load,
  MAX_BUSY_SHARE,
  Pace,
} from "../../src/store/pace.ts";

const STEP_MS = 1_000;
const GOING = new AbortController().signal;

/** A pace beside a queue of this length, on a clock that sleeping and working move. */
function openPace(
  queueLength: () => number,
  { isFollowing = false, perMs = 0 } = {},
) {
  let nowMs = 0;
  const sleep = (ms: number) => {
    nowMs += ms;
    return Promise.resolve();
  };
  const pace = new Pace({
    writer: {
      get queueLength() {
        return queueLength();
      },
    },
    tail: {
      get last() {
        return nowMs * perMs;
      },
    },
    now: () => nowMs,
    sleep,
  }, { isFollowing });
  const work = () => {
    nowMs += STEP_MS;
    return Promise.resolve(nowMs);
  };
  return {
    pace,
    work,
    step: (signal = GOING) => pace.step(work, signal),
    now: () => nowMs,
  };
}

Deno.test("Pace.step() goes on at once while nothing waits", async () => {
  const { step, now } = openPace(() => 0);
  for (let steps = 0; steps < 100; steps++) await step();

  assertEquals(now(), 100 * STEP_MS);
});

Deno.test("Pace.step() takes no more than its share while callbacks always wait", async () => {
  const { step, now } = openPace(() => 1);
  for (let steps = 0; steps < 100; steps++) await step();

  const share = 100 * STEP_MS / (now() + STEP_MS / BUSY_SHARE - STEP_MS);
  assertEquals(share, BUSY_SHARE);
});

Deno.test.each([
  [0, BUSY_SHARE],
  [FULL_SHARE_LAG_MS / 2, (BUSY_SHARE + MAX_BUSY_SHARE) / 2],
  [FULL_SHARE_LAG_MS, MAX_BUSY_SHARE],
  [100 * FULL_SHARE_LAG_MS, MAX_BUSY_SHARE],
])(
  "Pace.step() that is %d ms behind takes a share of %f",
  async (lag, expected) => {
    const { pace, step, now } = openPace(() => 1);
    pace.noteLag(lag);
    for (let steps = 0; steps < 1_000; steps++) await step();

    const share = 1_000 * STEP_MS / now();
    assertEquals(Math.abs(share - expected) < 0.01, true, `${share}`);
  },
);

Deno.test.each([
  ["few callbacks wait", 1, BUSY_RATE, CALM_SHARE],
  ["many callbacks wait", BUSY_QUEUE + 1, 0, BUSY_SHARE],
  ["callbacks come fast", 1, BUSY_RATE + 1_000, BUSY_SHARE],
])(
  "Pace.step() of work that follows the journal has its share while %s",
  async (_case, waiting, perSecond, expected) => {
    const { step, now } = openPace(() => waiting, {
      isFollowing: true,
      perMs: perSecond / 1_000,
    });
    for (let steps = 0; steps < 1_000; steps++) await step();

    const share = 1_000 * STEP_MS / now();
    assertEquals(Math.abs(share - expected) < 0.01, true, `${share}`);
  },
);

Deno.test("Pace.count() counts what is done between steps, and no step twice", async () => {
  const { pace, step, work, now } = openPace(() => 1);
  for (let rounds = 0; rounds < 100; rounds++) {
    await pace.count(async () => {
      await work();
      await step();
    });
  }

  const share = 200 * STEP_MS / now();
  assertEquals(Math.abs(share - BUSY_SHARE) < 0.01, true, `${share}`);
});

Deno.test("Pace.step() takes a moment between two batches for no rest", async () => {
  let looks = 0;
  const { step, now } = openPace(() => looks++ % 2);
  for (let steps = 0; steps < 100; steps++) await step();

  const share = 100 * STEP_MS / now();
  assertEquals(Math.abs(share - BUSY_SHARE) < 0.01, true, `${share}`);
});

Deno.test("Load.isBusy() counts what came after a long silence as just come", () => {
  let [nowMs, last] = [0, 0];
  const load = new Load({
    writer: { queueLength: 1 },
    tail: {
      get last() {
        return last;
      },
    },
    now: () => nowMs,
  });
  nowMs = 60_000;
  last = 2 * BUSY_RATE;
  assertEquals(load.isBusy(), true);
  nowMs += 1_000;
  assertEquals(load.isBusy(), false);
});

Deno.test("Pace.step() goes on as soon as nothing waits any more", async () => {
  let polls = 0;
  const { step, now } = openPace(() => ++polls > 5 ? 0 : 1);
  await step();
  await step();

  assertEquals(now() < 3 * STEP_MS, true);
});

Deno.test("Pace.step() does nothing once the signal has aborted", async () => {
  const { step, now } = openPace(() => 1);

  assertEquals(await step(AbortSignal.abort()), undefined);
  assertEquals(now(), 0);
});

Deno.test("Pace.step() gives up waiting when the signal aborts", async () => {
  const stop = new AbortController();
  const pace = new Pace({
    writer: { queueLength: 1 },
    tail: { last: 0 },
    sleep: () => {
      stop.abort();
      return Promise.reject(stop.signal.reason);
    },
    now: (() => {
      let nowMs = 0;
      return () => nowMs++;
    })(),
  });
  await pace.step(() => Promise.resolve(1), stop.signal);

  assertEquals(
    await pace.step(() => Promise.resolve(2), stop.signal),
    undefined,
  );
});
