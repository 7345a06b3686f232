/** Something that is given time: a link in a list, or in none once it has ended. */
export interface Waiting {
  readonly untilMs: number;
  readonly expire: () => void;
  /** Whether it has ended, or its time is over. */
  isOver: boolean;
  previous: Waiting | undefined;
  next: Waiting | undefined;
}

/**
 * A time limit that many promises share. All have the same length, so they end in the order they
 * began, and one timer serves them all: a timer each would cost 1.4 µs a request. Disposed, it
 * lets nothing expire any more.
 *
 * Those who wait are links of a list, and no Set: a Set that sees many come and go leaves old
 * tables behind, whose members the garbage collector keeps alive and moves for nothing (2 µs a
 * request).
 */
export class Budget implements Disposable {
  /** Its length. */
  readonly ms: number;
  #first: Waiting | undefined;
  #last: Waiting | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDisposed = false;

  /** A limit of this many milliseconds. */
  constructor(ms: number) {
    this.ms = ms;
  }

  /** The promise's outcome, or `late` when it has none in time; the promise goes on by itself. */
  race<T, L>(promise: Promise<T>, late: L): Promise<T | L> {
    return new Promise((resolve, reject) => {
      const waiting = this.start(() => resolve(late));
      promise.then((value) => {
        this.end(waiting);
        resolve(value);
      }, (error) => {
        this.end(waiting);
        reject(error);
      });
    });
  }

  /** A function that passes on the first outcome it is told, or `late` when there is none in time. */
  once<T>(
    tell: (outcome: T) => void,
    late: T,
    nowMs: number = performance.now(),
  ): (outcome: T) => void {
    const waiting = this.start(() => tell(late), nowMs);
    return (outcome) => {
      if (this.end(waiting)) tell(outcome);
    };
  }

  /** Stops the timer. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#first !== undefined) this.#unlink(this.#first);
  }

  /** Gives something time: `expire` is called when that is over, unless it ends before. */
  start(expire: () => void, nowMs: number = performance.now()): Waiting {
    const untilMs = nowMs + this.ms;
    const previous = this.#last;
    const waiting: Waiting = {
      untilMs,
      expire,
      isOver: false,
      previous,
      next: undefined,
    };
    if (this.#isDisposed) return waiting;
    if (previous === undefined) this.#first = waiting;
    else previous.next = waiting;
    this.#last = waiting;
    this.#timer ??= setTimeout(() => this.#expire(), this.ms);
    return waiting;
  }

  /** Ends what was given time, so that it never expires; false when it was over before. */
  end(waiting: Waiting): boolean {
    if (waiting.isOver) return false;
    waiting.isOver = true;
    this.#unlink(waiting);
    return true;
  }

  #unlink(waiting: Waiting): void {
    const { previous, next } = waiting;
    if (previous !== undefined) previous.next = next;
    else if (this.#first === waiting) this.#first = next;
    if (next !== undefined) next.previous = previous;
    else if (this.#last === waiting) this.#last = previous;
    waiting.previous = undefined;
    waiting.next = undefined;
  }

  /** Ends what is over, and sets the timer for the first that is not. */
  #expire(): void {
    this.#timer = undefined;
    const nowMs = performance.now();
    for (;;) {
      const waiting = this.#first;
      if (waiting === undefined) return;
      if (waiting.untilMs > nowMs) {
        const restMs = waiting.untilMs - nowMs;
        this.#timer = setTimeout(() => this.#expire(), restMs);
        return;
      }
      this.end(waiting);
      waiting.expire();
    }
  }
}
