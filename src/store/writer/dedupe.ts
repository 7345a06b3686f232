import type { Item, PackedItem } from "../journal/pack.ts";
import { DEDUPE_WINDOW_MS } from "../kv/limits.ts";
import type { QueuedItem } from "./queued_item.ts";
import { DIGEST_WORDS, type Slot, SlotTable } from "./slot_table.ts";
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
  add(entry: QueuedItem): void {
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
  settle(entry: QueuedItem, outcome: AppendOutcome): void {
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

const FIRST_CAPACITY = 256;

/**
 * The entries on their way into the journal, by digest.
 *
 * No Map: one that sees many come and go leaves old tables behind, whose members the garbage
 * collector keeps alive and moves for nothing.
 */
export class Pending {
  #capacity = 0;
  #entries: (QueuedItem | undefined)[] = [];
  #table = new SlotTable(0, new Uint32Array());
  #free: Slot[] = [];

  /** The entry with this digest (16 bytes). */
  find(digest: Uint8Array): QueuedItem | undefined {
    const slot = this.#table.find(digest);
    return slot === undefined ? undefined : this.#entries[slot];
  }

  /** Takes in an entry whose digest is not here. */
  add(entry: QueuedItem): void {
    if (this.#free.length === 0) this.#grow();
    const slot = this.#free.pop() ?? 0;
    this.#entries[slot] = entry;
    this.#table.insert(slot, entry.item.digest);
  }

  /** Takes an entry out, if it is in. */
  delete(entry: QueuedItem): void {
    const slot = this.#table.find(entry.item.digest);
    if (slot === undefined || this.#entries[slot] !== entry) return;
    this.#table.remove(slot);
    this.#entries[slot] = undefined;
    this.#free.push(slot);
  }

  #grow(): void {
    const capacity = Math.max(2 * this.#capacity, FIRST_CAPACITY);
    const entries = this.#entries;
    this.#entries = new Array(capacity);
    this.#table = new SlotTable(
      capacity,
      new Uint32Array(capacity * DIGEST_WORDS),
    );
    this.#free = Array.from({ length: capacity }, (_, slot) => slot).reverse();
    this.#capacity = capacity;
    for (const entry of entries) if (entry !== undefined) this.add(entry);
  }
}
