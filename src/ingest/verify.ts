import type { NetworkTest } from "../base/networks.ts";
import type { AnswerCode } from "../protocol/ack.ts";
import { COMMANDS, isBeforeCommand } from "../protocol/commands.ts";
import {
  type CallbackQuery,
  parseQuery,
  QUERY_MAX_CHARS,
  QUERY_TOO_LONG,
} from "../protocol/query.ts";
import { isFresh, verifySign } from "../protocol/sign.ts";

/** An application whose callbacks are accepted. */
export interface App {
  /** SDKAppID. */
  readonly id: number;
  /** Current token, then the previous one; empty for an app that is allowed to send unsigned. */
  readonly tokens: readonly string[];
}

/** The verdict on a request: the app that sent it, or why it is refused. */
export type VerifyResult =
  | {
    readonly ok: true;
    readonly app: App;
    readonly query: CallbackQuery;
    /** Whether the query names a command that can block a user's action. */
    readonly isBefore: boolean;
    readonly senderIp: string;
    /** Ids of the journals that it was relayed through, joined by commas. */
    readonly path: string | undefined;
  }
  | Refusal;

/** Why a callback is refused. */
export interface Refusal {
  readonly ok: false;
  readonly code: AnswerCode;
  /** More than the code says. */
  readonly info?: string;
  /** The command that the query names, where Tencent documents it. */
  readonly command?: string | undefined;
  /** Whether its query names no command, so that it may be a probe. */
  readonly mayBeProbe: boolean;
  /** Whether its query names no app, or an app with a token but no Sign. */
  readonly isBare: boolean;
}

/** Everything of a request that is judged before its body is read. */
export interface Arriving {
  /** Query without the question mark. */
  readonly search: string;
  readonly headers: Pick<Headers, "get">;
  readonly nowMs: number;
  /** Asks for the sender's address. */
  readonly senderIp: () => string;
}

/** Judges a request by its query, sender and headers. */
export type Verifier = (arriving: Arriving) => VerifyResult;

/** Options of createVerifier(). */
export interface VerifierOptions {
  /** By SdkAppid as it is spelled in the query. */
  readonly apps: ReadonlyMap<string, App>;
  /** @default every sender is allowed */
  readonly isAllowedSender?: NetworkTest | undefined;
  /** The journal that callbacks go to: one that has come through it is refused. */
  readonly journalId?: string;
  /** Whether its token is known to everybody, so that a web page could send callbacks. */
  readonly isSandbox?: boolean;
  /** Called with the SDKAppID of each callback that an app's previous token has signed. */
  readonly onPrevious?: ((app: number) => void) | undefined;
}

/** The verdict on a query whatever the time and the sender. */
interface Judgement {
  readonly query: CallbackQuery | undefined;
  readonly isBefore: boolean;
  readonly isBare: boolean;
  readonly app: App | undefined;
  /** Why the query is refused; 0 when it is not. */
  readonly code: AnswerCode;
  /** In place of the code's own words. */
  readonly info?: string;
  /** Undefined for a query that holds at all times. */
  readonly requestTime: string | undefined;
  /** Whether the app's previous token signed it. */
  readonly isPrevious?: boolean;
}

const REQUEST_TIME_REGEXP = /^\d{1,11}$/;
/** Judgements remembered at the most: a stranger may send any number of queries of any length. */
const MAX_JUDGEMENTS = 1_024;
const MAX_SEARCH_CHARS = 1_024;

/** Journals that a relayed callback may have come through: more mean that relays lead in a circle. */
const MAX_JOURNALS = 3;
const MAX_PATH_CHARS = 256;

const FROM_PAGE =
  "Origin, Sec-Fetch-Site: expected neither: a web page sends no callbacks";

