/**
 * What the query of a callback says; each name holds every value it was given. An empty value counts
 * as missing, but for what must be given once: there it is one more.
 */
export interface CallbackQuery {
  readonly sdkAppId: readonly string[];
  readonly command: readonly string[];
  readonly sign: readonly string[];
  readonly requestTime: readonly string[];
  readonly clientIp: readonly string[];
  readonly platform: readonly string[];
  readonly requestId: readonly string[];
}

type Name = keyof CallbackQuery;

/** Parameter names in lower case: they are matched without case (reference §1.1, §5). */
const NAMES: ReadonlyMap<string, Name> = new Map<string, Name>([
  ["sdkappid", "sdkAppId"],
  ["callbackcommand", "command"],
  ["sign", "sign"],
  ["requesttime", "requestTime"],
  ["clientip", "clientIp"],
  ["optplatform", "platform"],
  ["requestid", "requestId"],
]);

/** Given twice they are refused, be it with nothing behind one of them. */
const SINGLE: ReadonlySet<Name> = new Set<Name>([
  "sdkAppId",
  "sign",
  "requestTime",
]);

/**
 * Reads the query string of a callback (without the question mark). Total: an unknown name is passed
 * over.
 */
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
  for (const [name, value] of new URLSearchParams(search)) {
    const known = NAMES.get(name.toLowerCase());
    if (known === undefined || (value === "" && !SINGLE.has(known))) continue;
    values[known].push(value);
  }
  return values;
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
    .filter((pair) => nameOf(pair) !== "sign")
    .join("&");
}

function nameOf(pair: string): string {
  const [name = ""] = new URLSearchParams(pair).keys();
  return name.toLowerCase();
}
