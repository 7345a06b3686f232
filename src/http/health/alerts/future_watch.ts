// Watches the journal for events whose EventTime lies in the future: a wrong clock, or a forgery.
import { readExtent, readPage } from "../../../store/journal/page.ts";
import type { Store } from "../../../store/open.ts";

const DAY_MS = 86_400_000;
/** An EventTime that is later than the receipt by more is odd, ms. */
const AHEAD_MS = 5 * 60_000;
/** Events that one look goes through; what is beyond is passed over. */
const LOOK_EVENTS = 1_000;
const LOOK_BYTES = 1_048_576;

/** Counts future events of the last day. */
export class FutureWatch {
  #reader: Store["reader"];
  #now: () => number;
  #after: number | undefined;
  #found: { readonly atMs: number; readonly address: string }[] = [];

  constructor(
    { reader }: Pick<Store, "reader">,
    { now = Date.now }: { readonly now?: () => number } = {},
  ) {
    this.#reader = reader;
    this.#now = now;
  }

  /** Goes through what is new in the journal. */
  async look(): Promise<void> {
    const { first, last } = await readExtent(this.#reader);
    const start = Math.max(this.#after ?? 0, last - LOOK_EVENTS, first - 1);
    this.#after = last;
    if (start >= last) return;
    const page = await readPage(this.#reader, {
      after: start,
      limit: LOOK_EVENTS,
      maxBytes: LOOK_BYTES,
    });
    if (page.kind !== "page") return;
    this.#after = page.next;
    for (const { receivedAtMs, meta } of page.records) {
      const { eventTimeMs = 0, senderIp: address = "unknown" } = meta;
      const isOdd = eventTimeMs - receivedAtMs > AHEAD_MS;
      if (isOdd) this.#found.push({ atMs: receivedAtMs, address });
    }
  }

  /** Future events of the last day, and who sent the last one. */
  get lastDay(): { readonly count: number; readonly address: string } {
    const fromMs = this.#now() - DAY_MS;
    this.#found = this.#found.filter(({ atMs }) => atMs >= fromMs);
    const address = this.#found.at(-1)?.address ?? "";
    return { count: this.#found.length, address };
  }
}
