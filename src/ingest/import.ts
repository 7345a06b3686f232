import {
  importMark,
  readImported,
  startJournalAt,
} from "../store/journal/import_mark.ts";
import type { Store } from "../store/open.ts";
import type { Arrival } from "../store/writer/queued_item.ts";
import type { AppendOutcome } from "../store/writer/window.ts";
import { inTime, type Late, type PatienceOptions } from "./budgets.ts";
import { type ImportedEvent, parseLine } from "./import_line.ts";
import { journalItem } from "./parse.ts";

/** The outcome of importing the lines of one request. */
export type ImportResult =
  | {
    readonly kind: "done";
    readonly added: number;
    /** Those that were here already, by an earlier import. */
    readonly known: number;
    /** Whether an event that was added got another number than it had. */
    readonly isRenumbered: boolean;
  }
  /** A line is wrong; nothing of the request is kept. */
  | {
    readonly kind: "bad line";
    /** From 1. */
    readonly line: number;
    readonly reason: string;
  }
  /** They come from this very journal. */
  | { readonly kind: "own" }
  /** Another import is at work. */
  | { readonly kind: "busy" }
  /** The store took none of them or only the first ones; sent again, none is added twice. */
  | { readonly kind: "refused"; readonly reason: string }
  /** These, or those of an earlier request, are not durable yet; sent again, none is added twice. */
  | Late;

/** Imports the lines of an export, as bytes. */
export type Importer = (lines: Uint8Array) => Promise<ImportResult>;

/** The parts of a store that importing uses. */
export type ImportStore = Pick<
  Store,
  "identity" | "reader" | "fenced" | "journalWriter" | "digest"
>;

/** Lines that one request may hold. */
export const IMPORT_MAX_LINES = 500;

const LINE_FEED = 0x0a;

/** As many events take many commits, each of which a slow disk keeps waiting. */
const PATIENCE_MS = 5_000;

/**
 * An importer that takes one request at a time, and does not wait for a store that fails.
 *
 * How far a journal has come is kept in the commits that bring its events, so a second run, or one
 * after a crash, adds nothing twice. While lines are not durable yet none are taken, as nothing tells
 * yet how far they bring it. Two processes that share a remote store do not wait for each other here.
 */
export function createImporter(
  store: ImportStore,
  { patienceMs = PATIENCE_MS }: PatienceOptions = {},
): Importer {
  let state: "idle" | "busy" | "late" = "idle";
  return async (lines) => {
    const { failure } = store.journalWriter;
    if (failure !== undefined) return { kind: "refused", reason: failure };
    if (state !== "idle") return { kind: state };
    state = "busy";
    const importing = importLines(store, lines).finally(() => state = "idle");
    const result = await inTime(importing, { patienceMs });
    // By now they may be durable after all.
    if (result.kind === "late" && state === "busy") state = "late";
    return result;
  };
}

async function importLines(
  store: ImportStore,
  lines: Uint8Array,
): Promise<ImportResult> {
  const parsed = parseLines(lines);
  if (!Array.isArray(parsed)) return parsed;
  const ownId = store.identity.id.toLowerCase();
  if (parsed.some(({ journalId }) => journalId === ownId)) {
    return { kind: "own" };
  }
  const events = await withoutKnown(store, parsed);
  const known = parsed.length - events.length;
  const [first] = events;
  if (first === undefined) {
    return { kind: "done", added: 0, known, isRenumbered: false };
  }
  if (first.seq > 1) await startJournalAt(store.fenced, first.seq);
  const arrivals = events.map((event) => arrivalOf(event, store));
  const outcomes = await store.journalWriter.appendAll(arrivals);
  return conclude(outcomes, { events, known });
}

/** The events of all lines, or the first line that is wrong. */
function parseLines(
  bytes: Uint8Array,
): ImportedEvent[] | ImportResult & { kind: "bad line" } {
  const events: ImportedEvent[] = [];
  let line = 0;
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, at);
    const text = bytes.subarray(at, end < 0 ? bytes.length : end);
    at += text.length + 1;
    line++;
    if (isBlank(text)) continue;
    const result = events.length === IMPORT_MAX_LINES
      ? { ok: false, reason: `expected at most ${IMPORT_MAX_LINES} lines` }
      : parseLine(text);
    if (!("event" in result)) {
      return { kind: "bad line", line, reason: result.reason };
    }
    events.push(result.event);
  }
  return events;
}

function isBlank(text: Uint8Array): boolean {
  return text.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

/** Those that an earlier import has not brought. */
async function withoutKnown(
  { reader }: ImportStore,
  events: readonly ImportedEvent[],
): Promise<ImportedEvent[]> {
  const through = new Map<string, number>();
  const isNew = ({ journalId, seq }: ImportedEvent) => {
    if (seq <= (through.get(journalId) ?? 0)) return false;
    through.set(journalId, seq);
    return true;
  };
  for (const { journalId } of events) {
    if (through.has(journalId)) continue;
    through.set(journalId, await readImported(reader, journalId));
  }
  return events.filter(isNew);
}

function arrivalOf(
  { journalId, seq, ...event }: ImportedEvent,
  { digest }: ImportStore,
): Arrival {
  return {
    sequence: "journal",
    // A journal is free of copies, and what it held apart stays apart.
    item: { ...journalItem(event, digest), isRecognisable: false },
    effects: { set: importMark(journalId, seq) },
  };
}

function conclude(
  outcomes: readonly AppendOutcome[],
  { events, known }: {
    readonly events: readonly ImportedEvent[];
    readonly known: number;
  },
): ImportResult {
  let isRenumbered = false;
  for (const [index, outcome] of outcomes.entries()) {
    if (!outcome.ok) return { kind: "refused", reason: outcome.reason };
    isRenumbered ||= outcome.number !== events[index]?.seq;
  }
  return { kind: "done", added: events.length, known, isRenumbered };
}
