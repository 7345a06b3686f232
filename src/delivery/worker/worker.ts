import { delay } from "@std/async/delay";
import type { EventRecord } from "../../base/event.ts";
import { logger } from "../../base/log.ts";
import type { Sleep } from "../../base/wait.ts";
import type { Store } from "../../store/open.ts";
import type { Endpoint, Replay, Track } from "../endpoint/endpoint.ts";
import { getEndpoint } from "../endpoint/endpoints.ts";
import { pauseOf } from "../endpoint/state.ts";
import { currentTrack, trackIdOf } from "../endpoint/track.ts";
import type {
  Deliver,
  DeliveryObserver,
  RetryDelay,
} from "../outbound/deliver.ts";
import { ackWordOf, type DeliveryOutcome } from "../outbound/outcome.ts";
import { Ledger } from "./ledger.ts";
import type { Pages } from "./pages.ts";
import { EventSearch } from "./search.ts";
import type { SendPace, StoreTurns } from "./send_pace.ts";
import { ending, nap } from "./wait.ts";
import { DeliveredAhead, sendWindow, windowOf } from "./window.ts";

/** Pause after the store has failed, ms. */
const FAILURE_PAUSE_MS = 1_000;
const log = logger("delivery");

/**
 * Delivers the journal to one endpoint until it is disposed or the endpoint is deleted: in order, one
 * request at a time, or as many as its `concurrency` says, in order per group.
 *
 * An endpoint is in one of four modes, kept in the store:
 *
 * - **active**. Its worker walks the current track: the first replay there is, else the main track. On
 *   it, it looks for the first wanted event behind `after` and
 *   - *idles* where there is none: it sleeps until the journal grows (a replay that has come to its
 *     end leaves instead);
 *   - *sends* it. A 2xx moves `after` to the event, and failures are forgotten. Anything else
 *     leaves `after` where it is and sets the track's `retry`: which event, how often it has failed,
 *     when it is sent again;
 *   - *waits* for that time, and as long as `restUntilMs` says: an endpoint that has failed often in
 *     a row, whatever the event, is only probed. Then the same event is sent again.
 *   When the schedule has no further retry, the endpoint is **held**, or the event is set aside as a
 *   dead letter and the track goes on behind it, as the endpoint is configured.
 * - **held**: the last retry has failed. Nothing is sent, nothing is lost; `resume` begins anew.
 * - **disabled**: a 410 has said that nobody wants anything there. As held, but retention goes on.
 * - **paused**: a person wants nothing to be sent. As held.
 *
 * A person's change (`changed()`) counts before the next request. A request that is under way
 * meanwhile is recorded. Its success moves the track unless the person has moved it (`epoch`), and its
 * failure counts unless the person has changed what is sent or let it begin anew (`revision`).
 *
 * Successes are kept together, at the latest after FLUSH_MS or FLUSH_DELIVERIES; a failure, a mode
 * and the end of an outage at once. A crash in between repeats deliveries and skips none: a track
 * never moves in the store before what it passes has arrived.
 */
export class EndpointWorker implements AsyncDisposable {
  readonly id: string;
  #options: WorkerOptions;
  #now: () => number;
  #stop = new AbortController();
  #cut = new AbortController();
  #change = new AbortController();
  #isStale = true;
  #ledger: Ledger;
  #search: EventSearch;
  #ahead = new DeliveredAhead();
  #failure: string | undefined;
  /** Settles when the worker has ended, also by itself. */
  readonly ended: Promise<void>;

  constructor(id: string, options: WorkerOptions) {
    this.id = id;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#search = new EventSearch(options);
    this.#ledger = new Ledger({ ...options, now: this.#now });
    this.ended = this.#run();
  }

  /** The endpoint as last seen; undefined before it was read. */
  get endpoint(): Endpoint | undefined {
    return this.#ledger.endpoint;
  }

  /** Tells the worker that the endpoint was changed elsewhere. */
  changed(): void {
    this.#isStale = true;
    this.#change.abort();
    this.#change = new AbortController();
  }

