import type { Attempt } from "../store/attempts.ts";
import { failureOf, missOf, type Sent } from "./attempt.ts";
import type { Endpoint } from "../store/endpoint.ts";
import type { Store } from "../store/open.ts";
import { type Change, commitProgress } from "../store/progress.ts";
import type {
  DeliveryObserver,
  FailedOutcome,
  Outcome,
  RetryDelay,
} from "./delivery.ts";
import {
  tellFailure,
  tellHeld,
  tellMissed,
  tellRecovery,
} from "./outage_log.ts";
import {
  applied,
  isSameLine,
  type Tally,
  withDelivery,
  withPassed,
} from "./tally.ts";
import { failuresOf, type LineId, lineIdOf, stopped } from "./transition.ts";
import type { WorkerOptions } from "./worker_options.ts";

/** Deliveries that may be repeated after a crash. */
const FLUSH_DELIVERIES = 500;

/** How long a delivery may be known to this process alone, ms. */
const FLUSH_MS = 500;

/** What a ledger writes to. */
export interface LedgerOptions extends Pick<WorkerOptions, "turns"> {
  readonly store: Pick<Store, "fenced">;
  readonly now: () => number;
}

type Delivered = Extract<Outcome, { kind: "delivered" }>;

/** Commits are not abandoned: what has arrived is kept, also at the end. */
const NEVER = new AbortController().signal;

/**
 * What one worker knows of its endpoint: how it is kept, and what has arrived since.
 *
 * Invariant: `endpoint` is what the store holds with the tally applied.
 */
export class Ledger {
  #options: LedgerOptions;
  #kept: Endpoint | undefined;
  #endpoint: Endpoint | undefined;
  #tally: Tally | undefined;
  #isGone = false;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** The endpoint with everything that has happened; undefined before it is open. */
  get endpoint(): Endpoint | undefined {
    return this.#endpoint;
  }

  /** Whether the endpoint has been deleted. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** When the tally must be kept, from now, ms; Infinity when there is none. */
  get dueInMs(): number {
    if (this.#tally === undefined) return Infinity;
    return this.#tally.sinceMs + FLUSH_MS - this.#options.now();
  }

  /** Begins from the endpoint as it is kept; null when it is not. */
  open(endpoint: Endpoint | null): void {
    this.#isGone = endpoint === null;
    this.#kept = this.#endpoint = endpoint ?? undefined;
    this.#tally = undefined;
  }

  /** Nothing up to `through` was wanted. */
  async pass(line: LineId, through: number): Promise<void> {
    await this.#useLine(line);
    const nowMs = this.#options.now();
    this.#tally = withPassed(this.#tally, { line, through, nowMs });
    await this.#advance();
  }

  /** An event has arrived. */
  async deliver({ line, seq }: Sent, outcome: Delivered): Promise<void> {
    const id = lineIdOf(line);
    await this.#useLine(id);
    const done = { line: id, seq, nowMs: this.#options.now(), ...outcome };
    this.#tally = withDelivery(this.#tally, done);
    const isRedelivery = "kind" in line && line.kind === "redelivery";
    if (isRedelivery) await this.#commit({ takesBack: seq });
    else await this.#advance();
  }

  /** An event has not been taken. */
  async fail(
    sent: Sent,
    { outcome, retryDelay, observe }: {
      readonly outcome: FailedOutcome;
      readonly retryDelay: RetryDelay;
      readonly observe: DeliveryObserver;
    },
  ): Promise<void> {
    const { endpoint } = this;
    if (endpoint === undefined) return;
    const nowMs = this.#options.now();
    const delayMs = retryDelay(endpoint, {
      failures: failuresOf(sent.line, sent.seq) + 1,
      retryAfterMs: outcome.retryAfterMs,
    });
    const { change, attempt } = failureOf(sent, { outcome, delayMs, nowMs });
    const { verdict } = change(endpoint);
    await this.#commit({ attempt: attempt(endpoint), change });
    if (verdict === "dead-letter") {
      observe({ endpointId: endpoint.id, outcome: "dead_letter" });
    }
    const after = this.#endpoint ?? endpoint;
    tellFailure(after, { verdict, seq: sent.seq, outcome });
  }

  /** Events left the journal before they could be delivered. */
  async miss(
    line: LineId,
    { from, through }: { readonly from: number; readonly through: number },
  ): Promise<void> {
    await this.#useLine(line);
    const nowMs = this.#options.now();
    await this.#commit(missOf(line, { from, through, nowMs }));
    tellMissed(this.endpoint?.id, { from, through });
  }

  /** Stops for a reason that a person must look at. */
  async hold(reason: string): Promise<void> {
    await this.#commit({ change: (kept) => stopped(kept, "held", reason) });
    tellHeld(this.endpoint?.id, reason);
  }

  /** Keeps what has arrived. */
  async flush(): Promise<void> {
    if (this.#tally !== undefined) await this.#commit();
  }

  /** A tally is of one line. */
  async #useLine(line: LineId): Promise<void> {
    const known = this.#tally?.line;
    if (known === undefined || isSameLine(known, line)) return;
    await this.flush();
  }

  /** Applies the tally to what is known, and keeps it where that is due. */
  async #advance(): Promise<void> {
    const { endpoint } = this;
    const tally = this.#tally;
    if (endpoint === undefined || tally === undefined) return;
    const wasFailing = endpoint.failures > 0;
    this.#endpoint = applied(endpoint, tally);
    const count = tally.delivered?.count ?? 0;
    const isDue = count >= FLUSH_DELIVERIES || this.dueInMs <= 0;
    if (isDue || (wasFailing && count > 0)) await this.flush();
  }

  async #commit(
    { attempt, change = (endpoint) => ({ endpoint }), takesBack }: {
      readonly attempt?: Attempt;
      readonly change?: (endpoint: Endpoint) => Change;
      readonly takesBack?: number;
    } = {},
  ): Promise<void> {
    const { store: { fenced }, turns, now } = this.#options;
    const before = this.#kept;
    if (before === undefined) return;
    const tally = this.#tally;
    const delivered = tally?.delivered;
    const { id, epoch } = before;
    const options = {
      id,
      epoch,
      nowMs: now(),
      progress: {
        attempts: [delivered, attempt].filter((one) => one !== undefined),
        change: (kept: Endpoint) => change(tally ? applied(kept, tally) : kept),
        takesBack,
      },
    };
    const result = await turns.take(
      () => commitProgress(fenced, options),
      NEVER,
    );
    if (result === undefined) return;
    this.open(result.kind === "gone" ? null : result.endpoint);
    if (delivered !== undefined) tellRecovery(before, delivered);
  }
}
