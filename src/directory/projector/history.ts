import type { Fold } from "../fold/fold.ts";
import { timeMsOf } from "../fold/stamp.ts";
import { countIds } from "../rows/counts.ts";
import type { DirectoryKeys, GroupRef } from "../rows/keys.ts";
import { ROW_MAX_EVENTS } from "../rows/limits.ts";
import type { Mutation, Slice } from "../rows/writer.ts";

/** The options of History. */
export interface HistoryOptions {
  readonly keys: DirectoryKeys;
  readonly ref: GroupRef;
  /** Numbers of the newest events, as the group's row holds them. */
  readonly timeline: readonly number[];
}

/** Counts, or notes of what was left out, that one slice writes at the most. */
const SLICE_MAX_NOTES = 24;

/** The history of one group while it is being folded: its timeline, its counts, and what was left out. */
export class History {
  #options: HistoryOptions;
  #timeline: readonly number[];
  #mutations: Mutation[] = [];
  #counts: NonNullable<Slice["counts"]>[number][] = [];
  #unfolded: NonNullable<Slice["unfolded"]>[number][] = [];
  #countIds = new Set<string>();

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#timeline = options.timeline;
  }

  /** The part of the timeline that the row holds. */
  get timeline(): readonly number[] {
    return this.#timeline;
  }

  /** Whether the next slice should not write more. */
  get isFull(): boolean {
    return this.#countIds.size + this.#unfolded.length >= SLICE_MAX_NOTES;
  }

  /** Counts an event and puts it into the timeline. */
  add({ seq, stamp, counts, omitted: reason }: Fold): void {
    if (Object.values(counts).some((count) => count > 0)) {
      const event = { timeMs: timeMsOf(stamp), counts };
      this.#counts.push(event);
      for (const id of countIds([event])) this.#countIds.add(id);
    }
    if (reason !== undefined) {
      this.#unfolded.push({ seq, reason, isPart: true });
    }
    this.#timeline = [...this.#timeline, seq];
    if (this.#timeline.length < ROW_MAX_EVENTS) return;
    const { keys, ref } = this.#options;
    const [first = seq] = this.#timeline;
    const key = [...keys.parts("timelines", ref), first];
    this.#mutations.push({ key, value: this.#timeline });
    this.#timeline = [];
  }

  /** Returns what the next slice writes of the history. */
  cut(): Slice {
    const slice = {
      mutations: this.#mutations,
      counts: this.#counts,
      unfolded: this.#unfolded,
    };
    this.#mutations = [];
    this.#counts = [];
    this.#unfolded = [];
    this.#countIds.clear();
    return slice;
  }
}
