import type { Entry } from "./queued_item.ts";
import { DEDUPE_WINDOW_MS } from "../kv/limits.ts";
import type { Item, PackedItem } from "../journal/pack.ts";
import { Pending } from "../pending.ts";
import type { AppendOutcome, DuplicateWindow } from "./window.ts";

/**
 * What the Writer knows of earlier callbacks: those that are kept, in the duplicate window, and
 * those that are on their way, which are never forgotten, or a second copy could pass them.
 */
export class Known {
  #window: DuplicateWindow;
  #onTheirWay = new Pending();

  constructor(window: DuplicateWindow) {
    this.#window = window;
  }

  /** What a copy is told: the outcome of the original. Undefined when this is no copy. */
  outcomeOf(
    { digest, receivedAtMs }: Item,
  ): Promise<AppendOutcome> | undefined {
    const original = this.#onTheirWay.find(digest);
    if (original !== undefined) return original.settled.then(asCopy);
    const number = this.#window.find(digest, receivedAtMs);
    if (number === undefined) return undefined;
    return Promise.resolve({ ok: true, number, isCopy: true });
  }

  /** Remembers an entry that is now on its way. */
  add(entry: Entry): void {
    if (entry.hasCopies) this.#onTheirWay.add(entry);
  }

  /** Learns of an item that another process has appended. */
  learn({ isRecognisable, digest, receivedAtMs, number }: PackedItem): void {
    if (!isRecognisable) return;
    this.#window.add({ digest, receivedAtMs, number });
    const ours = this.#onTheirWay.find(digest);
    if (ours === undefined) return;
    const ageMs = ours.item.receivedAtMs - receivedAtMs;
    if (ageMs <= DEDUPE_WINDOW_MS) ours.numberElsewhere = number;
  }

  /** Notes what became of an entry; who waits for it is still to be told. */
  settle(entry: Entry, outcome: AppendOutcome): void {
    const { hasCopies, item: { digest, receivedAtMs } } = entry;
    if (hasCopies) this.#onTheirWay.delete(entry);
    if (hasCopies && outcome.ok && !outcome.isCopy) {
      this.#window.add({ digest, receivedAtMs, number: outcome.number });
    }
    entry.outcome = outcome;
  }

  /** Forgets what is too old. */
  trim(nowMs: number): void {
    this.#window.trim(nowMs);
  }
}

function asCopy(outcome: AppendOutcome): AppendOutcome {
  return outcome.ok ? { ...outcome, isCopy: true } : outcome;
}
