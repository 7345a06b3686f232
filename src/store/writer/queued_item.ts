import type { Item } from "../journal/pack.ts";
import type { Sequence } from "../kv/keys.ts";
import type { KvKey } from "../kv/kv.ts";
import type { IndexedItem } from "../quarantine/quarantine_index.ts";
import type { AppendOutcome } from "./window.ts";

/** An item on its way into one of the sequences. */
export interface Arrival {
  readonly sequence: Sequence;
  readonly item: Item;
  /** Further changes that are made in the same commit, or not at all. */
  readonly effects?: Effects | undefined;
}

/** Changes that are made together with an append. */
export interface Effects {
  readonly set?: { readonly key: KvKey; readonly value: unknown };
  /** A quarantined item that leaves; when it is gone already, nothing is appended. */
  readonly removes?: Pick<IndexedItem, "number" | "partCount">;
}

/** An arrival that waits in the Writer's queue. */
export interface QueuedItem extends Arrival {
  /** Whether a copy of it can be recognised. */
  readonly hasCopies: boolean;
  /** The number under which another process has kept this callback meanwhile. */
  numberElsewhere: number | undefined;
  /** The outcome, once it is certain. */
  outcome: AppendOutcome | undefined;
  readonly settled: Promise<AppendOutcome>;
  readonly resolve: (outcome: AppendOutcome) => void;
}

/** Makes an entry that nobody knows of yet. */
export function openQueuedItem(
  { sequence, item, effects }: Arrival,
  hasCopies: boolean,
): QueuedItem {
  const { promise: settled, resolve } = Promise.withResolvers<AppendOutcome>();
  return {
    sequence,
    item,
    effects,
    hasCopies,
    numberElsewhere: undefined,
    outcome: undefined,
    settled,
    resolve,
  };
}

/** Tells those who wait for these entries, or for copies of them, what became of them. */
export function tellWaiting(entries: readonly QueuedItem[]): void {
  for (const { outcome, resolve } of entries) {
    if (outcome !== undefined) resolve(outcome);
  }
}

/** Whether copies of an arrival are told by its digest: only the journal is free of them. */
export function canHaveCopies({ sequence, item }: Arrival): boolean {
  return sequence === "journal" && item.isRecognisable;
}
