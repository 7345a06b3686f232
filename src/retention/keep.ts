import { logger } from "../base/log.ts";
import { pause, within } from "../base/wait.ts";
import type { KeepOf } from "../config/keep_rules.ts";
import { redactedKey } from "../store/kv/keys.ts";
import type { Floor } from "../store/journal/purge.ts";
import { redactStep } from "../store/journal/redact.ts";
import type { Store } from "../store/open.ts";
import type { Pace } from "../store/pace.ts";

/** Settings for taking bodies away after their time. */
export interface BodySweeperOptions {
  readonly store: Pick<Store, "fenced" | "tail">;
  readonly pace: Pick<Pace, "step">;
  /** The last number whose body nobody needs any more. */
  readonly floor: Floor;
  readonly keepOf: KeepOf;
  /** The rules as text: where it changes, everything is looked at again. */
  readonly rules: string;
  /** Every number of days that a rule names. */
  readonly days: readonly number[];
  readonly now?: () => number;
  /** @default {60000} */
  readonly everyMs?: number;
}

/** The progress of taking away bodies of one age, and the rules it follows. */
interface Redacted {
  readonly rules: string;
  readonly after: number;
}

const DAY_MS = 86_400_000;
const STOP_MS = 1_000;
const log = logger("retention");

/** Takes bodies out of the journal once their time is over, until it is disposed. */
export class BodySweeper implements AsyncDisposable {
  #options: BodySweeperOptions;
  #now: () => number;
  #stop = new AbortController();
  #loop: Promise<void>;
  #failure: string | undefined;

  constructor(options: BodySweeperOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#loop = this.#run(options.everyMs ?? 60_000);
  }

  /** Stops after the step that is being done; a store that says nothing is not waited for. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await within(this.#loop, { ms: STOP_MS, late: undefined });
  }

  async #run(everyMs: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        for (const days of this.#options.days) await this.#sweep(days, signal);
        this.#failure = undefined;
      } catch (error) {
        if (!signal.aborted) this.#fail(String(error));
      }
      await pause(everyMs, { signal });
    }
  }

  /** Goes on where the last sweep of this age stood; its place is kept after each page of packs. */
  async #sweep(days: number, signal: AbortSignal): Promise<void> {
    const { store: { fenced }, pace, rules } = this.#options;
    const key = redactedKey(days);
    const { value } = await fenced.get<Redacted>(key);
    let after = value?.rules === rules ? value.after : 0;
    const start = after;
    let removed = 0;
    for (;;) {
      const step = await pace.step(() => this.#step(days, after), signal);
      if (step?.after === undefined) break;
      after = step.after;
      removed += step.removed;
    }
    if (after > start) {
      await fenced.atomic().set(key, { rules, after }).commit();
    }
    if (removed > 0) log.info("Removed old bodies", { removed, days });
  }

  async #step(days: number, after: number) {
    const { store: { fenced, tail }, floor, keepOf } = this.#options;
    const step = await redactStep(fenced, {
      after,
      cutoffMs: this.#now() - days * DAY_MS,
      floor: await floor(),
      redact: (_item, text) => {
        const meta = JSON.parse(text);
        const keep = keepOf(meta.command);
        const isDue = keep.kind === "days" && keep.days === days;
        if (!isDue || meta.redacted) return undefined;
        return JSON.stringify({ ...meta, redacted: true });
      },
    });
    if (step.removed > 0) tail.forgetRecent();
    return step;
  }

  /** A full disk, for one, lets nothing be removed: tried again, and told once. */
  #fail(reason: string): void {
    if (this.#failure !== reason) {
      log.error("Cannot remove old bodies", { reason });
    }
    this.#failure = reason;
  }
}
