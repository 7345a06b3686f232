import type { Pace } from "../store/pace.ts";
import {
  type Floor,
  type PurgeOptions,
  type PurgeStep,
  purgeStep,
} from "../store/journal/purge.ts";
import type { Store } from "../store/open.ts";

/** Keeps, of what is about to leave the journal, what others will still need of it. */
export interface Precaution {
  /** The last number that may leave now. */
  readonly floor: Floor;
  /** Makes numbers up to `through` ready to leave; says whether it came so far. */
  readonly prepare: (
    through: number,
    options: { readonly signal: AbortSignal; readonly maxPages?: number },
  ) => Promise<boolean>;
}

/** Settings of a sweep. */
export interface SweepOptions extends Pick<PurgeOptions, "cutoffMs"> {
  readonly fenced: Store["fenced"];
  readonly tail: Pick<Store["tail"], "forgetRecent">;
  readonly pace: Pace;
  readonly floor: Floor;
  /** Ends the sweep between two steps. */
  readonly signal: AbortSignal;
  /** @default {Infinity} */
  readonly maxSteps?: number;
  /** Told of each step. */
  readonly onStep: (removed: number) => void;
}

/**
 * Removes what may leave, step by step, giving way to intake before each. Says how many events left,
 * and whether more may be left to remove.
 */
export async function sweep(options: SweepOptions): Promise<PurgeStep> {
  const { pace, signal, maxSteps = Infinity, onStep } = options;
  let removed = 0;
  for (let steps = 0; steps < maxSteps; steps++) {
    const step = await pace.step(() => purgeOnce(options), signal);
    if (step === undefined) break;
    removed += step.removed;
    onStep(step.removed);
    if (!step.hasMore) return { removed, hasMore: false };
  }
  return { removed, hasMore: true };
}

async function purgeOnce(
  { fenced, tail, cutoffMs, floor }: SweepOptions,
): Promise<PurgeStep> {
  const step = await purgeStep(fenced, { cutoffMs, floor: await floor() });
  if (step.removed > 0) tail.forgetRecent();
  return step;
}
