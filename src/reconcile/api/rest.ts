import { Agent as PlainAgent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import * as v from "valibot";
import type { Sleep } from "../../base/wait.ts";
import type { RestAccess } from "../../config/rest_access.ts";
import { exchange, ExchangeError } from "../../delivery/outbound/exchange.ts";
import { failureOf } from "../../delivery/outbound/failure.ts";
import { CallPace } from "./call_pace.ts";
import { RestError, restErrorOf } from "./rest_error.ts";
import { UserSigner } from "./user_sig.ts";

/** One call of the REST API: its path below `/v4/` and what its answer must look like. */
export interface RestCall<T> {
  readonly path: string;
  readonly schema: v.GenericSchema<unknown, T>;
  /** The shortest time between two of these calls, ms; absent for those with the common pace. */
  readonly everyMs?: number;
  /** Further parameters of the query. */
  readonly query?: string;
  /** The field that makes the answer's own ErrorCode meaningless: each element then has one. */
  readonly countsAlone?: string;
}

/** The answer of a successful call. */
export interface RestAnswer<T> {
  readonly value: T;
  /** Time of asking by this machine's clock, Unix ms. */
  readonly askedAtMs: number;
  /** Tencent's own clock, from the header `Date`, Unix ms. */
  readonly serverMs: number | undefined;
}

/** Options of a RestClient. */
export interface RestClientOptions {
  /** SDKAppID. */
  readonly app: number;
  readonly access: RestAccess;
  /** Calls a second at the most. @default {20} */
  readonly rate?: number | undefined;
  readonly now?: (() => number) | undefined;
  readonly sleep?: Sleep | undefined;
  /** Longest time of one call, ms: Tencent itself gives up after 3 s. @default {10000} */
  readonly timeoutMs?: number | undefined;
  /** Tries of a call that fails by Tencent's or the network's trouble. @default {6} */
  readonly maxTries?: number | undefined;
}

const DEFAULT_RATE = 20;
const TIMEOUT_MS = 10_000;
const MAX_TRIES = 6;
/** Tencent refuses to answer with more than 1 MB (10018). */
const MAX_ANSWER_BYTES = 4_194_304;
const MAX_BACKOFF_MS = 60_000;
const AGENT_OPTIONS = { keepAlive: true, maxSockets: 4, proxyEnv: {} };

/**
 * Calls one app's REST API at Tencent: paced, with backoff, each answer checked. A UserSig stands in
 * every URL, so no URL is ever logged or part of an error.
 */
export class RestClient implements Disposable {
  #options: RestClientOptions;
  #origin: URL;
  #signer: UserSigner;
  #now: () => number;
  #agent: PlainAgent | TlsAgent;
  #pace: CallPace;
  #calls = 0;

  constructor(options: RestClientOptions) {
    const { app, access, now = Date.now } = options;
    this.#options = options;
    this.#origin = new URL(access.origin);
    this.#now = now;
    const { rate = DEFAULT_RATE, sleep } = options;
    this.#pace = new CallPace({ rate, now, sleep });
    const { admin: identifier, key } = access;
    this.#signer = new UserSigner({ app, identifier }, { key, now });
    this.#agent = this.#origin.protocol === "https:"
      // Said here, for NODE_TLS_REJECT_UNAUTHORIZED=0 changes what is the default.
      ? new TlsAgent({ ...AGENT_OPTIONS, rejectUnauthorized: true })
      : new PlainAgent(AGENT_OPTIONS);
  }

  /** Calls made so far, tries included. */
  get calls(): number {
    return this.#calls;
  }

  /**
   * Makes a call, again where that can help.
   *
   * @throws {RestError} with Tencent's code, its sentence and what to do
   */
  async call<T>(
    call: RestCall<T>,
    body: string,
    signal: AbortSignal,
  ): Promise<RestAnswer<T>> {
    const { maxTries = MAX_TRIES } = this.#options;
    let renewed = false;
    for (let tries = 1;; tries++) {
      const { path: kind, everyMs = 0 } = call;
      await this.#pace.turn({ kind, everyMs }, signal);
      try {
        const answer = await this.#callOnce(call, body, signal);
        this.#pace.noteGood();
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof RestError) || tries >= maxTries) throw error;
        if (error.reaction === "renew" && !renewed) {
          renewed = true;
          this.#signer.renew();
        } else if (error.reaction === "slow" || error.reaction === "retry") {
          if (error.reaction === "slow") this.#pace.slowDown();
          await this.#pace.wait(backoffMs(tries), signal);
        } else throw error;
      }
    }
  }

  /** Closes its connections. */
  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  async #callOnce<T>(
    call: RestCall<T>,
    body: string,
    signal: AbortSignal,
  ): Promise<RestAnswer<T>> {
    this.#calls++;
    const askedAtMs = this.#now();
    const { status, headers, bodyStart } = await this.#post(call, body, signal);
    const { host } = this.#origin;
    if (status !== 200) {
      throw retriable(`${host} answered with HTTP status ${status}`);
    }
    const json = parseAnswer(bodyStart);
    if (json === undefined) {
      throw retriable(`${host} did not answer with a JSON object`);
    }
    this.#checkCode(json, call);
    const parsed = v.safeParse(call.schema, json);
    if (!parsed.success) {
      const where = v.getDotPath(parsed.issues[0]) ?? "the answer";
      throw retriable(
        `${host} answered in a form that is not Tencent's: ${where}`,
      );
    }
    const dateMs = Date.parse(headers.date ?? "");
    const serverMs = Number.isNaN(dateMs) ? undefined : dateMs;
    return { value: parsed.output, askedAtMs, serverMs };
  }

  async #post<T>(
    { path, query = "" }: RestCall<T>,
    body: string,
    signal: AbortSignal,
  ): ReturnType<typeof exchange> {
    const { app, access, timeoutMs = TIMEOUT_MS } = this.#options;
    const { protocol, hostname, port, host } = this.#origin;
    const isTls = protocol === "https:";
    const identifier = encodeURIComponent(access.admin);
    const random = crypto.getRandomValues(new Uint32Array(1))[0];
    // The characters of a UserSig need no escapes, and Tencent documents none.
    const target = `/v4/${path}?sdkappid=${app}&identifier=${identifier}` +
      `&usersig=${this.#signer.current}&random=${random}&contenttype=json${query}`;
    try {
      return await exchange({
        target: {
          href: "",
          host,
          isTls,
          hostname: hostname.replace(/^\[|\]$/g, ""),
          port: Number(port) || (isTls ? 443 : 80),
          path: target,
        },
        agent: this.#agent,
        headers: { "content-type": "application/json" },
        body,
        connectTimeoutMs: timeoutMs,
        timeoutMs,
        maxResponseBytes: MAX_ANSWER_BYTES,
        signal,
      });
    } catch (error) {
      const cause = error instanceof ExchangeError ? error.cause : error;
      throw retriable(`Cannot call ${failureOf(cause, host).message}`);
    }
  }

  #checkCode<T>(
    answer: Readonly<Record<string, unknown>>,
    { countsAlone }: RestCall<T>,
  ): void {
    if (countsAlone !== undefined && Object.hasOwn(answer, countsAlone)) return;
    const { ErrorCode: code = 0, ErrorInfo: info } = answer;
    if (code === 0) return;
    const { app, access } = this.#options;
    throw restErrorOf(typeof code === "number" ? code : -1, {
      info: typeof info === "string" ? info : "",
      app,
      secrets: [access.key, this.#signer.current],
    });
  }
}

/** The smaller of two clocks' readings, less a second: what is told later by a callback is newer. */
export function observedAtMs(
  { askedAtMs, serverMs = Infinity }: Pick<
    RestAnswer<unknown>,
    "askedAtMs" | "serverMs"
  >,
): number {
  return Math.min(askedAtMs, serverMs) - 1_000;
}

function retriable(message: string): RestError {
  return new RestError(message, { code: 0, reaction: "retry" });
}

function backoffMs(tries: number): number {
  const cap = Math.min(1_000 * 2 ** (tries - 1), MAX_BACKOFF_MS);
  return cap * (0.5 + Math.random() / 2);
}

/** The object that a text is in JSON; a number too large for a double stays as its digits. */
function parseAnswer(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text, exact);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    // Cut short, no JSON or nested too deep: the caller says so.
    return undefined;
  }
}

/** Tencent pages with 64-bit numbers: those that a double cannot hold become texts. */
function exact(
  _name: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const { source = "" } = context ?? {};
  return /^\d+$/.test(source) ? source : value;
}
