import { Budget } from "../../base/budget.ts";
import { readHead, type StampedHead } from "../journal/head.ts";
import type { PackedItem } from "../journal/pack.ts";
import { scanPacks } from "../journal/scan.ts";
import { readsWithin, StoreSilentError } from "../kv/deadline.ts";
import { SILENT } from "../kv/health.ts";
import type { Sequence } from "../kv/keys.ts";
import type { ReadableKv } from "../kv/kv.ts";
import {
  type IndexedItem,
  indexedItem,
} from "../quarantine/quarantine_index.ts";

/** The outcome of a commit whose answer was not "committed", as the store tells it. */
export type CommitOutcome =
  /** Nothing has happened: the commit has not landed, but still may. */
  | { readonly kind: "unmoved" }
  | {
    readonly kind: "moved";
    readonly head: StampedHead;
    /** Whether the batch is in the store; if not, it can no longer get there. */
    readonly hasLanded: boolean;
    /** Whether others have appended behind the known head. */
    readonly hasOthers: boolean;
  };

/** Is told of what others have kept. To be told again of the same changes nothing. */
export interface Learner {
  readonly journal: (item: PackedItem) => void;
  readonly quarantine: (item: IndexedItem) => void;
}

/** Settings of an OutcomeReader. */
export interface OutcomeReaderOptions {
  readonly kv: ReadableKv;
  readonly learner: Learner;
  /** How long the store may take for each answer, ms. */
  readonly patienceMs: number;
}

/**
 * Reads what became of a batch, and what others have appended.
 *
 * A process may have to read minutes of the journal at once: after an outage, or when the store was
 * slow. Each answer has a deadline, the whole has none, and where it breaks off the next one goes on:
 * read from the start again it would never end while the journal grows faster.
 */
export class OutcomeReader implements Disposable {
  #options: OutcomeReaderOptions;
  #kv: ReadableKv;
  #patience: Budget;
  #progress: Progress | undefined;

  constructor(options: OutcomeReaderOptions) {
    this.#options = options;
    this.#patience = new Budget(options.patienceMs);
    this.#kv = readsWithin(options.kv, (asking) => this.#inTime(asking));
  }

  /** Stops waiting for an answer of the store. */
  [Symbol.dispose](): void {
    this.#patience[Symbol.dispose]();
  }

  /**
   * Finds out what became of a batch that was sent with a check on `head`.
   *
   * The head is read first: while it is the known one, the batch has not landed. Once it is another,
   * the batch is in the packs between the two, or can never land.
   *
   * @throws {StoreSilentError} when the store does not answer
   */
  async read(
    { batchId, head }: {
      readonly batchId: Uint8Array;
      readonly head: StampedHead;
    },
  ): Promise<CommitOutcome> {
    const now = await readHead(this.#kv);
    if (now.versionstamp === head.versionstamp) return { kind: "unmoved" };
    const progress = this.#progressFrom(head);
    const id = batchId.toHex();
    await this.#pass("journal", { to: now.journal, progress, id });
    await this.#pass("quarantine", { to: now.quarantine, progress, id });
    const hasLanded = progress.batchIds.has(id) || now.batchId.toHex() === id;
    return {
      kind: "moved",
      head: now,
      hasLanded,
      hasOthers: progress.hasOthers,
    };
  }

  async #inTime<T>(asking: Promise<T>): Promise<T> {
    const answer = await this.#patience.race<T, typeof SILENT>(asking, SILENT);
    if (answer !== SILENT) return answer;
    throw new StoreSilentError("Store: no answer");
  }

  #progressFrom(head: StampedHead): Progress {
    if (this.#progress?.versionstamp !== head.versionstamp) {
      this.#progress = {
        versionstamp: head.versionstamp,
        through: { journal: head.journal, quarantine: head.quarantine },
        batchIds: new Set(),
        hasOthers: false,
      };
    }
    return this.#progress;
  }

  /** Learns what one sequence holds up to `to`, the batch's own as well: who asks next may not know of it. */
  async #pass(
    sequence: Sequence,
    { to, progress, id }: {
      readonly to: number;
      readonly progress: Progress;
      readonly id: string;
    },
  ): Promise<void> {
    const { through, batchIds } = progress;
    const range = { sequence, from: through[sequence] + 1, to };
    for await (const { batchId, first, items } of scanPacks(this.#kv, range)) {
      const ofPack = batchId.toHex();
      for (const item of items) await this.#learn(sequence, item);
      progress.hasOthers ||= ofPack !== id;
      batchIds.add(ofPack);
      through[sequence] = first + items.length - 1;
    }
  }

  async #learn(sequence: Sequence, item: PackedItem): Promise<void> {
    const { learner } = this.#options;
    if (sequence === "journal") return learner.journal(item);
    const indexed = await indexedItem(this.#kv, item);
    if (indexed !== undefined) learner.quarantine(indexed);
  }
}

/** How far the store has been read behind a head. */
interface Progress {
  /** The head's. */
  readonly versionstamp: string | null;
  readonly through: { journal: number; quarantine: number };
  /** The batches whose packs were passed. */
  readonly batchIds: Set<string>;
  hasOthers: boolean;
}

/** The outcome of a commit that was answered "committed": nothing of others came between. */
export function landed(head: StampedHead): CommitOutcome {
  return { kind: "moved", head, hasLanded: true, hasOthers: false };
}
