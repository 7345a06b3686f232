import type { EventMeta } from "../../base/event.ts";

/** Which records a reader wants; what is absent does not narrow. */
export interface EventFilter {
  /** SDKAppID. */
  readonly app?: number | undefined;
  /** A command word, or a family as `Group.*`; several with commas between them. */
  readonly command?: string | undefined;
  /** GroupId. */
  readonly group?: string | undefined;
  /** Events that happened at this time or later (EventTime, else receive time), Unix ms. */
  readonly fromMs?: number | undefined;
  /** Events that happened before this time, Unix ms. */
  readonly toMs?: number | undefined;
}

/** What a record says for a filter to judge. */
export interface Filterable {
  readonly app: number;
  readonly receivedAtMs: number;
  readonly meta: EventMeta;
}

/** Whether a record is one of those that the filter lets through. */
export function isWanted(record: Filterable, filter: EventFilter): boolean {
  const { app, command, group, fromMs, toMs } = filter;
  const { meta } = record;
  const timeMs = meta.eventTimeMs ?? record.receivedAtMs;
  return (app === undefined || record.app === app) &&
    (command === undefined || isCommand(meta.command, command)) &&
    (group === undefined || meta.group === group) &&
    (fromMs === undefined || timeMs >= fromMs) &&
    (toMs === undefined || timeMs < toMs);
}

/** Whether a command is the wanted one, or of the wanted family as `Group.*`. */
export function isCommand(word: string, wanted: string): boolean {
  return wanted.includes(",")
    ? wanted.split(",").some((one) => isOneCommand(word, one))
    : isOneCommand(word, wanted);
}

function isOneCommand(word: string, wanted: string): boolean {
  return wanted.endsWith(".*")
    ? word.startsWith(wanted.slice(0, -1))
    : word === wanted;
}
