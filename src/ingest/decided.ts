import type { BodyResult } from "../base/body_reading.ts";
import type { AnsweredDecision, EventMeta } from "../base/event.ts";
import { logger } from "../base/log.ts";
import type { CallbackParameters } from "../protocol/callback_query.ts";
import type { CallbackBody } from "../protocol/body.ts";
import { isBeforeCommand } from "../protocol/commands.ts";
import { fitsCommit, type Item } from "../store/journal/pack.ts";
import type { Store } from "../store/open.ts";
import type { Digester } from "../store/writer/digest.ts";
import type { Budget } from "../base/budget.ts";
import { KnownDecisions } from "./known_decisions.ts";
import { journalItem, parseCallback } from "./parse.ts";
import {
  keep,
  type Receipt,
  type ReceiverOptions,
  setAside,
  UNREAD,
  type VerifiedCallback,
} from "./receive.ts";

/** A callback that is to be decided. */
export interface UndecidedCallback {
  readonly parameters: CallbackParameters;
  readonly body: CallbackBody;
  readonly bytes: Uint8Array;
  /** Ids of the journals that it has come through, this one last. */
  readonly path: string;
  readonly id: string;
}

/** Decides about callbacks; neither function throws. */
export interface CallbackDecider {
  /** Asks, for at most `maxMs`. */
  readonly decide: (
    callback: UndecidedCallback,
    maxMs: number,
  ) => Promise<AnsweredDecision>;
  /** The decision where nobody is asked. */
  readonly fallBack: (
    callback: Pick<UndecidedCallback, "parameters" | "body">,
    failure: "body" | "late" | "copy unreadable",
  ) => AnsweredDecision;
}

/** The means of receiving callbacks that are decided. */
export interface DecidedOptions {
  readonly store: Pick<
    Store,
    "writer" | "digest" | "reader" | "identity" | "lane"
  >;
  /** How long the body of a command is kept. @default for ever */
  readonly keepOf?: ReceiverOptions["keepOf"];
  /** Longest time from a callback's arrival to its answer. */
  readonly budget: Budget;
  /** Told of each decision that is answered. */
  readonly observe?: (
    seen: { readonly command: string; readonly decision: AnsweredDecision },
  ) => void;
  /** Told of each decision that was answered before it was durable. */
  readonly observeLate?: () => void;
}

/** Answers a callback as its decider says, and keeps it with the decision. */
export type DecidedReceiver = (
  callback: Omit<VerifiedCallback, "body">,
  given: {
    readonly decider: CallbackDecider;
    readonly read: Promise<BodyResult>;
  },
) => DecidedReceipt;

/** The answer to a decided callback, and the outcome of keeping it. */
export interface DecidedReceipt {
  /** The answer, in time; never rejects. */
  readonly answer: Promise<Receipt>;
  /** The outcome of keeping it, whenever that is known; never rejects. */
  readonly receipt: Promise<Receipt>;
}

/** Time that is left for the commit when a decider takes as long as it may, ms. */
const COMMIT_MS = 100;
/** Longest time from arrival to answer, ms (design §7). */
const ANSWER_MS = 1_500;

const log = logger("callback");

/**
 * A receiver of callbacks whose answer counts: parse → decide → journal → answer. The first decision
 * that is there is the one that is answered and kept; after ANSWER_MS it is the fallback.
 */
export function createDecidedReceiver(
  options: DecidedOptions,
): DecidedReceiver {
  const known = new KnownDecisions(options.store);
  return (callback, given) => {
    const startMs = performance.now();
    const one = new DecidedOne(callback, {
      ...given,
      ...options,
      known,
      startMs,
    });
    const receipt = one.receive();
    return { receipt, answer: one.answer(receipt) };
  };
}

interface OneOptions extends DecidedOptions {
  readonly decider: CallbackDecider;
  readonly read: Promise<BodyResult>;
  readonly known: KnownDecisions;
  readonly startMs: number;
}

/** One callback on its way to its decision. */
class DecidedOne {
  #callback: Omit<VerifiedCallback, "body">;
  #options: OneOptions;
  #command: string;
  #decision: AnsweredDecision | undefined;
  #decided = Promise.withResolvers<AnsweredDecision>();

  constructor(callback: Omit<VerifiedCallback, "body">, options: OneOptions) {
    this.#callback = callback;
    this.#options = options;
    this.#command = callback.query.command[0] ?? "";
  }

