// A stand-in for Tencent's REST API, for tests and the sandbox: it takes the sandbox's key alone.
import { logger } from "../base/log.ts";
import { SANDBOX_APP } from "../config/config.ts";
import {
  checkLoopback,
  LOOPBACK_REGEXP,
  postCallback,
} from "./stand_in/callback.ts";
import { STAND_IN_CHANGES } from "./stand_in/changes.ts";
import {
  type StandInBody,
  type StandInCallback,
  StandInGroups,
  StandInRefusal,
} from "./stand_in/groups.ts";
import { STAND_IN_READS } from "./stand_in/reads.ts";
import { readUserSig } from "./api/user_sig.ts";

/** The behaviour of a stand-in; everything may be changed while it runs. */
export interface StandInSettings {
  /** Receiver of its callbacks, on this machine; none are sent without it. */
  callbackUrl?: URL | undefined;
  /** The share of callbacks that get lost on the way, 0 to 1. */
  lostShare?: number;
  /** Time by which its clock is ahead, ms. */
  skewMs?: number;
  /** True when it refuses calls above Tencent's limits. @default {true} */
  limits?: boolean;
}

/** Options of a StandIn. */
export interface StandInOptions extends StandInSettings {
  readonly now?: () => number;
  /** Draws from 0 to below 1. */
  readonly random?: () => number;
  /** Sends a callback in place of a request to `callbackUrl`. */
  readonly deliver?: (callback: StandInCallback) => Promise<void>;
}

const CALLS = new Map([...STAND_IN_READS, ...STAND_IN_CHANGES]);
const ADMIN = "administrator";
const LIST = "group_open_http_svc/get_appid_group_list";
const SECOND_MS = 1_000;
/** Calls a second that Tencent takes of one kind, and of the list. */
const [LIMIT, LIST_LIMIT] = [200, 1];
const INTEGER_REGEXP = /^\d{16,}$/;

const log = logger("stand-in");

/** Answers what Tencent's REST API would, about groups that it holds itself. */
export class StandIn {
  readonly settings: StandInSettings;
  readonly model: StandInGroups;
  #options: StandInOptions;
  #now: () => number;
  /** Answers that a test plans for the next calls of a kind. */
  #planned = new Map<string, { readonly code: number; times: number }>();
  #recent = new Map<string, number[]>();
  #peaks = new Map<string, number>();
  #sending: Promise<void> = Promise.resolve();

