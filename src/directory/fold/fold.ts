import type { EventRecord } from "../../base/event.ts";
import { type CallbackBody, groupIdOf } from "../../protocol/body.ts";
import { idProblem, MAX_GROUP_ID_BYTES } from "./bounds.ts";
import { Counts, type DirectoryChange, type LifeSign } from "./change.ts";
import { READERS } from "./event_changes.ts";
import { noOmissions, omissionText } from "./omissions.ts";
import { type Stamp, stampOf } from "./stamp.ts";

export type { MemberChange, TopicChange } from "./change.ts";

/** What one record changes in one group. */
export interface Fold {
  /** SDKAppID. */
  readonly app: number;
  readonly groupId: string;
  readonly seq: number;
  readonly stamp: Stamp;
  readonly sign: LifeSign;
  readonly counts: Counts;
  readonly changes: readonly DirectoryChange[];
  /** What of the record is left out, and why; undefined when nothing is. */
  readonly oddity?: string | undefined;
}

/** What a record is to the directory. */
export type FoldResult =
  | { readonly kind: "fold"; readonly fold: Fold }
  /** It says nothing about a group's state. */
  | { readonly kind: "other" }
  /** It should, and cannot be taken. */
  | { readonly kind: "bad"; readonly reason: string };

const DECODER = new TextDecoder();
const NOTHING: Counts = { created: 0, joined: 0, left: 0, disbanded: 0 };

/**
 * What a record changes. Total: whatever the body holds, it does not throw. A field that makes no sense, or
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
    const odd = noOmissions();
    const { sign = "alive", counts, changes } = read({ body, odd });
    const { app, seq } = record;
    const fold = {
      app,
      groupId,
      seq,
      stamp: stampOf(record),
      sign,
      counts: { ...NOTHING, ...counts },
      changes,
      oddity: omissionText(odd),
    };
    return { kind: "fold", fold };
  } catch (error) {
    return {
      kind: "bad",
      reason: error instanceof Error ? error.message : String(error),
    };
  }
}

function bodyOf({ body }: EventRecord): CallbackBody {
  let value: unknown;
  try {
    value = JSON.parse(DECODER.decode(body));
  } catch {
    // The parser's own message quotes the body.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("The body: expected a JSON object");
  }
  // An object of JSON has string keys.
  return value as CallbackBody;
}
