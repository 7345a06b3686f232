import { logger } from "../base/log.ts";
import { pause, within } from "../base/wait.ts";
import {
  BLOCK_EVENTS,
  blockOf,
  indexRowOf,
  lastIndexedBlock,
} from "./journal/event_index.ts";
import { followPage, readExtent } from "./journal/page.ts";
import type { EventMeta } from "../base/event.ts";
import { INDEX_PREFIX, indexKey } from "./kv/keys.ts";
import { SIDE_MAX_MUTATIONS } from "./kv/limits.ts";
import type { Store } from "./open.ts";
import type { Pace } from "./pace.ts";

/** Settings of an Indexer. */
export interface IndexerOptions {
  readonly store: Pick<Store, "reader" | "fenced" | "tail">;
  readonly pace: Pace;
  /** Pause between two looks for a block that is full, ms. @default {1000} */
  readonly pollMs?: number;
}

/** Longest wait for a step under way when it is stopped, ms. */
const STOP_MS = 1_000;

const log = logger("indexer");

/** Writes the index of commands and groups behind the journal, a full block at a time. */
export class Indexer implements AsyncDisposable {
  #options: IndexerOptions;
  #stop = new AbortController();
  #loop: Promise<void>;
  #failure: string | undefined;
  /** The next block to index; undefined until the store was asked. */
  #next: number | undefined;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#loop = this.#run(options.pollMs ?? 1_000);
  }

  /** Stops after the step that is being done; a store that says nothing is not waited for. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await within(this.#loop, { ms: STOP_MS, late: undefined });
  }

  async #run(pollMs: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#catchUp(signal);
        this.#failure = undefined;
      } catch (error) {
        if (!signal.aborted) this.#fail(String(error));
      }
      await pause(pollMs, { signal });
    }
  }

  /** Indexes every block that is full, then removes rows that are no longer needed. */
  async #catchUp(signal: AbortSignal): Promise<void> {
    const { store, pace } = this.#options;
    const isFull = () =>
      ((this.#next ?? 0) + 1) * BLOCK_EVENTS <= store.tail.last;
    if (!isFull()) return;
    const step = async () => {
      this.#next ??= await nextBlock(store);
      if (!isFull()) return;
      await indexBlock(store, this.#next);
      this.#next++;
    };
    while (!signal.aborted && isFull()) await pace.step(step, signal);
    await pace.step(() => dropOld(store), signal);
  }

  #fail(reason: string): void {
    if (this.#failure !== reason) {
      log.warn("The index of commands and groups does not go on", { reason });
    }
    this.#failure = reason;
    this.#next = undefined;
  }
}

/** The first block without a row, but none that has left the journal. */
async function nextBlock({ reader }: IndexerOptions["store"]): Promise<number> {
  const last = await lastIndexedBlock(reader);
  const { first } = await readExtent(reader);
  return Math.max(last === undefined ? 0 : last + 1, blockOf(first));
}

/** Reads a block and writes its row. What leaves the journal meanwhile needs none. */
async function indexBlock(
  { reader, tail, fenced }: IndexerOptions["store"],
  block: number,
): Promise<void> {
  const end = (block + 1) * BLOCK_EVENTS;
  const { first } = await readExtent(reader);
  const metas: EventMeta[] = [];
  for (let after = Math.max(block * BLOCK_EVENTS, first - 1); after < end;) {
    const limit = end - after;
    const page = await followPage({ reader, tail }, { after, limit });
    if (page.kind !== "page") return;
    metas.push(...page.records.map(({ meta }) => meta));
    after = page.next;
  }
  await fenced.atomic().set(indexKey(block), indexRowOf(metas)).commit();
}

/** Removes rows of blocks that have left the journal. */
async function dropOld(
  { reader, fenced }: IndexerOptions["store"],
): Promise<void> {
  const { first } = await readExtent(reader);
  const list = reader.list({
    prefix: INDEX_PREFIX,
    end: indexKey(blockOf(first)),
  }, { limit: SIDE_MAX_MUTATIONS });
  const old = await Array.fromAsync(list);
  if (old.length === 0) return;
  const operation = fenced.atomic();
  for (const { key } of old) operation.delete(key);
  await operation.commit();
}
