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

/** Is told an outcome, once; it must not throw. */
export type Tell<Outcome> = (outcome: Outcome) => void;

/** An arrival that waits in the Writer's queue. */
export interface QueuedItem extends Arrival {
  /** Whether a copy of it can be recognised. */
  readonly hasCopies: boolean;
  /** The number under which another process has kept this callback meanwhile. */
  numberElsewhere: number | undefined;
  /** The outcome, once it is certain. */
  outcome: AppendOutcome | undefined;
  /** Whoever waits for the outcome; undefined once it is told. */
  tell: Tell<AppendOutcome> | undefined;
  /** Those who handed in copies of it and wait for the same outcome. */
  copies: Tell<AppendOutcome>[] | undefined;
}

/** Makes an entry that nobody knows of yet. */
export function openQueuedItem(
  { sequence, item, effects }: Arrival,
  { hasCopies, tell }: Pick<QueuedItem, "hasCopies" | "tell">,
): QueuedItem {
  return {
    sequence,
    item,
    effects,
    hasCopies,
    numberElsewhere: undefined,
    outcome: undefined,
    tell,
    copies: undefined,
  };
}

/** Tells those who wait for these entries, or for copies of them, what became of them. */
export function tellWaiting(entries: readonly QueuedItem[]): void {
  for (const entry of entries) {
    const { outcome, tell, copies } = entry;
    if (outcome === undefined || tell === undefined) continue;
    entry.tell = undefined;
    tell(outcome);
    for (const tellCopy of copies ?? []) tellCopy(asCopy(outcome));
  }
}

/** Whether copies of an arrival are told by its digest: only the journal is free of them. */
export function canHaveCopies({ sequence, item }: Arrival): boolean {
  return sequence === "journal" && item.isRecognisable;
}

/** The outcome of a copy, from that of its original. */
function asCopy(outcome: AppendOutcome): AppendOutcome {
  return outcome.ok ? { ...outcome, isCopy: true } : outcome;
}
