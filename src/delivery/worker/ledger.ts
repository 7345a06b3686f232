import type { Store } from "../../store/open.ts";
import {
  deleteDeadLetters,
  type NumberedDeadLetter,
} from "../endpoint/dead_letters.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import { commitProgress } from "../endpoint/progress.ts";
import { isSameTrack, type TrackId, trackIdOf } from "../endpoint/track.ts";
import { failuresOf } from "../endpoint/transition.ts";
import type { DeliveryObserver, RetryDelay } from "../outbound/deliver.ts";
import type { DeliveryOutcome, FailedOutcome } from "../outbound/outcome.ts";
import { tellRecovery } from "./outage_log.ts";
import type { StoreTurns } from "./send_pace.ts";
import {
  aheadStep,
  failureStep,
  missStep,
  noteStep,
  progressOf,
  type SentEvent,
  type Step,
} from "./step.ts";
import { applied, type Tally, withDelivery, withPassed } from "./tally.ts";

/** Most deliveries that are not stored yet: a crash repeats these. */
const FLUSH_DELIVERIES = 500;

/** Longest time before a delivery is stored, ms. */
const FLUSH_MS = 500;

/** The store that a ledger writes to, in turns. */
export interface LedgerOptions {
  readonly turns: Pick<StoreTurns, "take">;
  readonly store: Pick<Store, "fenced">;
  readonly now: () => number;
}

type Delivered = Extract<DeliveryOutcome, { kind: "delivered" }>;

/** Commits are not abandoned: deliveries are recorded also at the end. */
const NEVER = new AbortController().signal;

/**
 * One worker's view of its endpoint: the stored state and the progress since.
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

  /** True when the endpoint has been deleted. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Time left until the tally must be stored, ms; Infinity when there is none. */
  get dueInMs(): number {
    if (this.#tally === undefined) return Infinity;
    return this.#tally.sinceMs + FLUSH_MS - this.#options.now();
  }

  /** Begins from the stored endpoint; null when it was deleted. */
  open(endpoint: Endpoint | null): void {
    this.#isGone = endpoint === null;
    this.#kept = this.#endpoint = endpoint ?? undefined;
    this.#tally = undefined;
    this.#step = undefined;
  }

  /** Records that no event up to `through` was wanted. */
  async pass(track: TrackId, through: number): Promise<void> {
    await this.#useTrack(track);
    const nowMs = this.#options.now();
    this.#tally = withPassed(this.#tally, { track, through, nowMs });
    await this.#advance();
  }

  /** Records that an event was delivered. */
  async deliver({ track, seq }: SentEvent, outcome: Delivered): Promise<void> {
    const id = trackIdOf(track);
    await this.#useTrack(id);
    // An attempt that stands for several deliveries tells one answer.
    const before = this.#tally?.delivered;
    if (before && before.ackCode !== outcome.ackCode) await this.flush();
    const done = { track: id, seq, nowMs: this.#options.now(), ...outcome };
    this.#tally = withDelivery(this.#tally, done);
    const isRedelivery = "kind" in track && track.kind === "redelivery";
    await (isRedelivery ? this.flush() : this.#advance());
  }

  /** Records that an event was not taken. */
  async fail(
    sent: SentEvent,
    { outcome, retryDelay, observe }: {
      readonly outcome: FailedOutcome;
      readonly retryDelay: RetryDelay;
      readonly observe: DeliveryObserver;
    },
  ): Promise<void> {
    const { endpoint } = this;
    if (endpoint === undefined) return;
    const delayMs = retryDelay(endpoint, {
      failures: failuresOf(sent.track, sent.seq) + 1,
      retryAfterMs: outcome.retryAfterMs,
    });
    const nowMs = this.#options.now();
    const failure = { sent, outcome, delayMs, nowMs, observe };
    await this.#take(failureStep(endpoint, failure));
  }

  /** Records a failure that moves nothing: an event before it was not taken either. */
  async note(sent: SentEvent, outcome: FailedOutcome): Promise<void> {
    await this.#take(noteStep(sent, outcome, this.#options.now()));
  }

  /** Records that events were purged before they could be delivered. */
  async miss(
    track: TrackId,
    gap: { readonly from: number; readonly through: number },
  ): Promise<void> {
    await this.#useTrack(track);
    await this.#take(missStep(track, { ...gap, nowMs: this.#options.now() }));
  }

  /** Records that the track's position is beyond the journal's end. */
  async stop(
    position: { readonly after: number; readonly last: number },
  ): Promise<void> {
    await this.#take(aheadStep({ ...position, nowMs: this.#options.now() }));
  }

  /** Stores what has happened. */
  async flush(): Promise<void> {
    if (this.#tally ?? this.#step) await this.#commit();
  }

  async #take(step: Step): Promise<void> {
    this.#step = step;
    await this.flush();
  }

  /** Stores a tally of another track: a tally is of one. */
  async #useTrack(track: TrackId): Promise<void> {
    const known = this.#tally?.track;
    if (known === undefined || isSameTrack(known, track)) return;
    await this.flush();
  }

  /** Applies the tally to the endpoint, and stores it where that is due. */
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
 * that moves the track: a crash in between leaves some of them listed.
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
