import { assertEquals } from "@std/assert";
import type { CallbackObservation } from "../../../src/http/callback/intake.ts";
import { RefusalLog } from "../../../src/http/callback/refusal_log.ts";
import { openLog } from "../../../src/base/log.ts";

const KEPT: CallbackObservation = {
  code: 0,
  app: 1_400_000_000,
  command: "Group.CallbackAfterCreateGroup",
  isCopy: false,
  clientIp: () => "203.0.113.1",
  durationMs: 1,
};
const WRONG_SIGN: CallbackObservation = {
  code: 40101,
  clientIp: () => "203.0.113.1",
  durationMs: 1,
};

/** What is logged while these arrive, each at its time. */
async function logOf(
  observations: readonly (readonly [number, CallbackObservation])[],
): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  await using _log = await openLog({ level: "info", write });
  let nowMs = 0;
  const refusals = new RefusalLog({ now: () => nowMs });
  for (const [atMs, observation] of observations) {
    nowMs = atMs;
    refusals.add(observation);
  }
  return lines.map((line) => JSON.parse(line));
}

Deno.test("RefusalLog logs nothing of what is kept", async () => {
  const lines = await logOf([
    [0, KEPT],
    [1, { ...KEPT, isCopy: true }],
    [2, { ...KEPT, isProbe: true }],
  ]);

  assertEquals(lines, []);
});

Deno.test("RefusalLog logs what is refused, with what is known of it", async () => {
  const info = "GroupId: expected a non-empty string, got number";
  const [line = {}] = await logOf([[0, { ...KEPT, code: 42202, info }]]);
  const { "@timestamp": _at, ...fields } = line;

  assertEquals(fields, {
    level: "WARN",
    logger: "imhook.callback",
    message: "Callback refused or set aside",
    code: 42202,
    info,
    app: 1_400_000_000,
    command: "Group.CallbackAfterCreateGroup",
    clientIp: "203.0.113.1",
    count: 1,
  });
});

Deno.test("RefusalLog logs the first of a kind, then one line in ten seconds with their number", async () => {
  const times = [0, 1, 9_999, 10_000, 10_001, 19_999, 50_000];
  const lines = await logOf(times.map((atMs) => [atMs, WRONG_SIGN] as const));

  assertEquals(lines.map(({ count }) => count), [1, 3, 3]);
});

Deno.test("RefusalLog keeps quiet by kind", async () => {
  const lines = await logOf([
    [0, WRONG_SIGN],
    [1, { ...WRONG_SIGN, code: 40300 }],
    [2, WRONG_SIGN],
    [3, { ...WRONG_SIGN, code: 40300 }],
  ]);

  assertEquals(lines.map(({ code }) => code), [40101, 40300]);
});

Deno.test("RefusalLog does not ask for an address that it does not log", async () => {
  let asked = 0;
  const clientIp = () => `203.0.113.${++asked}`;
  await logOf([
    [0, { ...KEPT, clientIp }],
    [1, { ...WRONG_SIGN, clientIp }],
    [2, { ...WRONG_SIGN, clientIp }],
  ]);

  assertEquals(asked, 1);
});
