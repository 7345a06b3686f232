import { logger } from "../log.ts";
import type { AnswerCode } from "../protocol/ack.ts";
import type { Observation } from "./callback.ts";

/** What came in, by what became of it. */
export interface Counts {
  readonly kept: number;
  readonly copies: number;
  readonly probes: number;
  /** Refused or set aside, by ErrorCode. */
  readonly byCode: Readonly<Partial<Record<AnswerCode, number>>>;
}

/** How long further refusals of one kind are only counted, ms. */
const QUIET_MS = 10_000;

const log = logger("callback");

/**
 * Counts callbacks, and logs refusals: the first of a kind at once, then at most one line in ten
 * seconds that says how many there were, so that a scanner cannot fill the disk.
 */
export class Tally {
  #now: () => number;
  #kept = 0;
  #copies = 0;
  #probes = 0;
  #byCode = new Map<AnswerCode, number>();
  #lastLog = new Map<AnswerCode, { atMs: number; count: number }>();

  constructor(options: { readonly now?: () => number } = {}) {
    this.#now = options.now ?? Date.now;
  }

  /** Everything so far. */
  get counts(): Counts {
    return {
      kept: this.#kept,
      copies: this.#copies,
      probes: this.#probes,
      byCode: Object.fromEntries(this.#byCode),
    };
  }

  /** Takes one observation. */
  add(observation: Observation): void {
    if (observation.isProbe) this.#probes++;
    else if (observation.code !== 0) this.#refuse(observation);
    else if (observation.isCopy) this.#copies++;
    else this.#kept++;
  }

  #refuse({ code, info, app, command, clientIp }: Observation): void {
    const total = (this.#byCode.get(code) ?? 0) + 1;
    this.#byCode.set(code, total);
    const last = this.#lastLog.get(code);
    const nowMs = this.#now();
    if (last !== undefined && nowMs - last.atMs < QUIET_MS) return;
    this.#lastLog.set(code, { atMs: nowMs, count: total });
    const count = total - (last?.count ?? 0);
    log.warn("Callback refused or set aside", {
      code,
      info,
      app,
      command,
      clientIp: clientIp(),
      count,
    });
  }
}
