import type { Tell } from "../../src/store/writer/queued_item.ts";
import type { KeepOutcome } from "../../src/store/writer/window.ts";
import { assertEquals } from "@std/assert";
import type { AnsweredDecision } from "../../src/base/event.ts";
import { Budget } from "../../src/base/budget.ts";
import type { BodyResult } from "../../src/base/body_reading.ts";
import {
  type CallbackDecider,
  createDecidedReceiver,
  type DecidedOptions,
  type DecidedReceiver,
} from "../../src/ingest/decided.ts";
import { parseQuery } from "../../src/protocol/query.ts";
import { getRecord } from "../../src/store/journal/page.ts";
import { openStore, type Store } from "../../src/store/open.ts";

const CREATE = "Group.CallbackBeforeCreateGroup";
const SIGNAL = "Chatbot.OnC2CSignalMessage";
const NOW_MS = 1_795_334_400_000;

function decisionOf(
  code: number,
  changes: Partial<AnsweredDecision> = {},
): AnsweredDecision {
  return {
    decision: code === 0 ? "allowed" : "refused",
    decidedBy: "gate",
    decisionCode: code,
    decisionMs: 3,
    decisionAnswer: `{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":${code}}`,
    ...changes,
  };
}

/** A decider that answers as it is told, and counts how often it is asked. */
function deciderOf(
  decide: () => Promise<AnsweredDecision> | AnsweredDecision,
): CallbackDecider & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    decide: async ({ parameters: { command } }) => {
      asked.push(command);
      return await decide();
    },
    fallBack: (_, reason) => decisionOf(1, { decidedBy: `failure: ${reason}` }),
  };
}

interface Bench extends AsyncDisposable {
  readonly store: Store;
  readonly receive: DecidedReceiver;
  readonly late: () => number;
}

