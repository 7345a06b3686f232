import { deadline } from "@std/async/deadline";
import { readSecret } from "../../config/secrets.ts";
import { UsageError } from "../terminal/flags.ts";
import type { Io } from "../terminal/io.ts";
import { checkTransport, openDirect } from "./transport.ts";
import {
  ApiError,
  apiError,
  explainFailure,
  UnreachableError,
} from "./failures.ts";

/** One request. */
export interface Asking {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: BodyInit;
  readonly contentType?: string;
  /** Language of the words in the answer. */
  readonly language?: string;
  readonly signal?: AbortSignal;
  /** Longest silence of the answer, ms. @default {60000} */
  readonly silenceMs?: number;
}

/** Speaks with one server. Everything it throws is an ApiError, an UnreachableError or an abort. */
export interface Client {
  /** The whole answer, as text. */
  readonly text: (path: string, asking?: Asking) => Promise<string>;
  /** The whole answer, parsed; undefined when it is empty. */
  readonly json: (path: string, asking?: Asking) => Promise<unknown>;
  /** The answer as it comes. */
  readonly chunks: (
    path: string,
    asking?: Asking,
  ) => AsyncGenerator<Uint8Array>;
}

interface Server {
  readonly base: string;
  readonly authorization: string;
}

const SILENCE_MS = 60_000;

/**
 * A client of the server at `url`, with the token from the environment.
 *
 * @throws {UsageError} when the URL is none or there is no token
 */
export function openClient(
  { url, env, mayOnlyRead = false, insecureHttp = false }: {
    /** Undefined where no flag names it. */
    readonly url: string | undefined;
    readonly env: Io["env"];
    readonly mayOnlyRead?: boolean;
    /** True when the token may cross a network in the clear. */
    readonly insecureHttp?: boolean | undefined;
  },
): Client {
  const base = readBase(url, env);
  checkTransport(base, insecureHttp);
  const server = {
    base,
    authorization: `Bearer ${readApiToken(env, mayOnlyRead)}`,
  };
  const chunks = (path: string, asking: Asking = {}) =>
    ask(server, path, asking);
  const text = async (path: string, asking?: Asking) => {
    const decoder = new TextDecoder();
    let whole = "";
    for await (const chunk of chunks(path, asking)) {
      whole += decoder.decode(chunk, { stream: true });
    }
    return whole + decoder.decode();
  };
  const json = async (path: string, asking?: Asking) => {
    const whole = await text(path, asking);
    try {
      return whole === "" ? undefined : JSON.parse(whole) as unknown;
    } catch (cause) {
      throw new Error(`No answer of imhook at ${base}: is --url right?`, {
        cause,
      });
    }
  };
  return { text, json, chunks };
}

async function* ask(
  server: Server,
  path: string,
  asking: Asking,
): AsyncGenerator<Uint8Array> {
  const { silenceMs = SILENCE_MS } = asking;
  const left = new AbortController();
  const signals = [left.signal, ...asking.signal ? [asking.signal] : []];
  const request = requestOf(server, path, asking);
  using direct = openDirect(server.base);
  try {
    const asked = fetch(request, {
      signal: AbortSignal.any(signals),
      ...direct && { client: direct },
    });
    const response = await deadline(asked, silenceMs);
    if (!response.ok) throw await apiError(response);
    yield* chunksOf(response, silenceMs);
  } catch (error) {
    throw told(error, { base: server.base, signal: asking.signal });
  } finally {
    left.abort();
  }
}

function requestOf(
  { base, authorization }: Server,
  path: string,
  { method = "GET", query = {}, body, contentType, language }: Asking,
): Request {
  const target = new URL(`${base}${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) target.searchParams.set(name, value);
  }
  const type = contentType && { "content-type": contentType };
  return new Request(target, {
    method,
    headers: {
      authorization,
      ...type,
      ...language !== undefined && { "accept-language": language },
    },
    redirect: "manual",
    ...body !== undefined && { body },
  });
}

async function* chunksOf(
  { body }: Response,
  silenceMs: number,
): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await deadline(reader.read(), silenceMs);
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {/* it has failed already */});
  }
}

/** The error that whoever asked gets. */
function told(
  error: unknown,
  { base, signal }: {
    readonly base: string;
    readonly signal: AbortSignal | undefined;
  },
): unknown {
  if (signal?.aborted || error instanceof ApiError) return error;
  const { reason, hint } = explainFailure(error, "--url");
  const message = `No answer from ${base}: ${reason} (${hint})`;
  return new UnreachableError(message, { cause: error });
}

/** Flags of every command that talks to a server. */
export const CLIENT_SPECS = {
  url: { type: "string" },
  "insecure-http": { type: "boolean" },
} as const;

/** The part of a help text that explains these flags. */
export const URL_HELP =
  `  --url URL          The server (default IMHOOK_URL, else http://127.0.0.1:8080)
  --insecure-http    Send the token also over http:// to another machine`;

/** The part of the help of commands that only read. */
export const READ_TOKEN_HELP = `Environment:
  IMHOOK_API_TOKEN_READ   Token of the server's API that may only read; or
                          IMHOOK_API_TOKEN_READ_FILE, a file that holds it
  IMHOOK_API_TOKEN        The one that may do all, where the other is not set`;

/** The part of the help of commands that change something. */
export const TOKEN_HELP = `Environment:
  IMHOOK_API_TOKEN        Token of the server's API; or IMHOOK_API_TOKEN_FILE, a
                          file that holds it`;

const DEFAULT_URL = "http://127.0.0.1:8080";

/**
 * The server's address, without a slash at its end: from the flag, else from the environment.
 *
 * @throws {UsageError} when it is none
 */
export function readBase(flag: string | undefined, env: Io["env"]): string {
  const text = flag ?? (env.IMHOOK_URL || DEFAULT_URL);
  const url = URL.parse(text);
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  if (url === null || !isHttp || /[?#]/.test(text) || url.username !== "") {
    throw new UsageError(
      `${
        flag === undefined ? "IMHOOK_URL" : "--url"
      }: expected one like http://127.0.0.1:8080, without query or user`,
    );
  }
  return url.href.replace(/\/+$/, "");
}

/**
 * The token of the server's API from the environment.
 *
 * @throws {UsageError} when there is none
 */
export function readApiToken(env: Io["env"], mayOnlyRead: boolean): string {
  const problems: string[] = [];
  const sources = { env, readFile: Deno.readTextFileSync };
  const names = ["IMHOOK_API_TOKEN"];
  // The token that can do less is enough, and so it is the one that is sent.
  if (mayOnlyRead) names.unshift("IMHOOK_API_TOKEN_READ");
  const tokens = names.map((name) => readSecret(name, sources, problems));
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  const token = tokens.find((found) => found !== undefined && found !== "");
  if (token !== undefined) return token;
  throw new UsageError(
    `${
      names.toSorted().join(" or ")
    }: none is set; expected the token of the server's API`,
  );
}
