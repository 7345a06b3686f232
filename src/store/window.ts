import { DEDUPE_WINDOW_MS } from "./limits.ts";

/** What became of an item that was handed to the Writer. */
export type AppendOutcome =
  | {
    readonly ok: true;
    /** Its number, or for a copy that of the original. */
    readonly number: number;
    readonly isCopy: boolean;
  }
  | { readonly ok: false; readonly reason: "full" | "closed" };

/** A recognisable callback that was received: kept under a number, or on its way there. */
export interface Sighting {
  readonly receivedAtMs: number;
  /** 0 while it is not kept. */
  number: number;
  /** Settles when it is; undefined from then on. */
  settled: Promise<AppendOutcome> | undefined;
}

/**
 * The duplicate window: what was received in the last 15 minutes, by digest.
 *
 * Invariant: a Map keeps insertion order, so its front holds the oldest. What is not yet kept is
 * never forgotten, or a second copy could pass it.
 */
export class DuplicateWindow {
  #sightings = new Map<string, Sighting>();
  #max: number;

  constructor(options: { readonly max: number }) {
    this.#max = options.max;
  }

  get size(): number {
    return this.#sightings.size;
  }

  /** The sighting that an item received at `receivedAtMs` would be a copy of. */
  find(key: string, receivedAtMs: number): Sighting | undefined {
    const sighting = this.#sightings.get(key);
    if (sighting === undefined || sighting.number === 0) return sighting;
    const ageMs = receivedAtMs - sighting.receivedAtMs;
    return ageMs > DEDUPE_WINDOW_MS ? undefined : sighting;
  }

  /** Remembers a sighting as the newest. */
  add(key: string, sighting: Sighting): void {
    this.#sightings.delete(key);
    this.#sightings.set(key, sighting);
  }

  /** Forgets a sighting, if it still is the one under this key. */
  remove(key: string, sighting: Sighting): void {
    if (this.#sightings.get(key) === sighting) this.#sightings.delete(key);
  }

  /** Forgets what is too old or too many. Cheap when there is nothing to forget. */
  trim(nowMs: number): void {
    for (const [key, sighting] of this.#sightings) {
      if (sighting.number === 0) return;
      const isOver = nowMs - sighting.receivedAtMs > DEDUPE_WINDOW_MS;
      if (!isOver && this.#sightings.size <= this.#max) return;
      this.#sightings.delete(key);
    }
  }
}
