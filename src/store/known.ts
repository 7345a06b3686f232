import { type Arrival, canCopy, type Entry } from "./entry.ts";
import { DEDUPE_WINDOW_MS } from "./limits.ts";
import type { PackedItem } from "./pack.ts";
import type { AppendOutcome, DuplicateWindow, Slot } from "./window.ts";

/**
 * What the Writer knows of earlier callbacks: the duplicate window, and the promises of those that
 * are on their way.
 */
export class Known {
  #window: DuplicateWindow;
  #onTheirWay = new Map<Slot, Promise<AppendOutcome>>();

  constructor(window: DuplicateWindow) {
    this.#window = window;
  }

  /** What a copy is told: the outcome of the original. Undefined when this is no copy. */
  outcomeOf(arrival: Arrival): Promise<AppendOutcome> | undefined {
    if (!canCopy(arrival)) return undefined;
    const { digest, receivedAtMs } = arrival.item;
    const slot = this.#window.find(digest, receivedAtMs);
    if (slot === undefined) return undefined;
    const settled = this.#onTheirWay.get(slot);
    if (settled !== undefined) return settled.then(asCopy);
    const number = this.#window.numberAt(slot);
    return Promise.resolve({ ok: true, number, isCopy: true });
  }

  /** Remembers an entry that is now on its way. */
  add(entry: Entry): void {
    if (!canCopy(entry)) return;
    const { digest, receivedAtMs } = entry.item;
    entry.slot = this.#window.add({ digest, receivedAtMs, number: 0 });
    this.#onTheirWay.set(entry.slot, entry.settled);
  }

  /** Learns of an item that another process has appended. */
  learn({ isRecognisable, digest, receivedAtMs, number }: PackedItem): void {
    if (!isRecognisable) return;
    const slot = this.#window.find(digest, receivedAtMs);
    if (slot === undefined) this.#window.add({ digest, receivedAtMs, number });
    else if (this.#window.timeAt(slot) - receivedAtMs <= DEDUPE_WINDOW_MS) {
      this.#window.settleElsewhere(slot, { number, receivedAtMs });
    }
  }

  /** The number under which another process has kept this entry's callback, if it has. */
  numberElsewhere(entry: Entry): number | undefined {
    if (entry.slot === undefined) return undefined;
    return this.#window.numberAt(entry.slot) || undefined;
  }

  /** Tells whoever waits for this entry, or for a copy of it, what became of it. */
  settle(entry: Entry, outcome: AppendOutcome): void {
    if (entry.slot !== undefined) {
      this.#onTheirWay.delete(entry.slot);
      if (outcome.ok) this.#window.settle(entry.slot, outcome.number);
      else this.#window.remove(entry.slot);
    }
    entry.resolve(outcome);
  }

  /** Forgets what is too old or too many. */
  trim(nowMs: number): void {
    this.#window.trim(nowMs);
  }
}

function asCopy(outcome: AppendOutcome): AppendOutcome {
  return outcome.ok ? { ...outcome, isCopy: true } : outcome;
}
