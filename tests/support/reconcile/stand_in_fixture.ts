import { SANDBOX_APP } from "../../../src/config/config.ts";
import type { RestAccess } from "../../../src/config/rest_access.ts";
import {
  RestClient,
  type RestClientOptions,
} from "../../../src/reconcile/api/rest.ts";
import {
  StandIn,
  type StandInOptions,
} from "../../../src/reconcile/stand_in.ts";
import type { StandInBody } from "../../../src/reconcile/stand_in/groups.ts";

/** When every test with a running clock begins. */
export const REST_START_MS = Date.UTC(2026, 10, 30);

/** A clock that moves only when somebody sleeps. */
export class SleepingClock {
  nowMs = REST_START_MS;
  readonly now = (): number => this.nowMs;
  readonly sleep = (ms: number): Promise<void> => {
    this.nowMs += ms;
    return Promise.resolve();
  };
}

/** A stand-in on a free port, and clients of it. */
export interface StandInServer extends AsyncDisposable {
  readonly standIn: StandIn;
  readonly clock: SleepingClock;
  /** Access that clients are given; a test may change it before they are made. */
  readonly access: { -readonly [Key in keyof RestAccess]: RestAccess[Key] };
  readonly origin: string;
  /** Requests so far. */
  readonly requests: () => number;
  /** A client whose waits take no time. */
  readonly client: (options?: Partial<RestClientOptions>) => RestClient;
  /** Makes a call by its last word, as Tencent's administrator would. */
  readonly make: (word: string, body: StandInBody) => Promise<unknown>;
}

const SERVICE = "group_open_http_svc";

/** Starts a stand-in whose clock is the fixture's. */
export function openStandIn(
  { onRequest = () => {}, ...options }: StandInOptions & {
    /** Told of each request before it is answered. */
    readonly onRequest?: () => void;
  } = {},
): StandInServer {
  const clock = new SleepingClock();
  const standIn = new StandIn({ now: clock.now, ...options });
  let requests = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      requests++;
      onRequest();
      return standIn.handle(request);
    },
  );
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const access = { key: SANDBOX_APP.key, admin: "administrator", origin };
  const client = (further: Partial<RestClientOptions> = {}) =>
    new RestClient({
      app: SANDBOX_APP.id,
      access,
      now: clock.now,
      sleep: clock.sleep,
      ...further,
    });
  return {
    standIn,
    clock,
    access,
    origin,
    requests: () => requests,
    client,
    async make(word, body) {
      await standIn.call(`${SERVICE}/${word}`, body);
      await standIn.settled();
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
