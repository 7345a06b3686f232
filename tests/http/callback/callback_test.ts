import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { createCallbackHandler } from "../../../src/http/callback/callback.ts";
import { type CallbackObservation } from "../../../src/http/callback/intake.ts";
import { parseCallback, type Parsed } from "../../../src/ingest/parse.ts";
import { CallbackRooms } from "../../../src/http/callback/rooms.ts";
import { INTAKE_BUDGETS_MS, openBudgets } from "../../../src/ingest/budgets.ts";
import type { Receipt, VerifiedCallback } from "../../../src/ingest/receive.ts";
import { createVerifier } from "../../../src/ingest/verify.ts";
import { ANSWERS } from "../../../src/protocol/ack.ts";
import { BODY_MAX_BYTES } from "../../../src/store/kv/limits.ts";
import {
  APP,
  APPS,
  bytesOf,
  CREATED,
  CREATED_BODY,
  NOW_MS,
  searchOf,
  SENDING,
} from "../../support/ingest/callback_fixture.ts";
import { assertAck } from "../../support/http/api_fixture.ts";

const OK = { status: 200, code: 0 };
const NEVER = new Promise<never>(() => {});
const TEXT = JSON.stringify(CREATED_BODY);
const FORMS = ["Group.CallbackBeforeTomorrow", "Sns.CallbackPrevTomorrow"];

interface Setup {
  readonly receive?: (delivery: VerifiedCallback) => Promise<Receipt>;
  readonly observe?: () => void;
  readonly parsed?: (callback: VerifiedCallback) => Parsed;
  /** Budgets that are not to be waited for. */
  readonly ms?: Partial<typeof INTAKE_BUDGETS_MS>;
}

interface Call {
  readonly method?: string;
  readonly search?: string;
  readonly body?: BodyInit | null;
  readonly headers?: Record<string, string>;
}

/** A handler whose receiver is a fake, with what it received and observed. */
function openHandler(
  { receive = keep, parsed = parseCallback, observe = () => {}, ms = {} }:
    Setup = {},
) {
  const deliveries: VerifiedCallback[] = [];
  const observations: CallbackObservation[] = [];
  const rooms = new CallbackRooms();
  const budgets = openBudgets({ ...INTAKE_BUDGETS_MS, ...ms });
  const handle = createCallbackHandler({
    verify: createVerifier({ apps: APPS }),
    receive: {
      parse: (callback) => parsed(callback),
      keep: (callback, _parsed, tell) => {
        deliveries.push(callback);
        receive(callback).then(tell);
      },
    },
    observe: (observation) => {
      observations.push(observation);
      observe();
    },
    budgets,
    rooms,
    now: () => NOW_MS,
  });
  return {
    deliveries,
    observations,
    rooms,
    call: (
      { method = "POST", search = searchOf(), body = TEXT, headers = {} }:
        Call = {},
    ) =>
      handle(new Request("http://h/", { method, body, headers }), {
        search,
        clientIp: () => "203.0.113.1",
      }),
    [Symbol.dispose]: () => budgets[Symbol.dispose](),
  };
}

function keep(): Promise<Receipt> {
  return Promise.resolve({ code: 0, command: CREATED, isCopy: false });
}

/** What an observer is told, but for the time it took. */
function seen(observations: readonly CallbackObservation[]) {
  return observations.map(({ durationMs, clientIp, ...rest }) => {
    assert(durationMs >= 0);
    return { ...rest, clientIp: clientIp() };
  });
}

/** A body that says nothing any more after these texts, and whether it was cancelled. */
function silentBody(...texts: string[]) {
  let isCancelled = false;
  const body = new ReadableStream({
    pull(controller) {
      const text = texts.shift();
      if (text === undefined) return NEVER;
      controller.enqueue(bytesOf(text));
    },
    cancel() {
      isCancelled = true;
    },
  }, { highWaterMark: 0 });
  return { body, isCancelled: () => isCancelled };
}

