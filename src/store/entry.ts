import type { Sequence } from "./keys.ts";
import type { Item } from "./pack.ts";
import type { ShelfItem } from "./shelf.ts";
import type { AppendOutcome, Slot } from "./window.ts";

/** An item on its way into one of the sequences. */
export interface Arrival {
  readonly sequence: Sequence;
  readonly item: Item;
  /** Further changes that are made in the same commit, or not at all. */
  readonly effects?: Effects | undefined;
}

/** What changes together with an append. */
export interface Effects {
  readonly set?: { readonly key: Deno.KvKey; readonly value: unknown };
  /** A quarantined item that leaves; when it is gone already, nothing is appended. */
  readonly removes?: ShelfItem;
}

/** An arrival that waits in the Writer's queue. */
export interface Entry extends Arrival {
  /** Its place in the duplicate window, if a copy of it can be recognised. */
  slot: Slot | undefined;
  readonly settled: Promise<AppendOutcome>;
  readonly resolve: (outcome: AppendOutcome) => void;
}

/** Makes an entry that is not in the duplicate window yet. */
export function openEntry({ sequence, item, effects }: Arrival): Entry {
  const { promise: settled, resolve } = Promise.withResolvers<AppendOutcome>();
  return { sequence, item, effects, slot: undefined, settled, resolve };
}

/** Whether copies of an arrival are looked for: only the journal is free of them. */
export function canCopy({ sequence, item }: Arrival): boolean {
  return sequence === "journal" && item.isRecognisable;
}
