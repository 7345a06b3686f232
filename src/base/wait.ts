import { delay } from "@std/async/delay";

/** Waits for a time; it may reject when the signal aborts. */
export type Sleep = (
  ms: number,
  options: { readonly signal: AbortSignal },
) => Promise<void>;

/** Settles when a signal aborts. */
export function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  const { promise, resolve } = Promise.withResolvers<undefined>();
  signal.addEventListener("abort", () => resolve(undefined), { once: true });
  return promise;
}

/** Waits for a time, or until the signal aborts; never rejects. */
export async function pause(
  ms: number,
  { signal, sleep = delay }: {
    readonly signal: AbortSignal;
    readonly sleep?: Sleep | undefined;
  },
): Promise<void> {
  await sleep(ms, { signal }).catch(() => {/* aborted: the wait is over */});
}

/** The outcome of `work`, or `late` when it has none after `ms`; the work goes on by itself. */
export async function within<T, L>(
  work: Promise<T>,
  { ms, late, sleep }: {
    readonly ms: number;
    readonly late: L;
    readonly sleep?: Sleep | undefined;
  },
): Promise<T | L> {
  const timer = new AbortController();
  const { signal } = timer;
  try {
    const patience = pause(ms, { signal, sleep }).then(() => late);
    return await Promise.race([work, patience]);
  } finally {
    timer.abort();
  }
}

/** Runs tasks one after the other, in the order they are given; an idle queue starts one at once. */
export class TaskQueue {
  /** The task that is running, or the last of those that wait for it. */
  #last: Promise<void> | undefined;

  /** Settles as the task does. The next one starts whatever becomes of it. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#last === undefined ? task() : this.#last.then(task);
    const last = done.then(() => {}, () => {});
    this.#last = last;
    last.then(() => {
      if (this.#last === last) this.#last = undefined;
    });
    return done;
  }
}