/** A body whose sender goes away. */
function brokenBody(): ReadableStream {
  const error = new Error("Reset");
  return new ReadableStream({
    pull: (controller) => controller.error(error),
  }, { highWaterMark: 0 });
}

Deno.test.each([
  { name: "GET", call: { method: "GET", search: "", body: null } },
  { name: "GET with a query", call: { method: "GET", body: null } },
  { name: "HEAD", call: { method: "HEAD", body: null } },
  { name: "a POST of nothing", call: { search: "", body: null } },
  {
    name: "GET with a long query",
    call: { method: "GET", search: "a".repeat(9_000), body: null },
  },
])("createCallbackHandler() takes $name for a probe", async ({ call }) => {
  using handler = openHandler();

  await assertAck(await handler.call(call), OK);

  assertEquals(seen(handler.observations), [
    { code: 0, isProbe: true, app: undefined, clientIp: "203.0.113.1" },
  ]);
  assertEquals(handler.deliveries, []);
});

Deno.test.each(["PUT", "DELETE", "PATCH", "OPTIONS", "FOO"])(
  "createCallbackHandler() answers 405 to %s and reads no body",
  async (method) => {
    using handler = openHandler();
    const { body, isCancelled } = silentBody();
    const response = await handler.call({ method, body });

    assertEquals(response.headers.get("allow"), "GET, HEAD, POST");
    await assertAck(response, { status: 405, code: 40500 });
    assertEquals(isCancelled(), true);
    assertEquals(handler.observations.map(({ code }) => code), [40500]);
  },
);

Deno.test.each([
  ["an unknown app", { SdkAppid: "5" }, 403, 40300],
  ["no Sign", { Sign: undefined }, 401, 40100],
  ["a wrong Sign", { Sign: "0".repeat(64) }, 401, 40101],
  ["an old RequestTime", { RequestTime: "1669872051" }, 401, 40102],
])(
  "createCallbackHandler() refuses %s before it reads the body",
  async (...row) => {
    const [_what, changes, status, code] = row;
    using handler = openHandler();
    const { body, isCancelled } = silentBody();

    const response = await handler.call({ search: searchOf(changes), body });

    await assertAck(response, { status, code, info: ANSWERS[code].info });
    assertEquals(isCancelled(), true);
    assertEquals(seen(handler.observations), [{
      code,
      info: undefined,
      command: CREATED,
      app: undefined,
      clientIp: "203.0.113.1",
    }]);
  },
);

Deno.test.each([
  ["a text that is no JSON", "hello"],
  ["a callback without a query", TEXT],
  ["a stream", () => silentBody("{").body],
  ["a stream that breaks", brokenBody],
])(
  "createCallbackHandler() takes %s for no probe",
  async (_what, body) => {
    using handler = openHandler();
    const response = await handler.call({
      search: "",
      body: typeof body === "function" ? body() : body,
      headers: typeof body === "string"
        ? { "content-length": String(body.length) }
        : {},
    });

    await assertAck(response, { status: 403, code: 40300 });
    assertEquals(handler.deliveries, []);
  },
);

const UNSIGNED = "SdkAppid=1400000001";
const NO_COMMAND = searchOf({ CallbackCommand: undefined });

