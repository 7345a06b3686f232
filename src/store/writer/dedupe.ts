import type { Item, PackedItem } from "../journal/pack.ts";
import { DEDUPE_WINDOW_MS } from "../kv/limits.ts";
import type { QueuedItem, Tell } from "./queued_item.ts";
import { DIGEST_WORDS, type Slot, SlotTable } from "./slot_table.ts";
import type { AppendOutcome, DuplicateWindow } from "./window.ts";

const FIRST_CAPACITY = 256;

/**
 * Recognises copies of earlier callbacks: of those that are kept, by the duplicate window, and of those
 * on their way, which are never forgotten, or a second copy could pass them.
 *
 * Those on their way lie in a table by digest. No Map: one that sees many come and go leaves old tables
 * behind, whose members the garbage collector keeps alive and moves for nothing.
 */
export class Dedupe {
  #window: DuplicateWindow;
  #capacity = 0;
  #entries: (QueuedItem | undefined)[] = [];
  #table = new SlotTable(0, new Uint32Array());
  #free: Slot[] = [];

  /** Copies of what this window holds, and of what is added. */
  constructor(window: DuplicateWindow) {
    this.#window = window;
  }

  /** Tells the outcome of a copy's original, now or when it is certain; false when this is no copy. */
  join(item: Item, tell: Tell<AppendOutcome>): boolean {
    const original = this.onItsWay(item.digest);
    if (original !== undefined) {
      (original.copies ??= []).push(tell);
      return true;
    }
    const number = this.numberOf(item);
    if (number === undefined) return false;
    tell({ ok: true, number, isCopy: true });
    return true;
  }

  /** The number under which the original of a copy is kept; undefined when there is none. */
  numberOf(
    { digest, receivedAtMs }: Pick<Item, "digest" | "receivedAtMs">,
  ): number | undefined {
    return this.#window.find(digest, receivedAtMs);
  }

  /** The entry on its way with this digest (16 bytes). */
  onItsWay(digest: Uint8Array): QueuedItem | undefined {
    const slot = this.#table.find(digest);
    return slot === undefined ? undefined : this.#entries[slot];
  }

  /** Remembers an entry that is now on its way; there is none with its digest. */
  add(entry: QueuedItem): void {
    if (!entry.hasCopies) return;
    if (this.#free.length === 0) this.#grow();
    const slot = this.#free.pop() ?? 0;
    this.#entries[slot] = entry;
    this.#table.insert(slot, entry.item.digest);
  }

  /** Learns of an item that was kept, but is none of the entries on their way. */
  learn(
    { isRecognisable, digest, receivedAtMs, number }: Pick<
      PackedItem,
      "isRecognisable" | "digest" | "receivedAtMs" | "number"
    >,
  ): void {
    if (!isRecognisable) return;
    this.#window.add({ digest, receivedAtMs, number });
    const ours = this.onItsWay(digest);
    if (ours === undefined) return;
    const ageMs = ours.item.receivedAtMs - receivedAtMs;
    if (ageMs <= DEDUPE_WINDOW_MS) ours.numberElsewhere = number;
  }

  /** Notes the outcome of an entry; whoever waits for it is still to be told. */
  settle(entry: QueuedItem, outcome: AppendOutcome): void {
    const { hasCopies, item: { digest, receivedAtMs } } = entry;
    if (hasCopies) this.#delete(entry);
    if (hasCopies && outcome.ok && !outcome.isCopy) {
      this.#window.add({ digest, receivedAtMs, number: outcome.number });
    }
    entry.outcome = outcome;
  }

  /** Forgets what is too old. */
  trim(nowMs: number): void {
    this.#window.trim(nowMs);
  }

  #delete(entry: QueuedItem): void {
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
