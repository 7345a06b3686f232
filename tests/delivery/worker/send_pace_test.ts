import { assertEquals } from "@std/assert";
import {
  BUSY_QUEUE,
  BUSY_SHARE,
  FULL_SHARE_LAG_MS,
  MAX_BUSY_SHARE,
} from "../../../src/store/pace.ts";
import {
  BUSY_SENDS_PER_SEC,
  SendPace,
} from "../../../src/delivery/worker/send_pace.ts";

const { signal } = new AbortController();
const GAP_MS = 1_000 / BUSY_SENDS_PER_SEC;

/** A gate whose clock is moved by sleeping alone. */
function openGate(queueLength: number, perMs = 0) {
  const writer = { queueLength };
  let nowMs = 0;
  let sleepers = 0;
  let mostSleepers = 0;
  const gate = new SendPace({
    writer,
    tail: {
      get last() {
        return nowMs * perMs;
      },
    },
    now: () => nowMs,
    sleep: async (ms) => {
      mostSleepers = Math.max(mostSleepers, ++sleepers);
      await Promise.resolve();
      nowMs += ms;
      sleepers--;
    },
  });
  return {
    gate,
    writer,
    get nowMs() {
      return nowMs;
    },
    get mostSleepers() {
      return mostSleepers;
    },
  };
}

Deno.test("SendPace.pass() does not wait while no callback waits", async () => {
  const run = openGate(0);
  for (let count = 0; count < 100; count++) await run.gate.pass(signal);

  assertEquals(run.nowMs, 0);
});

Deno.test("SendPace.pass() lets so many through a second while callbacks always wait", async () => {
  const run = openGate(BUSY_QUEUE + 1);
  const all = Array.from({ length: 51 }, () => run.gate.pass(signal));
  await Promise.all(all);

  assertEquals(run.nowMs, 50 * GAP_MS);
  assertEquals(run.mostSleepers, 1);
});

Deno.test("SendPace.pass() does not wait while few callbacks wait", async () => {
  const run = openGate(BUSY_QUEUE);
  for (let count = 0; count < 100; count++) await run.gate.pass(signal);

  assertEquals(run.nowMs, 0);
});

Deno.test("SendPace.pass() lets more through the further their events are behind", async () => {
  const run = openGate(BUSY_QUEUE + 1);
  const all = Array.from(
    { length: 51 },
    () => run.gate.pass(signal, FULL_SHARE_LAG_MS),
  );
  await Promise.all(all);

  const gapMs = GAP_MS * BUSY_SHARE / MAX_BUSY_SHARE;
  assertEquals(run.nowMs <= 50 * Math.ceil(gapMs / 2) * 2, true);
});

Deno.test("SendPace.pass() settles when the signal aborts", async () => {
  const run = openGate(BUSY_QUEUE + 1);
  const stop = new AbortController();
  await run.gate.pass(stop.signal);
  stop.abort();
  await run.gate.pass(stop.signal);

  assertEquals(run.nowMs, 0);
});