/** Query, body, whether its length is declared, and whether it is a probe. */
const PROBES: readonly (readonly [string, string, string, boolean, boolean])[] =
  [
    ["nothing at all", "", "", true, true],
    ["nothing, of undeclared length", "", "", false, true],
    ["an empty object", "", "{}", true, true],
    ["an empty object of undeclared length", "", "{}", false, false],
    ["an object without SdkAppid", "a=1", '{"a":1}', true, true],
    [
      "an object without SdkAppid, of undeclared length",
      "",
      "{}",
      false,
      false,
    ],
    ["an object of an unknown app", "SdkAppid=5", '{"a":1}', true, false],
    ["an empty object of an unknown app", "SdkAppid=5", "{ }", true, true],
    ["an unsigned object", `SdkAppid=${APP.id}`, '{"a":1}', true, true],
    [
      "a wrongly signed one",
      `SdkAppid=${APP.id}&Sign=0`,
      '{"a":1}',
      true,
      false,
    ],
    [
      "a wrongly signed empty one",
      `SdkAppid=${APP.id}&Sign=0`,
      "{}",
      true,
      true,
    ],
    ["a signed empty object", NO_COMMAND, "{}", true, true],
    [
      "a signed empty object of undeclared length",
      NO_COMMAND,
      "{}",
      false,
      false,
    ],
    ["a signed empty body", NO_COMMAND, "", false, true],
    ["a signed object", NO_COMMAND, '{"a":1}', true, false],
    ["an object of an app without a token", UNSIGNED, '{"a":1}', true, false],
    ["an empty one of an app without a token", UNSIGNED, "{}", true, true],
    ["an object with a command", "", '{"CallbackCommand":"a"}', true, false],
    ["a command in the query", "CallbackCommand=a", "", true, false],
    ["an array", "", "[]", true, false],
    ["1,024 bytes", "", `{"a":"${"x".repeat(1_016)}"}`, true, true],
    ["1,025 bytes", "", `{"a":"${"x".repeat(1_017)}"}`, true, false],
    ["a query of 8,193 characters", "a".repeat(8_193), "", true, false],
  ];

Deno.test.each(PROBES)(
  "createCallbackHandler() sees whether %s is a probe",
  async (...row) => {
    const [, search, text, isDeclared, isProbe] = row;
    using handler = openHandler();
    const headers: Record<string, string> = isDeclared
      ? { "content-length": String(text.length) }
      : {};
    const body = isDeclared ? text : ReadableStream.from([bytesOf(text)]);

    const response = await handler.call({ search, body, headers });

    const observed = handler.observations.map((it) => it.isProbe ?? false);
    assertEquals(observed, [isProbe]);
    assertEquals(
      (await response.json()).ErrorCode === 0,
      isProbe ||
        handler.deliveries.length > 0,
    );
  },
);

Deno.test("createCallbackHandler() hands over what it verified", async () => {
  using handler = openHandler();
  const search = searchOf();

  await assertAck(await handler.call({ search }), OK);

  const [delivery] = handler.deliveries;
  assertEquals(delivery?.app, APP);
  assertEquals(delivery?.query.command, [CREATED]);
  assertEquals(delivery?.search, search);
  assertEquals(delivery?.body, bytesOf(TEXT));
  assertEquals(delivery?.receivedAtMs, NOW_MS);
});

Deno.test("createCallbackHandler() observes what was kept", async () => {
  using handler = openHandler();

  await handler.call();

  assertEquals(seen(handler.observations), [{
    code: 0,
    command: CREATED,
    isCopy: false,
    app: APP.id,
    clientIp: "203.0.113.1",
  }]);
});

Deno.test("createCallbackHandler() answers only when the receiver has settled", async () => {
  const { promise, resolve } = Promise.withResolvers<Receipt>();
  using handler = openHandler({ receive: () => promise });
  const answering = handler.call();

  assertEquals(await settledSoon(answering), false);
  resolve({ code: 0 });
  await assertAck(await answering, OK);
});

Deno.test.each([
  ["a copy", { code: 0, isCopy: true }],
  ["no JSON", { code: 42200 }],
  ["no command", { code: 42201 }],
  ["no group", { code: 42202, info: "GroupId: expected more" }],
  ["a closed store", { code: 50300 }],
  ["a full queue", { code: 50301 }],
])(
  "createCallbackHandler() answers what the receiver says of %s",
  async (_what, receipt) => {
    using handler = openHandler({ receive: () => Promise.resolve(receipt) });
    const { code } = receipt;

    const response = await handler.call();

    const { status } = ANSWERS[code];
    await assertAck(response, { status, code, info: infoOf(receipt) });
    assertEquals(seen(handler.observations), [
      { ...receipt, app: APP.id, clientIp: "203.0.113.1" },
    ]);
  },
);

