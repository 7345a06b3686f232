import { Buffer } from "node:buffer";
import type { EventMeta } from "../../base/event.ts";
import { isOfFamily } from "../../protocol/commands.ts";

/** A filter of records; absent fields do not narrow. */
export interface EventFilter {
  /** SDKAppID. */
  readonly app?: number | undefined;
  /** A command word, or a family as `Group.*`; several with commas between them. */
  readonly command?: string | undefined;
  /** GroupId. */
  readonly group?: string | undefined;
  /** Some text value of the body equals this. */
  readonly user?: string | undefined;
  /** Some text value of the body contains this. */
  readonly text?: string | undefined;
  readonly decision?: string | undefined;
  readonly decidedBy?: string | undefined;
  /** Events received at this time or later, Unix ms. */
  readonly fromMs?: number | undefined;
  /** Events received before this time, Unix ms. */
  readonly toMs?: number | undefined;
}

/** The parts of a record that a filter judges. */
export interface Filterable {
  readonly app: number;
  readonly receivedAtMs: number;
  readonly meta: EventMeta;
}

/** True when a record is one of those that the filter lets through; its body is looked at last. */
export function isWanted(
  record: Filterable & { readonly body: Uint8Array },
  filter: EventFilter,
): boolean {
  const { app, command, group, decision, decidedBy, fromMs, toMs } = filter;
  const { meta, receivedAtMs } = record;
  return (app === undefined || record.app === app) &&
    (command === undefined || isCommand(meta.command, command)) &&
    (group === undefined || meta.group === group) &&
    (decision === undefined || meta.decision === decision) &&
    (decidedBy === undefined || meta.decidedBy === decidedBy) &&
    (fromMs === undefined || receivedAtMs >= fromMs) &&
    (toMs === undefined || receivedAtMs < toMs) &&
    isBodyWanted(record.body, filter);
}

function isBodyWanted(
  body: Uint8Array,
  { user, text }: Pick<EventFilter, "user" | "text">,
): boolean {
  if (user === undefined && text === undefined) return true;
  const isPossible = [user, text].every((wanted) =>
    wanted === undefined || mayHold(body, wanted)
  );
  if (!isPossible) return false;
  const texts = textsOf(body);
  return (user === undefined || texts.includes(user)) &&
    (text === undefined || texts.some((one) => one.includes(text)));
}

const DECODER = new TextDecoder();
const BACKSLASH = 0x5c;
/** Bytes that are no UTF-8 read as this. */
const REPLACEMENT = "\ufffd";

/** Cheaper than parsing: a body without an escape holds its texts as they are. */
function mayHold(body: Uint8Array, text: string): boolean {
  const { buffer, byteOffset, length } = body;
  return body.includes(BACKSLASH) || text.includes(REPLACEMENT) ||
    Buffer.from(buffer, byteOffset, length).includes(text);
}

/** All text values of a JSON body, however deep; none where it is no JSON. */
function textsOf(body: Uint8Array): string[] {
  const texts: string[] = [];
  // A list of what is left to look at: recursion would end with a body that is nested deeply.
  const left = [parsed(body)];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === "string") texts.push(value);
    else if (typeof value === "object" && value !== null) {
      for (const part of Object.values(value)) left.push(part);
    }
  }
  return texts;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(DECODER.decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** True when a command is the wanted one, or of the wanted family as `Group.*`. */
export function isCommand(word: string, wanted: string): boolean {
  return wanted.includes(",")
    ? wanted.split(",").some((one) => isOneCommand(word, one))
    : isOneCommand(word, wanted);
}

function isOneCommand(word: string, wanted: string): boolean {
  return wanted.endsWith(".*")
    ? isOfFamily(word, wanted.slice(0, -2))
    : word === wanted;
}
