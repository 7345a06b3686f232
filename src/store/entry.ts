import type { Sequence } from "./keys.ts";
import type { Item } from "./pack.ts";
import type { AppendOutcome, Slot } from "./window.ts";

/** An item on its way into one of the sequences. */
export interface Arrival {
  readonly sequence: Sequence;
  readonly item: Item;
}

/** An arrival that waits in the Writer's queue. */
export interface Entry extends Arrival {
  /** Its place in the duplicate window, if a copy of it can be recognised. */
  slot: Slot | undefined;
  readonly settled: Promise<AppendOutcome>;
  readonly resolve: (outcome: AppendOutcome) => void;
}

/** Makes an entry that is not in the duplicate window yet. */
export function openEntry({ sequence, item }: Arrival): Entry {
  const { promise: settled, resolve } = Promise.withResolvers<AppendOutcome>();
  return { sequence, item, slot: undefined, settled, resolve };
}

/** Whether copies of an arrival are looked for: only the journal is free of them. */
export function canCopy({ sequence, item }: Arrival): boolean {
  return sequence === "journal" && item.isRecognisable;
}