  /** Receives, decides and keeps it; never rejects. */
  async receive(): Promise<Receipt> {
    const command = this.#command;
    try {
      const read = await this.#options.read;
      if (read.ok) return await this.#receiveBody(read.bytes);
      this.#settle(this.#fallBack("body"));
      return { ...UNREAD[read.reason], command };
    } catch (error) {
      log.error("Cannot receive a callback", { error: String(error) });
      return { code: 50300, command };
    }
  }

  /** The answer: once it is kept, or when the time is over. */
  async answer(receiving: Promise<Receipt>): Promise<Receipt> {
    const { budget, observeLate } = this.#options;
    const receipt = await budget.race(receiving, undefined);
    const isAfter = !isBeforeCommand(this.#command);
    const late: Receipt = { code: 50300, command: this.#command };
    // The answer to an after command counts only with its OK.
    if (isAfter && receipt?.code !== 0) return receipt ?? late;
    const isDecided = this.#decision !== undefined;
    const { decisionAnswer } = this.#decision ??
      this.#settle(this.#fallBack("late"));
    if (receipt === undefined && isDecided) observeLate?.();
    return { code: 0, command: this.#command, answer: decisionAnswer };
  }

  async #receiveBody(bytes: Uint8Array): Promise<Receipt> {
    const verified = { ...this.#callback, body: bytes };
    const { known, keepOf, store: { digest, writer } } = this.#options;
    const parsed = parseCallback(verified);
    if (!parsed.ok) {
      const { body } = parsed;
      const parameters = this.#parameters();
      this.#settle(
        body === undefined
          ? this.#fallBack("body")
          : await this.#decide({ parameters, body, bytes }),
      );
      return await new Promise((tell) =>
        setAside(verified, { ...parsed, writer, tell })
      );
    }
    const { meta, body } = parsed;
    const item = itemOf(verified, { meta, digest });
    const copied = known.find(item, body);
    if (copied !== undefined) {
      this.#settle(await copied ?? this.#fallBack("copy unreadable", body));
      return { code: 0, command: meta.command, isCopy: true };
    }
    known.add(item, this.#decided.promise);
    const parameters = this.#parameters(meta);
    const decision = this.#settle(
      await this.#decide({ parameters, body, bytes }),
    );
    const decided = { ...meta, ...decision };
    const fits = fitsCommit(itemOf(verified, { meta: decided, digest }));
    const kept = fits ? decided : { ...decided, decisionAnswer: undefined };
    const receipt = await new Promise<Receipt>((tell) =>
      keep(verified, { meta: kept, writer, digest, keepOf, tell })
    );
    if (receipt.code === 0 && !receipt.isUnkept) known.forget(item);
    return receipt;
  }

  /** The decision that is answered and kept: the first one. */
  #settle(decision: AnsweredDecision): AnsweredDecision {
    if (this.#decision !== undefined) return this.#decision;
    this.#decision = decision;
    this.#decided.resolve(decision);
    this.#options.observe?.({ command: this.#command, decision });
    return decision;
  }

  #decide(
    { parameters, body, bytes }: Omit<UndecidedCallback, "path" | "id">,
  ): Promise<AnsweredDecision> {
    const { decider, startMs, store: { identity } } = this.#options;
    const { path } = this.#callback;
    const leftMs = ANSWER_MS - COMMIT_MS - (performance.now() - startMs);
    return decider.decide({
      parameters,
      body,
      bytes,
      path: path === undefined ? identity.id : `${path},${identity.id}`,
      id: `${identity.id}-${crypto.randomUUID()}`,
    }, leftMs);
  }

  #fallBack(
    failure: "body" | "late" | "copy unreadable",
    body: CallbackBody = {},
  ) {
    const parameters = this.#parameters();
    return this.#options.decider.fallBack({ parameters, body }, failure);
  }

  #parameters(meta: Partial<EventMeta> = {}): CallbackParameters {
    const { app, query } = this.#callback;
    return {
      app: app.id,
      command: meta.command ?? this.#command,
      clientIp: meta.clientIp ?? query.clientIp[0],
      platform: meta.platform ?? query.platform[0],
      requestId: meta.requestId ?? query.requestId[0],
      others: meta.query,
    };
  }
}

function itemOf(
  { app: { id: app }, receivedAtMs, body }: VerifiedCallback,
  { meta, digest }: { readonly meta: EventMeta; readonly digest: Digester },
): Item {
  return journalItem({ app, receivedAtMs, meta, body }, digest);
}