async function openBench(
  { answerMs = 1_500, ...options }:
    & Partial<DecidedOptions>
    & { readonly answerMs?: number } = {},
): Promise<Bench> {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(
    await openStore({ path: ":memory:", dedupeMax: 100, now: () => NOW_MS }),
  );
  const budget = stack.use(new Budget(answerMs));
  let late = 0;
  const owned = stack.move();
  return {
    store,
    late: () => late,
    receive: createDecidedReceiver({
      store,
      budget,
      observeLate: () => late++,
      ...options,
    }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function callbackOf(command = CREATE) {
  const search = `SdkAppid=1&CallbackCommand=${command}&ClientIP=10.0.0.1`;
  const app = { id: 1, tokens: [] };
  return { app, query: parseQuery(search), search, receivedAtMs: NOW_MS };
}

function bodyOf(
  text = `{"EventTime":${NOW_MS},"Name":"a"}`,
): Promise<BodyResult> {
  return Promise.resolve({ ok: true, bytes: new TextEncoder().encode(text) });
}

Deno.test("a decided callback is kept once, with its decision, before it is answered", async () => {
  await using bench = await openBench();
  const decider = deciderOf(() => decisionOf(10_101));
  const { answer } = bench.receive(callbackOf(), { decider, read: bodyOf() });
  const { code, answer: text } = await answer;
  const record = await getRecord(bench.store.reader, 1);

  assertEquals([code, text], [0, decisionOf(10_101).decisionAnswer]);
  assertEquals(bench.store.writer.head.journal, 1);
  assertEquals(
    [record?.meta.decision, record?.meta.decidedBy, record?.meta.decisionCode],
    ["refused", "gate", 10_101],
  );
  assertEquals(record?.meta.decisionAnswer, text);
});

Deno.test("a copy is answered with what its original was answered, and asks nobody", async () => {
  await using bench = await openBench();
  const { promise, resolve } = Promise.withResolvers<AnsweredDecision>();
  const decider = deciderOf(() => promise);
  const receive = () =>
    bench.receive(callbackOf(), { decider, read: bodyOf() });
  const [first, second] = [receive(), receive()];
  resolve(decisionOf(10_101));
  const answers = [await first.answer, await second.answer];
  await Promise.all([first.receipt, second.receipt]);
  const other = deciderOf(() => decisionOf(0));
  const third = bench.receive(callbackOf(), { decider: other, read: bodyOf() });
  answers.push(await third.answer);

  assertEquals(
    answers.map(({ answer }) => answer),
    Array(3).fill(decisionOf(10_101).decisionAnswer),
  );
  assertEquals([decider.asked.length, other.asked.length], [1, 0]);
  assertEquals((await third.receipt).isCopy, true);
  assertEquals(bench.store.writer.head.journal, 1);
});

Deno.test("a copy whose original cannot be read is answered as onFailure says", async () => {
  const store = await openStore({
    path: ":memory:",
    dedupeMax: 100,
    now: () => NOW_MS,
  });
  await using _store = store;
  using budget = new Budget(1_500);
  const reader = new Proxy(store.reader, {
    get: () => () => {
      throw new Error("no");
    },
  });
  const receive = createDecidedReceiver({
    store: { ...store, reader },
    budget,
  });
  const decider = deciderOf(() => decisionOf(0));
  await receive(callbackOf(), { decider, read: bodyOf() }).receipt;
  const copy = receive(callbackOf(), { decider, read: bodyOf() });

  assertEquals((await copy.answer).answer, decisionOf(1).decisionAnswer);
  assertEquals(decider.asked.length, 1);
});

Deno.test("a decision that comes too late is neither answered nor kept", async () => {
  await using bench = await openBench({ answerMs: 0 });
  const { promise, resolve } = Promise.withResolvers<AnsweredDecision>();
  const decider = deciderOf(() => promise);
  const { answer, receipt } = bench.receive(callbackOf(), {
    decider,
    read: bodyOf(),
  });
  const { answer: text } = await answer;
  resolve(decisionOf(0));
  await receipt;
  const record = await getRecord(bench.store.reader, 1);

  assertEquals(text, decisionOf(1).decisionAnswer);
  assertEquals(record?.meta.decidedBy, "failure: late");
  assertEquals(record?.meta.decisionAnswer, text);
});

Deno.test("a decision whose commit is late is answered and counted", async () => {
  const store = await openStore({
    path: ":memory:",
    dedupeMax: 100,
    now: () => NOW_MS,
  });
  await using _store = store;
  using budget = new Budget(0);
  let late = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const writer = {
    ...{ originalOf: () => undefined },
    enqueue: (_arrival: unknown, tell: Tell<KeepOutcome>) => {
      promise.then(() => tell({ ok: true, number: 1, isCopy: false }));
    },
  };
  const receive = createDecidedReceiver({
    store: { ...store, writer: writer as unknown as Store["writer"] },
    budget,
    observeLate: () => late++,
  });
  const decider = deciderOf(() => decisionOf(0));
  const { answer, receipt } = receive(callbackOf(), {
    decider,
    read: bodyOf(),
  });

  assertEquals((await answer).answer, decisionOf(0).decisionAnswer);
  assertEquals(late, 1);
  resolve();
  assertEquals((await receipt).code, 0);
});

Deno.test.each<[string, Promise<BodyResult>, number]>([
  ["is late", Promise.resolve({ ok: false, reason: "late" }), 40_800],
  ["is too large", Promise.resolve({ ok: false, reason: "too large" }), 41_300],
  ["is no JSON object", bodyOf("[]"), 42_200],
])("a body that %s asks nobody", async (_, read, expected) => {
  await using bench = await openBench();
  const decider = deciderOf(() => decisionOf(0));
  const { answer, receipt } = bench.receive(callbackOf(), { decider, read });

  assertEquals((await answer).answer, decisionOf(1).decisionAnswer);
  assertEquals((await receipt).code as number, expected);
  assertEquals(decider.asked, []);
});

Deno.test("an after command whose answer counts is OK only once it is kept", async () => {
  await using bench = await openBench({ answerMs: 0 });
  const { promise } = Promise.withResolvers<AnsweredDecision>();
  const late = bench.receive(callbackOf(SIGNAL), {
    decider: deciderOf(() => promise),
    read: bodyOf(),
  });

  assertEquals((await late.answer).code, 50_300);
});

Deno.test("an answer that has no room beside the body is kept as its code alone", async () => {
  await using bench = await openBench();
  const name = "x".repeat(760_000);
  const decisionAnswer = `{"ErrorInfo":"${"y".repeat(64_000)}"}`;
  const decider = deciderOf(() => decisionOf(10_101, { decisionAnswer }));
  const read = bodyOf(`{"EventTime":${NOW_MS},"Name":"${name}"}`);
  const { answer, receipt } = bench.receive(callbackOf(), { decider, read });

  assertEquals((await answer).answer, decisionAnswer);
  assertEquals((await receipt).code, 0);
  const record = await getRecord(bench.store.reader, 1);
  assertEquals(record?.meta.decisionCode, 10_101);
  assertEquals(record?.meta.decisionAnswer, undefined);
});

Deno.test("events of one second that cannot be told apart are each decided", async () => {
  await using bench = await openBench();
  const decider = deciderOf(() => decisionOf(0));
  for (let n = 0; n < 2; n++) {
    const read = bodyOf('{"Name":"a"}');
    await bench.receive(callbackOf(), { decider, read }).receipt;
  }

  assertEquals(decider.asked.length, 2);
  assertEquals(bench.store.writer.head.journal, 2);
});

Deno.test("a decided callback that is not to be kept is answered, and not kept", async () => {
  await using bench = await openBench({ keepOf: () => ({ kind: "none" }) });
  const decider = deciderOf(() => decisionOf(1));
  const { answer, receipt } = bench.receive(callbackOf(), {
    decider,
    read: bodyOf(),
  });

  assertEquals((await answer).answer, decisionOf(1).decisionAnswer);
  assertEquals((await receipt).isUnkept, true);
  assertEquals(bench.store.writer.head.journal, 0);
});
