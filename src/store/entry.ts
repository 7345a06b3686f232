import type { Sequence } from "./keys.ts";
import type { Item } from "./pack.ts";
import type { AppendOutcome, Sighting } from "./window.ts";

/** An item on its way into one of the sequences. */
export interface Arrival {
  readonly sequence: Sequence;
  readonly item: Item;
}

/** An arrival that waits in the Writer's queue. */
export interface Entry extends Arrival {
  /** The key of its digest, if a copy of it can be recognised. */
  readonly key: string | undefined;
  readonly sighting: Sighting;
  readonly settled: Promise<AppendOutcome>;
  readonly resolve: (outcome: AppendOutcome) => void;
}

/** Makes an entry; only journal items are looked for in the duplicate window. */
export function openEntry(arrival: Arrival): Entry {
  const { item, sequence } = arrival;
  const canCopy = sequence === "journal" && item.isRecognisable;
  const { promise, resolve } = Promise.withResolvers<AppendOutcome>();
  return {
    ...arrival,
    key: canCopy ? item.digest.toHex() : undefined,
    sighting: { receivedAtMs: item.receivedAtMs, number: 0, settled: promise },
    settled: promise,
    resolve,
  };
}

/** Tells whoever waits for this entry, or for a copy of it, what became of it. */
export function settleEntry(entry: Entry, outcome: AppendOutcome): void {
  if (outcome.ok) entry.sighting.number = outcome.number;
  entry.sighting.settled = undefined;
  entry.resolve(outcome);
}

/** What a copy of `original` is told. */
export async function outcomeOfCopy(
  original: Sighting,
): Promise<AppendOutcome> {
  if (original.settled === undefined) {
    return { ok: true, number: original.number, isCopy: true };
  }
  const outcome = await original.settled;
  return outcome.ok ? { ...outcome, isCopy: true } : outcome;
}
