import type { QuarantineItem } from "../base/event.ts";
import { ANSWERS } from "../protocol/ack.ts";
import { parseQuery } from "../protocol/query.ts";
import type { Store } from "../store/open.ts";
import {
  deleteQuarantined,
  getQuarantined,
  putReason,
} from "../store/quarantine/quarantine.ts";
import type { AppendOutcome } from "../store/writer/window.ts";
import { inTime, type Late, type PatienceOptions } from "./budgets.ts";
import { journalItem, parseCallback } from "./parse.ts";

/** The outcome of looking at a quarantined item again. */
export type Revalidation =
  /** It is in the journal now, or a copy of it was. */
  | { readonly kind: "journaled"; readonly seq: number }
  /** It stays, for this reason. */
  | { readonly kind: "kept"; readonly item: QuarantineItem }
  | { readonly kind: "missing" }
  /** The store could not take it now; it stays as it was. */
  | { readonly kind: "refused"; readonly reason: string }
  /** It is not durable yet; it may still become an event, and does so once at the most. */
  | Late;

/** The parts of a store that revalidation uses. */
export type RevalidateStore = Pick<
  Store,
  "reader" | "fenced" | "journalWriter" | "quarantineIndex" | "digest"
>;

/**
 * Looks at a quarantined item as if it had just arrived. What passes now goes to the journal with
 * its own receive time and a mark, in one commit with its removal; the rest stays, with the reason
 * of today. A store that fails is not waited for.
 */
export async function revalidate(
  store: RevalidateStore,
  number: number,
  options: PatienceOptions = {},
): Promise<Revalidation> {
  return await inTime(lookAgain(store, number), options);
}

async function lookAgain(
  store: RevalidateStore,
  number: number,
): Promise<Revalidation> {
  const place = store.quarantineIndex.get(number);
  const item = await getQuarantined(store.reader, number);
  if (item === null || place === undefined) return { kind: "missing" };
  const { app, receivedAtMs, body, meta: old } = item;
  const { senderIp, path } = old;
  const query = parseQuery(old.query);
  const parsed = parseCallback({ body, query, receivedAtMs, senderIp, path });
  if (!parsed.ok) {
    const reason = parsed.reason ?? ANSWERS[parsed.code].info;
    const meta = { ...old, code: parsed.code, reason };
    if (reason !== old.reason) await putReason(store, { ...item, meta });
    return { kind: "kept", item: { ...item, meta } };
  }
  const { failure } = store.journalWriter;
  if (failure !== undefined) return { kind: "refused", reason: failure };
  const meta = { ...parsed.meta, revalidated: true } as const;
  const outcome = await store.journalWriter.append({
    sequence: "journal",
    item: journalItem({ app, receivedAtMs, meta, body }, store.digest),
    effects: { removes: place },
  });
  return await conclude(store, number, outcome);
}

async function conclude(
  store: RevalidateStore,
  number: number,
  outcome: AppendOutcome,
): Promise<Revalidation> {
  if (outcome.ok) {
    // The original of a copy was committed without this item's removal.
    if (outcome.isCopy) await deleteQuarantined(store, number);
    return { kind: "journaled", seq: outcome.number };
  }
  if (outcome.reason === "gone") return { kind: "missing" };
  return { kind: "refused", reason: outcome.reason };
}