  /** Stops: gives the current request a moment to end, and stores the progress if the store answers in time. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await ending(this.ended, () => this.#cut.abort());
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        if (!await this.#turn()) return;
        this.#failure = undefined;
      } catch (error) {
        this.#fail(String(error));
        this.#isStale = false;
        await this.#wait(FAILURE_PAUSE_MS);
        this.#isStale = true;
      }
    }
    try {
      await this.#ledger.flush();
    } catch (error) {
      this.#fail(String(error));
    }
  }

  /** One step; false when there is no such endpoint any more. */
  async #turn(): Promise<boolean> {
    if (this.#isStale && !await this.#reload()) return false;
    const endpoint = this.#ledger.endpoint;
    if (endpoint === undefined) return !this.#ledger.isGone;
    const pauseMs = pauseOf(endpoint, this.#now());
    if (pauseMs > 0) {
      this.#search.forget();
      await this.#ledger.flush();
      await this.#wait(pauseMs);
      return true;
    }
    const track = currentTrack(endpoint);
    const found = await this.#search.next(endpoint, track, {
      limit: windowOf(endpoint),
      signal: this.#stop.signal,
    });
    if (found?.kind === "events") {
      await this.#send(endpoint, track, found.records);
    } else if (found?.kind === "none") await this.#pass(track, found.through);
    else if (found?.kind === "purged") {
      await this.#ledger.miss(trackIdOf(track), found);
    } else if (found?.kind === "ahead") {
      await this.#ledger.stop({ after: track.after, last: found.last });
    }
    return true;
  }

  /** Reads the endpoint anew, after everything that has happened is kept; false when it is deleted. */
  async #reload(): Promise<boolean> {
    const { store, turns } = this.#options;
    this.#isStale = false;
    this.#search.forget();
    await this.#ledger.flush();
    const read = () => getEndpoint(store.fenced, this.id);
    const endpoint = await turns.take(read, this.#stop.signal);
    if (endpoint === undefined) return true;
    this.#ledger.open(endpoint);
    return endpoint !== null;
  }

  /** Sends events of a track, and stores what becomes of them in their order. */
  async #send(
    endpoint: Endpoint,
    track: Track | Replay,
    records: readonly EventRecord[],
  ): Promise<void> {
    const known = this.#ahead.of(endpoint, track);
    const [first] = records;
    this.#options.turns.noteLag(first ? this.#ageOf(first) : 0);
    const outcomes = await sendWindow(records, {
      concurrency: endpoint.concurrency ?? 1,
      known,
      send: (record) => this.#sendOne(endpoint, track, record),
    });
    const { retryDelay, observe } = this.#options;
    let isBlocked = false;
    for (const { seq } of records) {
      // A person has moved the track: what comes now would move it from there.
      if (this.#ledger.endpoint?.epoch !== endpoint.epoch) return;
      const outcome = outcomes.get(seq);
      const sent = { track, seq };
      if (outcome?.kind === "delivered") {
        if (isBlocked) continue;
        await this.#ledger.deliver(sent, outcome);
      } else if (outcome?.kind === "failed") {
        if (isBlocked) await this.#ledger.note(sent, outcome);
        else await this.#ledger.fail(sent, { outcome, retryDelay, observe });
      }
      outcomes.delete(seq);
      isBlocked ||= outcome?.kind !== "delivered";
    }
    this.#ahead.keep(outcomes, endpoint, track);
  }

  /** Sends one event; undefined when it was not sent, or cut off by our own end. */
  async #sendOne(
    endpoint: Endpoint,
    track: Track | Replay,
    record: EventRecord,
  ): Promise<DeliveryOutcome | undefined> {
    const { sendPace, deliver, observe } = this.#options;
    await sendPace.pass(this.#stop.signal, this.#ageOf(record));
    if (this.#stop.signal.aborted || this.#isStale) return undefined;
    const { signal } = this.#cut;
    const isReplay = "id" in track;
    const outcome = await deliver({ endpoint, record, isReplay, signal });
    if (outcome.kind === "failed" && signal.aborted) return undefined;
    observe({
      endpointId: this.id,
      outcome: outcome.kind,
      durationMs: outcome.durationMs,
      ack: endpoint.format === "tencent" ? ackWordOf(outcome) : undefined,
    });
    return outcome;
  }

  #ageOf({ receivedAtMs }: EventRecord): number {
    return Math.max(0, this.#now() - receivedAtMs);
  }

  /** Moves the track to `through`: no event up to there is wanted. */
  async #pass(track: Track | Replay, through: number): Promise<void> {
    await this.#ledger.pass(trackIdOf(track), through);
    const { tail } = this.#options.store;
    if ("id" in track || through < tail.last) return;
    await this.#wait(this.#ledger.dueInMs, through);
    if (this.#ledger.dueInMs <= 0) await this.#ledger.flush();
  }

  /** Waits until the time is over, a person changes something, or the journal grows. */
  async #wait(ms: number, after?: number): Promise<void> {
    if (this.#isStale) return;
    const { sleep = delay, store: { tail } } = this.#options;
    const signals = [this.#stop.signal, this.#change.signal];
    await nap(ms, { sleep, signals, tail, after });
  }

  /** Logs a failure of the store once; the worker then begins from what is stored. */
  #fail(reason: string): void {
    if (this.#failure !== reason) {
      log.error("Cannot go on delivering", { endpoint: this.id, reason });
    }
    this.#failure = reason;
  }
}

/** The means that the workers of all endpoints share. */
export interface WorkerOptions {
  readonly store: Pick<Store, "reader" | "fenced" | "tail">;
  readonly turns: Pick<StoreTurns, "take" | "noteLag">;
  readonly sendPace: Pick<SendPace, "pass">;
  readonly pages: Pick<Pages, "read">;
  readonly deliver: Deliver;
  readonly retryDelay: RetryDelay;
  readonly observe: DeliveryObserver;
  readonly now?: () => number;
  readonly sleep?: Sleep;
}
