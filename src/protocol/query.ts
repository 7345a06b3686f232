/**
 * The query of a callback, read; each name holds every value it was given. An empty value counts
 * as missing, but for the parameters that must be given once: there it is one more.
 */
export interface CallbackQuery {
  readonly sdkAppId: readonly string[];
  readonly command: readonly string[];
  readonly sign: readonly string[];
  readonly requestTime: readonly string[];
  readonly clientIp: readonly string[];
  readonly platform: readonly string[];
  readonly requestId: readonly string[];
  /** Parameters that Tencent does not document, as received, joined by "&". */
  readonly others: string;
}

type Name = Exclude<keyof CallbackQuery, "others">;

/** Parameter names in lower case: they are matched without case (reference §1.1, §5). */
const NAMES: ReadonlyMap<string, Name | "passed over"> = new Map<
  string,
  Name | "passed over"
>([
  ["sdkappid", "sdkAppId"],
  ["callbackcommand", "command"],
  ["sign", "sign"],
  ["requesttime", "requestTime"],
  ["clientip", "clientIp"],
  ["optplatform", "platform"],
  ["requestid", "requestId"],
  // Always "json".
  ["contenttype", "passed over"],
]);

/** Given twice they are refused, be it with nothing behind one of them. */
const SINGLE: ReadonlySet<Name> = new Set<Name>([
  "sdkAppId",
  "sign",
  "requestTime",
]);

/** A query longer than this is refused unread, characters. */
export const QUERY_MAX_CHARS = 8_192;

/** The ErrorInfo of a query that is longer. */
export const QUERY_TOO_LONG =
  `Query: expected at most ${QUERY_MAX_CHARS} characters`;

/** Reads the query string of a callback (without the question mark). Total. */
export function parseQuery(search: string): CallbackQuery {
  const values: Record<Name, string[]> = {
    sdkAppId: [],
    command: [],
    sign: [],
    requestTime: [],
    clientIp: [],
    platform: [],
    requestId: [],
  };
  const others: string[] = [];
  // A question mark before the first name is passed over, as forms are read.
  for (const pair of search.replace(/^\?/, "").split("&")) {
    const at = pair.indexOf("=");
    const name = decoded(at < 0 ? pair : pair.slice(0, at)).toLowerCase();
    const known = NAMES.get(name);
    if (known === undefined) {
      if (pair !== "") others.push(pair);
      continue;
    }
    if (known === "passed over") continue;
    const value = at < 0 ? "" : decoded(pair.slice(at + 1));
    if (value !== "" || SINGLE.has(known)) values[known].push(value);
  }
  return { ...values, others: others.join("&") };
}

/**
 * The query with every Sign taken out, fit to be kept.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(withoutSign("SdkAppid=1&Sign=ab&RequestTime=2"), "SdkAppid=1&RequestTime=2");
 * ```
 */
export function withoutSign(search: string): string {
  return search.split("&")
    .filter((pair) => nameOf(pair).toLowerCase() !== "sign")
    .join("&");
}

/** The names of a query's parameters, in order; never a value. */
export function namesOf(search: string): string[] {
  return search.split("&").filter((pair) => pair !== "").map(nameOf);
}

function nameOf(pair: string): string {
  const [name = ""] = pair.replace(/^\?/, "").split("=", 1);
  return decoded(name);
}

/** Undoes percent-encoding and `+`, as forms are read; what is no UTF-8 becomes U+FFFD. */
function decoded(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  return new URLSearchParams(`=${text}`).get("") ?? "";
}
