import type { AnsweredDecision, EventMeta } from "../base/event.ts";
import { within } from "../base/wait.ts";
import type { CallbackBody } from "../protocol/body.ts";
import { plainAllow } from "../protocol/decisions.ts";
import type { Item } from "../store/journal/pack.ts";
import { getRecord } from "../store/journal/page.ts";
import type { Store } from "../store/open.ts";

/** Longest wait for the decision about an original that is in the journal, ms. */
const RECALL_MS = 100;
/** Most decisions that are remembered until they can be read from the journal. */
const UNKEPT_MAX = 2_000;

/** The parts of a store that know of earlier callbacks. */
type KnownDecisionsStore = Pick<Store, "writer" | "reader" | "lane">;

/** Decisions about earlier callbacks: those under way or not kept yet, and those in the journal. */
export class KnownDecisions {
  #store: KnownDecisionsStore;
  #unkept = new Map<string, Promise<AnsweredDecision>>();

  constructor(store: KnownDecisionsStore) {
    this.#store = store;
  }

  /**
   * The decision about the original of a copy: undefined at once when the item is no copy, undefined
   * later when the decision cannot be read in time.
   */
  find(
    item: Item,
    body: CallbackBody,
  ): Promise<AnsweredDecision | undefined> | undefined {
    if (!item.isRecognisable) return undefined;
    const unkept = this.#unkept.get(item.digest.toHex());
    if (unkept !== undefined) return unkept;
    const { writer, reader } = this.#store;
    const recalled = writer.originalOf(item)?.then((outcome) =>
      outcome.ok && outcome.number !== undefined
        ? getRecord(reader, outcome.number)
        : null
    ).then((record) => record ? decisionIn(record.meta, body) : undefined)
      .catch(() => undefined);
    return recalled && within(recalled, { ms: RECALL_MS, late: undefined });
  }

  /** Remembers a decision that is under way. */
  add(
    { isRecognisable, digest }: Item,
    decision: Promise<AnsweredDecision>,
  ): void {
    if (!isRecognisable) return;
    this.#unkept.set(digest.toHex(), decision);
    const [oldest] = this.#unkept.keys();
    if (oldest !== undefined && this.#unkept.size > UNKEPT_MAX) {
      this.#unkept.delete(oldest);
    }
  }

  /** Forgets a decision that is durable: where it is in a lane, it cannot be read from the journal yet. */
  forget({ digest }: Item): void {
    if (this.#store.lane !== undefined) return;
    this.#unkept.delete(digest.toHex());
  }
}

/** The decision that is kept with an event; undefined where its answer is not known. */
function decisionIn(
  { command, ...meta }: EventMeta,
  body: CallbackBody,
): AnsweredDecision | undefined {
  const { decision, decisionCode: code = 0, decisionMs = 0 } = meta;
  const known = { decisionCode: code, decisionMs };
  if (decision === undefined) {
    // It came when no decider answered its command.
    const decisionAnswer = plainAllow({ command, body });
    return { ...known, decision: "allowed", decidedBy: "", decisionAnswer };
  }
  const decidedBy = meta.decidedBy ?? "";
  const short = { ActionStatus: "OK", ErrorInfo: "", ErrorCode: code };
  const decisionAnswer = meta.decisionAnswer ??
    (decision === "changed" ? undefined : JSON.stringify(short));
  return decisionAnswer === undefined
    ? undefined
    : { ...known, decision, decidedBy, decisionAnswer };
}
