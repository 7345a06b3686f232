import { deadline } from "@std/async/deadline";
import { delay } from "@std/async/delay";
import { signedPath } from "./callback.ts";
import { Connection } from "./connection.ts";

/**
 * What is sent: a new group with three members; a message, which the directory passes over; or a
 * question whether a message may be sent.
 */
export type SteadyKind = "create" | "message" | "before";

/** Callbacks at a steady rate, each when it is due, however late the answers to others are. */
export interface SteadyLoad {
  readonly port: number;
  readonly kind: SteadyKind;
  /** Of this process alone, so that no callback is sent twice. */
  readonly run: number;
  /** Callbacks a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** What came of it, while it runs and at its end. */
export interface SteadyAnswers {
  /** When each callback that was answered OK was, by its number, as performance.now(). */
  readonly ackedAtMs: Map<number, number>;
  /** The same in the order of the answers. */
  readonly ackedInOrderMs: number[];
  /** From the moment it was due to its answer, ms. */
  readonly latenciesMs: number[];
  /** How late each callback was sent, ms. */
  readonly lateMs: number[];
  failedCount: number;
}

/** Enough that a callback seldom waits for a connection, few enough for any server. */
const CONNECTIONS = 128;

/** How long the last answers may take: a server that leaves one out fails the run. */
const LAST_ANSWER_MS = 10_000;

const COMMANDS: Readonly<Record<SteadyKind, string>> = {
  create: "Group.CallbackAfterCreateGroup",
  message: "C2C.CallbackAfterSendMsg",
  before: "C2C.CallbackBeforeSendMsg",
};

/** Where the number of a group's callback stands in an event. */
export const STEADY_GROUP_REGEXP = /"subject":"@TGS#steady\d+-(\d+)"/;

/** An empty record of answers, for `driveSteadily` to fill. */
export function noAnswers(): SteadyAnswers {
  return {
    ackedAtMs: new Map(),
    ackedInOrderMs: [],
    latenciesMs: [],
    lateMs: [],
    failedCount: 0,
  };
}

/** Sends the load and settles when all of it is answered; `answers` fills meanwhile. */
export async function driveSteadily(
  load: SteadyLoad,
  { answers, signal }: {
    readonly answers: SteadyAnswers;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  using connections = await ConnectionPool.open(load.port);
  const count = load.rate * load.seconds;
  const startMs = performance.now();
  const sends: Promise<void>[] = [];
  for (let number = 0; number < count; number++) {
    const dueMs = startMs + number * 1_000 / load.rate;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await delay(waitMs, { signal });
    const connection = await connections.take();
    answers.lateMs.push(performance.now() - dueMs);
    const send = async () => {
      const isOk = await connection.send(requestOf(load, number))
        .catch(() => false);
      note(answers, { number, dueMs, isOk });
      connections.give(connection);
    };
    sends.push(send());
  }
  await deadline(Promise.all(sends), LAST_ANSWER_MS);
}

function note(
  answers: SteadyAnswers,
  { number, dueMs, isOk }: { number: number; dueMs: number; isOk: boolean },
): void {
  const nowMs = performance.now();
  if (!isOk) {
    answers.failedCount++;
    return;
  }
  answers.ackedAtMs.set(number, nowMs);
  answers.ackedInOrderMs.push(nowMs);
  answers.latenciesMs.push(nowMs - dueMs);
}

/** Connections that lie idle, and whoever waits for one. */
class ConnectionPool implements Disposable {
  #all: readonly Connection[];
  #idle: Connection[];
  #waiting: ((connection: Connection) => void)[] = [];

  constructor(connections: readonly Connection[]) {
    this.#all = connections;
    this.#idle = [...connections];
  }

  static async open(port: number): Promise<ConnectionPool> {
    const opening = Array.from(
      { length: CONNECTIONS },
      () => Connection.open(port),
    );
    return new ConnectionPool(await Promise.all(opening));
  }

  take(): Promise<Connection> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return Promise.resolve(idle);
    const { promise, resolve } = Promise.withResolvers<Connection>();
    this.#waiting.push(resolve);
    return promise;
  }

  give(connection: Connection): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(connection);
    else next(connection);
  }

  [Symbol.dispose](): void {
    for (const connection of this.#all) connection[Symbol.dispose]();
  }
}

const ENCODER = new TextEncoder();

function requestOf({ port, kind, run }: SteadyLoad, number: number) {
  const body = JSON.stringify({
    CallbackCommand: COMMANDS[kind],
    ...kind === "create" ? newGroup(run, number) : message(run, number),
    EventTime: Date.now(),
  });
  const path = signedPath(Math.floor(Date.now() / 1_000), COMMANDS[kind]);
  return ENCODER.encode(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

function newGroup(run: number, number: number): object {
  const owner = `user${run}-${number}`;
  return {
    GroupId: `@TGS#steady${run}-${number}`,
    Type: "Public",
    Name: `Group ${number}`,
    Owner_Account: owner,
    Operator_Account: owner,
    MemberList: [1, 2, 3].map((n) => ({ Member_Account: `${owner}-${n}` })),
  };
}

function message(run: number, number: number): object {
  return {
    From_Account: `user${run}-${number % 1_000}`,
    To_Account: `user${run}-${number % 997}`,
    MsgSeq: number,
    MsgRandom: number,
    MsgTime: Math.floor(Date.now() / 1_000),
    MsgKey: `${run}_${number}`,
    MsgBody: [{
      MsgType: "TIMTextElem",
      MsgContent: { Text: `Message ${number} of the load at a steady rate` },
    }],
  };
}
