import type { Store } from "../../store/open.ts";
import {
  deleteDeadLetters,
  type NumberedDeadLetter,
} from "../endpoint/dead_letters.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { commitProgress } from "../endpoint/progress.ts";
import { isSameTrack, type TrackId, trackIdOf } from "../endpoint/track.ts";
import { failuresOf } from "../endpoint/transition.ts";
import type {
  DeliveryObserver,
  DeliveryOutcome,
  FailedOutcome,
  RetryDelay,
} from "../outbound/deliver.ts";
import { tellRecovery } from "./outage_log.ts";
import type { StoreTurns } from "./send_pace.ts";
import {
  aheadStep,
  failureStep,
  missStep,
  progressOf,
  type Sent,
  type Step,
} from "./step.ts";
import { applied, type Tally, withDelivery, withPassed } from "./tally.ts";

/** Deliveries that may be repeated after a crash. */
const FLUSH_DELIVERIES = 500;

/** How long a delivery may be known to this process alone, ms. */
const FLUSH_MS = 500;

/** What a ledger writes to. */
export interface LedgerOptions {
  readonly turns: Pick<StoreTurns, "take">;
  readonly store: Pick<Store, "fenced">;
  readonly now: () => number;
}

type Delivered = Extract<DeliveryOutcome, { kind: "delivered" }>;

/** Commits are not abandoned: what has arrived is kept, also at the end. */
const NEVER = new AbortController().signal;

/**
 * What one worker knows of its endpoint: how it is kept, and what has happened since.
 *
 * Invariant: `endpoint` is what the store holds with the tally applied. What was not taken is kept at
 * once. When the store fails it stays owed, and the method throws: `flush()` must have kept it before
 * anything else is sent, or a full disk would undo every wait.
 */
export class Ledger {
  #options: LedgerOptions;
  #kept: Endpoint | undefined;
  #endpoint: Endpoint | undefined;
  #tally: Tally | undefined;
  #step: Step | undefined;
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
    this.#step = undefined;
  }

  /** Nothing up to `through` was wanted. */
  async pass(line: TrackId, through: number): Promise<void> {
    await this.#useLine(line);
    const nowMs = this.#options.now();
    this.#tally = withPassed(this.#tally, { line, through, nowMs });
    await this.#advance();
  }

  /** An event has arrived. */
  async deliver({ line, seq }: Sent, outcome: Delivered): Promise<void> {
    const id = trackIdOf(line);
    await this.#useLine(id);
    const done = { line: id, seq, nowMs: this.#options.now(), ...outcome };
    this.#tally = withDelivery(this.#tally, done);
    const isRedelivery = "kind" in line && line.kind === "redelivery";
    await (isRedelivery ? this.flush() : this.#advance());
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
    const delayMs = retryDelay(endpoint, {
      failures: failuresOf(sent.line, sent.seq) + 1,
      retryAfterMs: outcome.retryAfterMs,
    });
    const nowMs = this.#options.now();
    const failure = { sent, outcome, delayMs, nowMs, observe };
    await this.#take(failureStep(endpoint, failure));
  }

  /** Events left the journal before they could be delivered. */
  async miss(
    line: TrackId,
    gap: { readonly from: number; readonly through: number },
  ): Promise<void> {
    await this.#useLine(line);
    await this.#take(missStep(line, { ...gap, nowMs: this.#options.now() }));
  }

  /** The line's position is beyond the journal's end. */
  async stop(
    position: { readonly after: number; readonly last: number },
  ): Promise<void> {
    await this.#take(aheadStep({ ...position, nowMs: this.#options.now() }));
  }

  /** Keeps what has happened. */
  async flush(): Promise<void> {
    if (this.#tally ?? this.#step) await this.#commit();
  }

  async #take(step: Step): Promise<void> {
    this.#step = step;
    await this.flush();
  }

  /** A tally is of one line. */
  async #useLine(line: TrackId): Promise<void> {
    const known = this.#tally?.line;
    if (known === undefined || isSameTrack(known, line)) return;
    await this.flush();
  }

  /** Applies the tally to what is known, and keeps it where that is due. */
  async #advance(): Promise<void> {
    const { endpoint } = this;
    const tally = this.#tally;
    if (endpoint === undefined || tally === undefined) return;
    const { failures, stoppedAtMs } = endpoint;
    const wasFailing = failures > 0 || stoppedAtMs !== undefined;
    this.#endpoint = applied(endpoint, tally);
    const count = tally.delivered?.count ?? 0;
    const isDue = count >= FLUSH_DELIVERIES || this.dueInMs <= 0;
    if (isDue || (wasFailing && count > 0)) await this.flush();
  }

  async #commit(): Promise<void> {
    const { store: { fenced }, turns, now } = this.#options;
    const before = this.#kept;
    if (before === undefined) return;
    const [tally, step] = [this.#tally, this.#step];
    const { id, epoch } = before;
    const progress = progressOf(tally, step);
    const commit = { id, epoch, progress, nowMs: now() };
    const result = await turns.take(
      () => commitProgress(fenced, commit),
      NEVER,
    );
    if (result === undefined) return;
    this.open(result.kind === "gone" ? null : result.endpoint);
    if (result.kind === "gone") return;
    const change = result.kind === "kept" ? result.change : undefined;
    if (change && tally?.delivered) tellRecovery(before, tally.delivered);
    step?.tell(result.endpoint, change?.verdict ?? "ignored");
    const { resent = [] } = tally ?? {};
    await takeBack(this.#options, { endpointId: id, resent });
  }
}

/**
 * Forgets the dead letters among events that have arrived after all. This is done behind the commit
 * that moves the line: a crash in between leaves some of them listed.
 */
export async function takeBack(
  { store: { fenced }, turns }: Pick<LedgerOptions, "turns"> & {
    readonly store: Pick<Store, "fenced">;
  },
  { endpointId, resent }: {
    readonly endpointId: string;
    /** Numbers in their order. */
    readonly resent: readonly number[];
  },
): Promise<void> {
  const [from, to] = [resent[0], resent.at(-1)];
  if (from === undefined || to === undefined) return;
  const seqs = new Set(resent);
  const isMeant = ({ seq }: NumberedDeadLetter) => seqs.has(seq);
  const which = { endpointId, from, to, isMeant };
  while (await turns.take(() => deleteDeadLetters(fenced, which), NEVER));
}
