import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { quantile, Report } from "../../../src/cli/trigger/report.ts";
import type { Callback } from "../../../src/cli/trigger/request.ts";

const CALLBACK: Callback = {
  command: "Group.CallbackAfterCreateGroup",
  query: "",
  body: new Uint8Array(),
};

const OK = {
  kind: "answered",
  isOk: true,
  status: 200,
  answer: "{}",
  elapsedMs: 1.25,
} as const;
const REFUSED = {
  kind: "unanswered",
  isOk: false,
  reason: "connection refused",
  hint: "start it",
  elapsedMs: 0.5,
} as const;

function createSpied(count: number) {
  const lines: string[] = [];
  const io = {
    out: (line: string) => lines.push(`out ${line}`),
    talk: (line: string) => lines.push(`talk ${line}`),
    redraw: (line: string) => lines.push(`redraw ${line}`),
  };
  const url = new URL("http://127.0.0.1:8080/hidden");
  return { report: new Report({ io, url, count, requestCount: count }), lines };
}

Deno.test("Report keeps control characters of an answer off the terminal", () => {
  const { report, lines } = createSpied(1);
  report.add({ ...OK, answer: "a\x1b[31m\r\nb\x9b" }, {
    ...CALLBACK,
    groupId: "g\x07",
  });
  assertEquals(lines, ["out 200 a [31m b 1.3 ms  g"]);
});

Deno.test("Report cuts a long answer", () => {
  const { report, lines } = createSpied(1);
  report.add({ ...OK, answer: "x".repeat(1000) }, CALLBACK);
  assertEquals(lines, [`out 200 ${"x".repeat(300)}… 1.3 ms`]);
});

Deno.test("Report explains each kind of failure once, without the path", () => {
  const { report, lines } = createSpied(2);
  report.add(REFUSED, CALLBACK);
  report.add(REFUSED, CALLBACK);
  assertEquals(lines, [
    "out --- connection refused 0.5 ms",
    "talk Cannot reach http://127.0.0.1:8080/: connection refused; start it",
    "out --- connection refused 0.5 ms",
  ]);
});

Deno.test("Report wipes the progress line before it prints a failure", () => {
  const { report, lines } = createSpied(21);
  report.add({ ...OK, isOk: false }, CALLBACK);
  assertEquals(lines.slice(0, 2), ["redraw ", "out 200 {} 1.3 ms"]);
});

Deno.test("Report draws no progress for 20 callbacks", () => {
  const { report, lines } = createSpied(20);
  report.add(OK, CALLBACK);
  assert(report.finish());
  assert(lines.every((line) => !line.startsWith("redraw")));
});

Deno.test("Report counts no failed connection into the latencies", () => {
  const { report, lines } = createSpied(2);
  report.add({ ...OK, elapsedMs: 8 }, CALLBACK);
  report.add(REFUSED, CALLBACK);
  assert(!report.finish());
  assertMatch(
    lines.at(-1) ?? "",
    /^talk 1 ok, 1 failed, \d+ requests\/s, p50 8\.0 ms, p99 8\.0 ms$/,
  );
});

Deno.test.each(
  [
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ] as const,
)("quantile() of 1 to 100 at %d is %d", (share, expected) => {
  const sorted = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  assertEquals(quantile(sorted, share), expected);
});

Deno.test("Report tells what Tencent makes of the answer to a before command", () => {
  const { report, lines } = createSpied(3);
  const command = "Group.CallbackBeforeCreateGroup";
  const refusal = '{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":10101}';

  report.add({ ...OK, answer: refusal }, { ...CALLBACK, command });
  report.add({ ...OK, answer: "<html>" }, { ...CALLBACK, command });
  report.add({ ...OK, answer: refusal }, CALLBACK);

  const talk = lines.filter((line) => line.startsWith("talk"));
  assertEquals(talk.length, 2);
  assertStringIncludes(talk[0] ?? "", "refuses; the client sees error 10101");
  assertStringIncludes(talk[1] ?? "", "a failed callback");
});
