import { addressKind, type Reach } from "./address.ts";

/** The parts of an endpoint's URL that a request needs. */
export interface EndpointUrl {
  /** The normalised URL: keep this one. It may hold a secret; show {@linkcode host}. */
  readonly href: string;
  /** Name and port, for people. */
  readonly host: string;
  readonly isTls: boolean;
  /** A name, or an address without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** With the query. */
  readonly path: string;
}

/** The parsed URL, or a sentence that says what is wrong with it. */
export type EndpointUrlReading =
  | { readonly ok: true; readonly target: EndpointUrl }
  | { readonly ok: false; readonly message: string };

/** The longest URL that is taken, as it is given and as it is kept. */
export const MAX_URL_LENGTH = 2048;

/**
 * Reads the URL of an endpoint. Total. URL parsing has brought every spelling of an address (octal,
 * hex, one number, full-width) into one form; whether that may be reached is `refusalOf`'s to say.
 */
export function readEndpointUrl(
  text: string,
  reach: Reach,
): EndpointUrlReading {
  const url = URL.parse(text);
  const problem = url === null
    ? "expected one like https://hooks.example.com/tencent"
    : problemOf(url, { text, reach });
  if (url === null || problem !== undefined) {
    return { ok: false, message: `URL: ${problem}` };
  }
  const isTls = url.protocol === "https:";
  const target = {
    href: url.href,
    host: url.host,
    isTls,
    hostname: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isTls ? 443 : 80) : Number(url.port),
    path: url.pathname + url.search,
  };
  return { ok: true, target };
}

function problemOf(
  url: URL,
  { text, reach }: { readonly text: string; readonly reach: Reach },
): string | undefined {
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return `expected https://, got ${url.protocol}`;
  }
  if (text.length > MAX_URL_LENGTH || url.href.length > MAX_URL_LENGTH) {
    return `expected at most ${MAX_URL_LENGTH} characters`;
  }
  if (url.username !== "" || url.password !== "") {
    return "expected no user or password in it; put them into a header";
  }
  if (text.includes("#")) return "expected no fragment (#…): it is never sent";
  if (url.port === "0") return "expected a port from 1 to 65535";
  if (url.protocol === "http:" && !mayBePlain(url, reach)) {
    return "expected https://: over http:// anybody on the way reads and replays it";
  }
  return undefined;
}

function mayBePlain({ hostname }: URL, reach: Reach): boolean {
  if (reach !== "loopback") return reach !== "public";
  const name = hostname.replace(/^\[|\]$/g, "");
  return /(^|\.)localhost\.?$/.test(name) || addressKind(name) === "loopback";
}

/** A URL, or the path of one, with parameters behind its own query. */
export function withQuery(url: string, query: string | undefined): string {
  return query ? `${url}${url.includes("?") ? "&" : "?"}${query}` : url;
}
