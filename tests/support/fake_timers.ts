import { stub } from "@std/testing/mock";

/** Timers and `performance.now()` of this test file, moved by hand until they are disposed. */
export class FakeTimers implements Disposable {
  #nowMs = 1_000;
  #lastId = 0;
  #timers = new Map<
    number,
    { readonly dueMs: number; readonly run: () => void }
  >();
  #stubs: readonly Disposable[];

  constructor() {
    const setTimer = (run: () => void, ms = 0) => {
      this.#timers.set(++this.#lastId, { dueMs: this.#nowMs + ms, run });
      return this.#lastId;
    };
    this.#stubs = [
      stub(globalThis, "setTimeout", setTimer),
      stub(globalThis, "clearTimeout", (id: number) => this.#timers.delete(id)),
      stub(performance, "now", () => this.#nowMs),
    ];
  }

  /** Number of timers that are set. */
  get count(): number {
    return this.#timers.size;
  }

  /** Moves the time forward, calls each timer at its moment, and lets promises go on. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].toSorted(([, a], [, b]) =>
        a.dueMs - b.dueMs
      );
      if (next === undefined || next[1].dueMs > endMs) break;
      this.#timers.delete(next[0]);
      this.#nowMs = next[1].dueMs;
      next[1].run();
      await settled();
    }
    this.#nowMs = endMs;
    await settled();
  }

  [Symbol.dispose](): void {
    for (const one of this.#stubs) one[Symbol.dispose]();
  }
}

/** A turn of the event loop: every promise that could settle has. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