  constructor(options: StandInOptions = {}) {
    const { now = Date.now, ...settings } = options;
    checkLoopback(options.callbackUrl);
    this.#options = options;
    this.settings = settings;
    this.#now = () => now() + (this.settings.skewMs ?? 0);
    this.model = new StandInGroups({ now: this.#now });
  }

  /** The most calls of each kind that came within one second; for the list, by its shortest pause. */
  get peaks(): ReadonlyMap<string, number> {
    return this.#peaks;
  }

  /** Answers the next `times` calls of a kind with this code. */
  plan(path: string, code: number, times = 1): void {
    this.#planned.set(path, { code, times });
  }

  /** Settles when every callback so far is answered or lost. */
  settled = (): Promise<void> => this.#sending;

  /**
   * Makes a call without a request, and sends the callbacks that it causes.
   *
   * @throws {StandInRefusal} with Tencent's code
   */
  call(path: string, body: StandInBody): StandInBody {
    const call = CALLS.get(path);
    if (call === undefined) throw new StandInRefusal(60002, "no such call");
    const { answer, callbacks = [] } = call(this.model, body);
    for (const callback of callbacks) this.#send(callback);
    return answer;
  }

  /** Answers one request, as Tencent does: with status 200 whatever the code is. */
  readonly handle = async (request: Request): Promise<Response> => {
    const { pathname, searchParams, hostname } = new URL(request.url);
    const text = await request.text();
    // A page elsewhere must not reach it under a name of its own.
    if (!LOOPBACK_REGEXP.test(hostname)) {
      return new Response(null, { status: 421 });
    }
    if (pathname.startsWith("/stand-in/")) {
      return this.#control(pathname.slice("/stand-in/".length), searchParams);
    }
    const path = pathname.replace(/^\/v4\//, "");
    return new Response(this.#answer(path, searchParams, text), {
      headers: {
        "content-type": "application/json",
        date: new Date(this.#now()).toUTCString(),
      },
    });
  };

  /** Lets a person change how it behaves while it runs. */
  #control(what: string, query: URLSearchParams): Response {
    const number = (name: string) => Number(query.get(name) ?? NaN);
    if (what === "plan" && number("code") > 0) {
      const call = query.get("call") ?? "";
      const path = [...CALLS.keys()].find((known) => known.endsWith(call));
      if (path !== undefined) {
        this.plan(path, number("code"), number("times") || 1);
      }
    } else if (what === "settings") {
      if (number("lost") >= 0) this.settings.lostShare = number("lost");
      if (number("skew") > -Infinity) this.settings.skewMs = number("skew");
    } else if (what !== "peaks") return new Response(null, { status: 404 });
    const { settings } = this;
    return Response.json({ settings, peaks: Object.fromEntries(this.#peaks) });
  }

  #answer(path: string, query: URLSearchParams, text: string): string {
    try {
      this.#checkLimit(path);
      this.#checkSig(query);
      this.#checkPlan(path);
      return this.#made(path, text);
    } catch (error) {
      if (!(error instanceof StandInRefusal)) throw error;
      const { code: ErrorCode, message: ErrorInfo } = error;
      return JSON.stringify({ ActionStatus: "FAIL", ErrorCode, ErrorInfo });
    }
  }

  #made(path: string, text: string): string {
    const body = parseBody(text);
    if (body === undefined) throw new StandInRefusal(60003, "JSON expected");
    const { Next: next, ...rest } = this.call(path, body);
    const all = { ActionStatus: "OK", ErrorCode: 0, ErrorInfo: "", ...rest };
    if (typeof next !== "bigint") return JSON.stringify({ ...all, Next: next });
    return `${JSON.stringify(all).slice(0, -1)},"Next":${next}}`;
  }

  #checkLimit(path: string): void {
    const nowMs = this.#now();
    const lastMs = this.#recent.get(path)?.at(-1) ?? -Infinity;
    const recent = (this.#recent.get(path) ?? []).filter((atMs) =>
      Math.abs(nowMs - atMs) < SECOND_MS
    );
    recent.push(nowMs);
    this.#recent.set(path, recent);
    const isList = path === LIST;
    // A limit of one call a second is a matter of the pause between two.
    const rate = isList ? SECOND_MS / (nowMs - lastMs) : recent.length;
    this.#peaks.set(path, Math.max(this.#peaks.get(path) ?? 0, rate));
    const limit = isList ? LIST_LIMIT : LIMIT;
    if (recent.length <= limit || this.settings.limits === false) return;
    recent.pop();
    throw new StandInRefusal(60018, "too many calls a second");
  }

  #checkSig(query: URLSearchParams): void {
    const app = Number(query.get("sdkappid"));
    if (app !== SANDBOX_APP.id) {
      throw new StandInRefusal(70020, "SDKAppID not found");
    }
    const claims = readUserSig(query.get("usersig") ?? "", SANDBOX_APP.key);
    if (claims === undefined) {
      throw new StandInRefusal(70009, "UserSig: not made with this app's key");
    }
    if (claims.app !== app) throw new StandInRefusal(70014, "another sdkappid");
    const identifier = query.get("identifier");
    if (claims.identifier !== identifier) {
      throw new StandInRefusal(70013, "another identifier");
    }
    const ageSec = this.#now() / 1_000 - claims.timeSec;
    if (ageSec > claims.expireSec) {
      throw new StandInRefusal(70001, "UserSig expired");
    }
    if (identifier !== ADMIN) throw new StandInRefusal(60010, "no admin");
  }

  #checkPlan(path: string): void {
    const planned = this.#planned.get(path);
    if (planned === undefined || planned.times === 0) return;
    planned.times--;
    throw new StandInRefusal(planned.code, "as planned");
  }

  #send(callback: StandInCallback): void {
    const { random = Math.random, deliver } = this.#options;
    if (random() < (this.settings.lostShare ?? 0)) return;
    const { callbackUrl: url } = this.settings;
    const send = deliver ??
      (async (one) =>
        url && await postCallback(one, { url, nowMs: this.#now() }));
    this.#sending = this.#sending.then(() => send(callback)).catch((error) => {
      log.warn("Cannot deliver a callback", { error: String(error) });
    });
  }
}

/** Serves a stand-in on this machine alone; port 0 takes a free one. */
export function serveStandIn(
  standIn: StandIn,
  { port, onListen = () => {} }: {
    readonly port: number;
    readonly onListen?: (address: Deno.NetAddr) => void;
  },
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port, onListen },
    standIn.handle,
  );
}

/** The JSON object that a text is, its large integers as bigints. */
function parseBody(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text, exact);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    // No JSON: Tencent's own code says so.
    return undefined;
  }
}

function exact(
  _name: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  const { source = "" } = context ?? {};
  const isLarge = typeof value === "number" && INTEGER_REGEXP.test(source);
  return isLarge ? BigInt(source) : value;
}
