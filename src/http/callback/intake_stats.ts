import {
  type LatencySummary,
  RecentLatency,
  RollingCount,
} from "../../base/recent_latency.ts";
import { type AnswerCode, ANSWERS } from "../../protocol/ack.ts";
import type { CallbackObservation } from "./intake.ts";

/** Callbacks that were refused or set aside with one code. */
export interface Rejects {
  readonly code: AnswerCode;
  readonly reason: string;
  /** Since the start. */
  readonly count: number;
  readonly lastMinute: number;
  readonly lastHour: number;
  readonly lastAddress: string;
  readonly lastAtMs: number;
}

/** Figures of intake of the last minute and hour. */
export interface IntakeSummary extends Omit<LatencySummary, "count"> {
  /** Authentic callbacks a second, over the last minute or since the start. */
  readonly perSecond: number;
  /** By code. */
  readonly rejects: readonly Rejects[];
}

type Observed = Pick<
  CallbackObservation,
  "code" | "app" | "durationMs" | "clientIp"
>;

interface Kind {
  count: number;
  readonly recent: RollingCount;
  lastAddress: string;
  lastAtMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SLOTS = { slotMs: 5_000, slots: HOUR_MS / 5_000 };

/** Remembers what a person asks about intake. What is accepted costs two additions. */
export class IntakeStats {
  #now: () => number;
  #startMs: number;
  #latency = new RecentLatency();
  #kinds = new Map<AnswerCode, Kind>();

  constructor(options: { readonly now?: () => number } = {}) {
    this.#now = options.now ?? Date.now;
    this.#startMs = this.#now();
  }

  /** Takes one observation. */
  add({ code, app, durationMs, clientIp }: Observed): void {
    const nowMs = this.#now();
    if (app !== undefined) this.#latency.add(durationMs, nowMs);
    if (code === 0) return;
    const kind = this.#kindOf(code);
    kind.count++;
    kind.recent.add(nowMs);
    kind.lastAddress = clientIp();
    kind.lastAtMs = nowMs;
  }

  /** The figures now. */
  summary(): IntakeSummary {
    const nowMs = this.#now();
    const { count, ...latency } = this.#latency.summary(nowMs);
    const spanMs = Math.min(Math.max(nowMs - this.#startMs, 1_000), MINUTE_MS);
    const perSecond = Number((count * 1_000 / spanMs).toFixed(2));
    const rejects = [...this.#kinds].map(([code, kind]) =>
      rejectsOf(code, kind, nowMs)
    );
    return {
      ...latency,
      perSecond,
      rejects: rejects.toSorted((a, b) => a.code - b.code),
    };
  }

  #kindOf(code: AnswerCode): Kind {
    let kind = this.#kinds.get(code);
    if (kind === undefined) {
      const recent = new RollingCount(SLOTS);
      kind = { count: 0, recent, lastAddress: "", lastAtMs: 0 };
      this.#kinds.set(code, kind);
    }
    return kind;
  }
}

function rejectsOf(
  code: AnswerCode,
  { recent, ...kind }: Kind,
  nowMs: number,
): Rejects {
  return {
    code,
    reason: ANSWERS[code].info,
    ...kind,
    lastMinute: recent.count(nowMs, MINUTE_MS),
    lastHour: recent.count(nowMs, HOUR_MS),
  };
}