/**
 * A verifier for these applications.
 *
 * The callbacks of one second share their query or most of it, so judgements are remembered by
 * query string; only time, sender and headers are judged anew.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { apps, isAllowedSender, journalId, isSandbox = false } = options;
  const ownId = journalId?.toLowerCase();
  const judgements = new Map<string, Judgement>();
  const judgementOf = (search: string) => {
    const known = judgements.get(search);
    if (known !== undefined) return known;
    const judgement = judge(search, apps);
    if (judgements.size >= MAX_JUDGEMENTS) judgements.clear();
    if (search.length <= MAX_SEARCH_CHARS) judgements.set(search, judgement);
    return judgement;
  };
  return ({ search, headers, nowMs, senderIp: askSender }) => {
    const judgement = judgementOf(search);
    const { app, query, isBefore, requestTime } = judgement;
    if (app === undefined || query === undefined) return refuse(judgement);
    if ((isSandbox || app.tokens.length === 0) && isFromPage(headers)) {
      return refuse(judgement, { code: 40300, info: FROM_PAGE });
    }
    const senderIp = askSender();
    if (isAllowedSender?.(senderIp) === false) {
      return refuse(judgement, { code: 40301 });
    }
    const path = headers.get("imhook-path") || undefined;
    if (path !== undefined && leadsBack(path, ownId)) {
      return refuse(judgement, { code: 40302 });
    }
    if (judgement.code !== 0) return refuse(judgement);
    if (requestTime !== undefined && !isFresh(requestTime, nowMs)) {
      return refuse(judgement, { code: 40102 });
    }
    if (judgement.isPrevious) options.onPrevious?.(app.id);
    return { ok: true, app, query, isBefore, senderIp, path };
  };
}

function judge(
  search: string,
  apps: ReadonlyMap<string, App>,
): Judgement {
  if (search.length > QUERY_MAX_CHARS) return UNREAD;
  const query = parseQuery(search);
  const app = apps.get(single(query.sdkAppId) ?? "");
  const isSigned = app !== undefined && app.tokens.length > 0;
  const named = {
    query,
    app,
    isBefore: isBeforeCommand(query.command[0] ?? ""),
    isBare: isMissing(query.sdkAppId) || isSigned && isMissing(query.sign),
  };
  if (app === undefined) {
    return { ...named, code: 40300, requestTime: undefined };
  }
  if (!isSigned) return { ...named, code: 0, requestTime: undefined };
  return { ...named, ...judgeSign(query, app) };
}

/** The judgement of a query that is too long to be looked at. */
const UNREAD: Judgement = {
  query: undefined,
  app: undefined,
  isBefore: false,
  isBare: false,
  code: 40300,
  info: QUERY_TOO_LONG,
  requestTime: undefined,
};

function judgeSign(
  query: CallbackQuery,
  { tokens }: App,
): Pick<Judgement, "code" | "requestTime" | "isPrevious"> {
  const candidate = single(query.sign);
  const requestTime = single(query.requestTime);
  const isThere = candidate !== undefined && requestTime !== undefined &&
    REQUEST_TIME_REGEXP.test(requestTime);
  if (!isThere) return { code: 40100, requestTime: undefined };
  const isRight = verifySign({ candidate, requestTime, tokens });
  if (!isRight) return { code: 40101, requestTime };
  const [current = "", previous] = tokens;
  const isPrevious = previous !== undefined &&
    !verifySign({ candidate, requestTime, tokens: [current] });
  return { code: 0, requestTime, isPrevious };
}

function refuse(
  judgement: Judgement,
  reason: Pick<Judgement, "code" | "info"> = judgement,
): Refusal {
  const { query, isBare } = judgement;
  const { code, info } = reason;
  const named = query?.command[0];
  const mayBeProbe = query !== undefined && named === undefined;
  // A stranger's text does not get into the log.
  const command = COMMANDS.has(named ?? "") ? named : undefined;
  const why = info === undefined ? { code } : { code, info };
  return { ok: false, ...why, command, mayBeProbe, isBare };
}

/** Another site's page can post here; no caller but a browser sends these headers. */
function isFromPage(headers: Arriving["headers"]): boolean {
  return headers.get("origin") !== null ||
    headers.get("sec-fetch-site") !== null;
}

/** Whether a relay that goes on from here would lead in a circle. */
function leadsBack(path: string, ownId: string | undefined): boolean {
  const ids = path.toLowerCase().split(",").map((id) => id.trim());
  return path.length > MAX_PATH_CHARS || ids.length > MAX_JOURNALS ||
    (ownId !== undefined && ids.includes(ownId));
}

/** The value of a parameter that must be given once, and not empty. */
function single([value, ...others]: readonly string[]): string | undefined {
  return others.length === 0 && value !== "" ? value : undefined;
}

function isMissing(values: readonly string[]): boolean {
  return values.every((value) => value === "");
}
