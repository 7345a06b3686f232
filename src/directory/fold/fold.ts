// Folds one record of the journal: what it changes in one group.
import type { EventRecord } from "../../base/event.ts";
import { type CallbackBody, groupIdOf } from "../../protocol/body.ts";
import { idProblem, MAX_GROUP_ID_BYTES } from "./bounds.ts";
import { field } from "./body_reader.ts";
import {
  Counts,
  type DirectoryChange,
  type EventChanges,
  MEMBERS_UNSURE,
} from "./change.ts";
import { READERS } from "./event_changes.ts";
import type { LifeSighting } from "./group.ts";
import { noOmissions, omissionText } from "./omissions.ts";
import { observedStamp, type Stamp, stampOf } from "./stamp.ts";

export type { MemberChange, TopicChange } from "./change.ts";

/** The changes of one record in one group. */
export interface Fold extends LifeSighting {
  /** SDKAppID. */
  readonly app: number;
  readonly groupId: string;
  readonly seq: number;
  readonly counts: Counts;
  readonly changes: readonly DirectoryChange[];
  /** The parts of the record that are left out, and why; undefined when none is. */
  readonly omitted?: string | undefined;
}

/** The result of folding a record. */
export type FoldResult =
  | { readonly kind: "fold"; readonly fold: Fold }
  /** It says nothing about a group's state. */
  | { readonly kind: "other" }
  /** It should, and cannot be used. */
  | { readonly kind: "bad"; readonly reason: string };

const DECODER = new TextDecoder();
const NOTHING: Counts = { created: 0, joined: 0, left: 0, disbanded: 0 };

/**
 * The changes of a record. Total: whatever the body holds, it does not throw. A field that makes no sense, or
 * is longer than a directory can keep, is left out and the rest counts: only a record without a group that
 * can be named is bad as a whole.
 */
export function foldOf(record: EventRecord): FoldResult {
  const read = READERS.get(record.meta.command);
  if (read === undefined) return { kind: "other" };
  try {
    const body = bodyOf(record);
    const groupId = record.meta.group ?? groupIdOf(body) ?? "";
    const problem = idProblem(groupId, MAX_GROUP_ID_BYTES);
    if (problem) return { kind: "bad", reason: `GroupId: ${problem}` };
    const omissions = noOmissions();
    const { sign = "none", counts, changes, ...rest } = read({
      body,
      omissions,
    });
    const { app, seq } = record;
    const unsure = omissions.hidesMembers ? [field(MEMBERS_UNSURE, true)] : [];
    const fold = {
      app,
      groupId,
      seq,
      stamp: stampIn(record, rest),
      sign,
      ...rest,
      counts: { ...NOTHING, ...counts },
      changes: [...unsure, ...changes],
      omitted: omissionText(omissions),
    };
    return { kind: "fold", fold };
  } catch (error) {
    return {
      kind: "bad",
      reason: error instanceof Error ? error.message : String(error),
    };
  }
}

function stampIn(
  record: EventRecord,
  { observed }: Pick<EventChanges, "observed">,
): Stamp {
  if (observed === undefined) return stampOf(record);
  const { receivedAtMs, meta: { eventTimeMs } } = record;
  const atMs = observed.atMs ?? eventTimeMs ?? receivedAtMs;
  return observedStamp(atMs, record);
}

function bodyOf({ body }: EventRecord): CallbackBody {
  let value: unknown;
  try {
    value = parse(DECODER.decode(body));
  } catch {
    // The parser's own message quotes the body.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("The body: expected a JSON object");
  }
  // An object of JSON has string keys.
  return value as CallbackBody;
}

/** A number as the value of a custom field or attribute. */
const NUMBER_VALUE_REGEXP = /"value"\s*:\s*[-\d]/i;

/**
 * A body's JSON. The number that somebody sent as the value of a custom field or attribute, where Tencent
 * promises a text, is the text of that number: parsed, it might lose digits.
 */
function parse(text: string): unknown {
  if (!NUMBER_VALUE_REGEXP.test(text)) return JSON.parse(text);
  return JSON.parse(text, (key, value, { source }) => {
    const isNumberValue = typeof value === "number" && VALUE_NAMES.has(key);
    return isNumberValue ? source ?? String(value) : value;
  });
}

const VALUE_NAMES: ReadonlySet<string> = new Set(["Value", "value"]);
