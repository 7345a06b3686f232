// Appends to the journal what callbacks never told, as events that imhook makes itself.
import { delay } from "@std/async/delay";
import { journalItem } from "../../ingest/parse.ts";
import { RECONCILED_COMMAND } from "../../protocol/commands.ts";
import { BODY_MAX_BYTES } from "../../store/kv/limits.ts";
import type { Store } from "../../store/open.ts";
import type { GroupFacts, ListedMember } from "../api/rest_calls.ts";

/** One repair of the directory. */
export interface Repair {
  /** SDKAppID. */
  readonly app: number;
  readonly reason: "missing" | "differs" | "gone";
  /** As of when it was so, Unix ms: whatever a callback told later wins. */
  readonly observedAtMs: number;
  readonly group:
    & Pick<GroupFacts, "groupId">
    & Partial<Omit<GroupFacts, "groupId">>;
  /** All members; absent where they were not compared. */
  readonly members?: readonly ListedMember[] | undefined;
}

/** The parts of a store that appending uses. */
export type RepairStore = Pick<Store, "journalWriter" | "digest">;

/** Pause when the Writer's queue has no room, ms. */
const FULL_PAUSE_MS = 500;

const ENCODER = new TextEncoder();

/**
 * Appends an event, and settles when it is in the journal: a later look at the directory waits for it,
 * which in a lane it could not be seen to do.
 *
 * @throws {Error} when the signal aborts or the Writer closes before
 */
export async function appendRepair(
  { journalWriter, digest }: RepairStore,
  repair: Repair,
  { nowMs, signal }: { readonly nowMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { app, group: { groupId: group }, observedAtMs: eventTimeMs } = repair;
  const meta = { command: RECONCILED_COMMAND, group, eventTimeMs };
  const body = repairBody(repair);
  const item = journalItem({ app, receivedAtMs: nowMs, meta, body }, digest);
  for (;;) {
    signal.throwIfAborted();
    const outcome = await journalWriter.append({ sequence: "journal", item });
    if (outcome.ok) return;
    if (outcome.reason !== "full") {
      throw new Error(`Cannot append what was found: ${outcome.reason}`);
    }
    await delay(FULL_PAUSE_MS, { signal });
  }
}

/** The body of an event; a list of members that does not fit loses cards and times, or goes. */
export function repairBody(repair: Repair): Uint8Array {
  const { reason, observedAtMs, group, members } = repair;
  const head = {
    reason,
    observedAt: isoOf(observedAtMs),
    group: groupJson(group),
  };
  const whole = members?.map(memberJson);
  const short = whole?.map(({ userId, role }) => ({ userId, role }));
  for (const list of [whole, short]) {
    const body = ENCODER.encode(JSON.stringify({ ...head, members: list }));
    if (body.length <= BODY_MAX_BYTES) return body;
  }
  return ENCODER.encode(JSON.stringify(head));
}

function groupJson(group: Repair["group"]): Readonly<Record<string, unknown>> {
  const { groupId, type, name, owner, createdAtSec, memberCount } = group;
  const { introduction, notification, faceUrl } = group;
  return {
    groupId,
    type: type || undefined,
    name,
    owner: owner || undefined,
    introduction,
    notification,
    faceUrl,
    createdAt: createdAtSec ? isoOf(createdAtSec * 1_000) : undefined,
    memberCount,
  };
}

function memberJson({ userId, role, joinedAtSec, nameCard }: ListedMember) {
  return {
    userId,
    role: role || "Member",
    joinedAt: joinedAtSec ? isoOf(joinedAtSec * 1_000) : undefined,
    nameCard: nameCard || undefined,
  };
}

function isoOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