Deno.test("createCallbackHandler() answers 503 when the store is late", async () => {
  using handler = openHandler({ receive: () => NEVER, ms: { after: 1 } });

  await assertAck(await handler.call(), { status: 503, code: 50300 });
  assertEquals(handler.observations.map(({ code }) => code), [50300]);
});

Deno.test("createCallbackHandler() takes a body of exactly the limit", async () => {
  using handler = openHandler();

  await assertAck(await handler.call({ body: "x".repeat(BODY_MAX_BYTES) }), OK);
  assertEquals(handler.deliveries[0]?.body.length, BODY_MAX_BYTES);
});

Deno.test("createCallbackHandler() answers 413 to a body beyond the limit", async () => {
  using handler = openHandler();
  const body = "x".repeat(BODY_MAX_BYTES + 1);

  await assertAck(await handler.call({ body }), { status: 413, code: 41300 });
  assertEquals(handler.deliveries, []);
  assertEquals(handler.observations.map(({ app }) => app), [APP.id]);
});

Deno.test("createCallbackHandler() answers 408 when the body does not come, and closes", async () => {
  using handler = openHandler({ ms: { body: 1 } });

  const response = await handler.call({ body: silentBody("{").body });

  assertEquals(response.headers.get("connection"), "close");
  await assertAck(response, { status: 408, code: 40800 });
  assertEquals(handler.observations.map(({ code }) => code), [40800]);
});

Deno.test.each<[string, Call, Setup]>([
  ["too large", { body: "x".repeat(BODY_MAX_BYTES + 1) }, {}],
  ["incomplete", { body: silentBody("{").body }, { ms: { body: 1 } }],
  ["not kept in time", {}, { receive: () => NEVER, ms: { after: 1 } }],
])(
  "createCallbackHandler() tells the command of a callback that is %s",
  async (_what, call, setup) => {
    using handler = openHandler(setup);

    await handler.call(call);

    const commands = handler.observations.map(({ command }) => command);
    assertEquals(commands, [CREATED]);
  },
);

Deno.test("createCallbackHandler() tells while it reads a body", async () => {
  using handler = openHandler();
  const { promise, resolve } = Promise.withResolvers<void>();
  const body = new ReadableStream({
    pull: (controller) => promise.then(() => controller.close()),
  }, { highWaterMark: 0 });
  const answering = handler.call({ body });

  await delay(0);
  assertEquals(handler.rooms.all.isReading, true);
  resolve();
  await answering;
  assertEquals(handler.rooms.all.isReading, false);
});

Deno.test("createCallbackHandler() answers and observes a receiver that throws as 50300", async () => {
  using handler = openHandler({
    receive: () => {
      throw new Error("Torn");
    },
  });

  await assertAck(await handler.call(), { status: 503, code: 50300 });
  assertEquals(handler.observations.map(({ code }) => code), [50300]);
});

Deno.test("createCallbackHandler() answers though its observer throws", async () => {
  using handler = openHandler({
    observe: () => {
      throw new Error("Torn");
    },
  });

  await assertAck(await handler.call(), OK);
});

/** What goes wrong behind a before command, and the code that is observed. */
const MISHAPS: readonly (Setup & {
  readonly name: string;
  readonly body?: () => BodyInit;
  readonly observed: readonly number[];
})[] = [
  { name: "nothing", observed: [0] },
  {
    name: "a receiver that throws",
    receive: () => {
      throw new Error("Torn");
    },
    observed: [50300],
  },
  {
    name: "a receiver that never settles",
    receive: () => NEVER,
    ms: { before: 1 },
    observed: [],
  },
  {
    name: "a late store",
    receive: () => NEVER,
    ms: { after: 1 },
    observed: [50300],
  },
  {
    name: "a full queue",
    receive: () => Promise.resolve({ code: 50301 }),
    observed: [50301],
  },
  {
    name: "no JSON",
    receive: () => Promise.resolve({ code: 42200 }),
    observed: [42200],
  },
  {
    name: "a body beyond the limit",
    body: () => "x".repeat(BODY_MAX_BYTES + 1),
    observed: [41300],
  },
  {
    name: "a body that does not come in time",
    body: () => silentBody("{").body,
    ms: { body: 1 },
    observed: [40800],
  },
  {
    name: "a body that never comes",
    body: () => silentBody().body,
    ms: { before: 1 },
    observed: [],
  },
  {
    name: "a body that breaks",
    body: brokenBody,
    observed: [40800],
  },
];

