import { delay } from "@std/async/delay";
import type { Sleep } from "../../base/wait.ts";
import type { Tail } from "../../store/journal/tail.ts";

/** The longest that a timer can count, ms. */
const MAX_SLEEP_MS = 2 ** 31 - 1;

/** Longest time left to a request when its worker is stopped, ms. */
const GRACE_MS = 2_000;

/** Longest time for storing the progress after that, ms. */
const STOP_MS = 1_000;

/** Waits for a worker to end; cuts off its request when that takes long, and at last stops waiting. */
export async function ending(
  ended: Promise<void>,
  cut: () => void,
): Promise<void> {
  const timer = new AbortController();
  const patience = delay(GRACE_MS, timer).then(() => {
    cut();
    return delay(STOP_MS, timer);
  }).catch(() => {/* it has ended */});
  await Promise.race([ended, patience]);
  timer.abort();
}

/** Waits until the time is over, a signal aborts, or the journal holds more than `after`. */
export async function nap(
  ms: number,
  { sleep, signals, tail, after }: {
    readonly sleep: Sleep;
    readonly signals: readonly AbortSignal[];
    readonly tail: Pick<Tail, "wait">;
    /** Undefined: the journal wakes nobody. */
    readonly after: number | undefined;
  },
): Promise<void> {
  const awake = new AbortController();
  const signal = AbortSignal.any([awake.signal, ...signals]);
  const waits = [
    sleep(Math.min(ms, MAX_SLEEP_MS), { signal }).catch(() => {/* awake */}),
    ...after === undefined ? [] : [tail.wait(after, signal)],
  ];
  await Promise.race(waits);
  awake.abort();
  await Promise.all(waits);
}
