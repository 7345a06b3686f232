import { assertEquals } from "@std/assert";
import {
  BUSY_SENDS_PER_SEC,
  SendPace,
} from "../../../src/delivery/worker/send_pace.ts";

const { signal } = new AbortController();
const GAP_MS = 1_000 / BUSY_SENDS_PER_SEC;

/** A gate whose clock is moved by sleeping alone. */
function openGate(queueLength: number) {
  const writer = { queueLength };
  let nowMs = 0;
  let sleepers = 0;
  let mostSleepers = 0;
  const gate = new SendPace({
    writer,
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

Deno.test("Gate.pass() does not wait while no callback waits", async () => {
  const run = openGate(0);
  for (let count = 0; count < 100; count++) await run.gate.pass(signal);

  assertEquals(run.nowMs, 0);
});

Deno.test("Gate.pass() lets so many through a second while callbacks always wait", async () => {
  const run = openGate(1);
  const all = Array.from({ length: 51 }, () => run.gate.pass(signal));
  await Promise.all(all);

  assertEquals(run.nowMs, 50 * GAP_MS);
  assertEquals(run.mostSleepers, 1);
});

Deno.test("Gate.pass() settles when the signal aborts", async () => {
  const run = openGate(1);
  const stop = new AbortController();
  await run.gate.pass(stop.signal);
  stop.abort();
  await run.gate.pass(stop.signal);

  assertEquals(run.nowMs, 0);
});