Deno.test.each(MISHAPS)(
  "createCallbackHandler() lets a before command through in spite of $name",
  async ({ receive = keep, ms = {}, body = () => TEXT, observed }) => {
    using handler = openHandler({ receive, ms });
    const search = searchOf({ CallbackCommand: SENDING });

    await assertAck(await handler.call({ search, body: body() }), OK);

    assertEquals(handler.observations.map(({ code }) => code), observed);
  },
);

Deno.test.each([
  ["Sns.CallbackPrevFriendAdd", "FriendItem"],
  ["Sns.CallbackPrevFriendResponse", "ResponseFriendItem"],
])("createCallbackHandler() allows each user of %s", async (command, list) => {
  const body = JSON.stringify({ [list]: [{ To_Account: "id1" }] });
  const search = searchOf({ CallbackCommand: command });
  const failing = () => Promise.resolve<Receipt>({ code: 50300 });
  for (const receive of [keep, failing, () => NEVER]) {
    using handler = openHandler({ receive, ms: { before: 1 } });
    const response = await handler.call({ search, body });

    assertEquals((await response.json()).ResultItem, [
      { To_Account: "id1", ResultCode: 0, ResultInfo: "" },
    ]);
  }
  using handler = openHandler({ ms: { before: 1 } });
  const response = await handler.call({ search, body: silentBody().body });
  assertEquals((await response.json()).ResultItem, []);
});

Deno.test("createCallbackHandler() allows each user of a command that the body alone spells right", async () => {
  const command = "Sns.CallbackPrevFriendAdd";
  using handler = openHandler();
  const response = await handler.call({
    search: searchOf({ CallbackCommand: command.toLowerCase() }),
    body: JSON.stringify({
      CallbackCommand: command,
      FriendItem: [{ To_Account: "id1" }],
    }),
  });

  assertEquals((await response.json()).ResultItem.length, 1);
});

Deno.test.each([SENDING, ...FORMS])(
  "createCallbackHandler() knows by its form that %s must not block",
  async (CallbackCommand) => {
    const receive = () => Promise.resolve<Receipt>({ code: 50300 });
    using handler = openHandler({ receive });
    const search = searchOf({ CallbackCommand });

    await assertAck(await handler.call({ search }), OK);
  },
);

Deno.test("createCallbackHandler() lets a before command through only once it is verified", async () => {
  using handler = openHandler();
  const search = searchOf({ CallbackCommand: SENDING, Sign: "0".repeat(64) });

  await assertAck(await handler.call({ search }), { status: 401, code: 40101 });
});

Deno.test("createCallbackHandler() keeps what a before command's answer did not wait for", async () => {
  const { promise, resolve } = Promise.withResolvers<Receipt>();
  using handler = openHandler({ receive: () => promise, ms: { before: 1 } });
  const search = searchOf({ CallbackCommand: SENDING });

  await assertAck(await handler.call({ search }), OK);
  assertEquals(handler.observations, []);
  resolve({ code: 42200 });
  await settledSoon(promise);

  assertEquals(handler.observations.map(({ code }) => code), [42200]);
});

/** True when a promise has settled after a turn of the event loop. */
async function settledSoon(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const settling = promise.then(() => isSettled = true);
  await delay(0);
  if (isSettled) await settling;
  return isSettled;
}

function infoOf({ code, info }: Receipt): string {
  return info ?? ANSWERS[code].info;
}
