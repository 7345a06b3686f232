import * as v from "valibot";
import { printable } from "../terminal/printable.ts";

/** A decider as the server shows it, as far as it is printed. */
export const DeciderSchema = v.looseObject({
  name: v.string(),
  commands: v.array(v.string()),
  families: v.array(v.string()),
  sdkAppIds: v.array(v.number()),
  url: v.optional(v.string()),
  answer: v.optional(v.unknown()),
  timeoutMs: v.number(),
  onFailure: v.string(),
  headers: v.array(v.string()),
  hasToken: v.boolean(),
  signWithAppToken: v.boolean(),
  createdAt: v.string(),
  state: v.string(),
  failures: v.number(),
  recent: v.object({ count: v.number(), p50Ms: v.number(), p99Ms: v.number() }),
  decisions: v.record(v.string(), v.number()),
  lastFailures: v.array(v.object({
    time: v.string(),
    command: v.string(),
    reason: v.string(),
    error: v.string(),
  })),
  warnings: v.optional(v.array(v.string())),
});

type Decider = v.InferOutput<typeof DeciderSchema>;

/** A test as the server shows it, as far as it is printed. */
export const DeciderTestSchema = v.looseObject({
  request: v.optional(v.object({
    url: v.string(),
    headers: v.record(v.string(), v.string()),
    body: v.string(),
  })),
  status: v.optional(v.number()),
  answer: v.optional(v.string()),
  durationMs: v.number(),
  decision: v.string(),
  decidedBy: v.string(),
  sent: v.string(),
  effect: v.string(),
  error: v.optional(v.string()),
});

/** A decider as one line of a list. */
export function deciderLine(decider: Decider): string {
  const { name, state, recent, url = "a fixed answer" } = decider;
  const pace = recent.count === 0
    ? "not asked in the last minute"
    : `${recent.count} answers in the last minute, half within ${recent.p50Ms} ms`;
  return printable(
    `${name.padEnd(16)}  ${state.padEnd(8)}  ${
      wantedText(decider)
    }  ${pace}  ${url}`,
  );
}

/** A decider's settings and last failures, a fact a line. */
export function deciderLines(decider: Decider): string[] {
  const { headers, timeoutMs, onFailure, hasToken, answer, recent } = decider;
  const signer = decider.signWithAppToken ? "the app's own token" : "nothing";
  const facts = [
    ["answer", answer === undefined ? "" : JSON.stringify(answer)],
    ["headers", headers.join(", ") || "none of its own"],
    ["signed", `with ${hasToken ? "a token of its own" : signer}`],
    ["timeout", `${timeoutMs} ms`],
    ["on failure", onFailure],
    ["p99", recent.count === 0 ? "" : `${recent.p99Ms} ms`],
    ["decisions", countsText(decider.decisions)],
    ["made", decider.createdAt],
    ...decider.lastFailures.map(({ time, command, reason, error }) => [
      "failure",
      `${time}  ${command}  ${reason}: ${error}`,
    ]),
  ];
  return facts.filter(([, text]) => text !== "").map(([name = "", text]) =>
    printable(`  ${name.padEnd(11)}  ${text}`)
  );
}

/** A test, a fact a line. */
export function testLines(
  test: v.InferOutput<typeof DeciderTestSchema>,
): string[] {
  const { request, status, answer, error, durationMs } = test;
  const facts = [
    [
      "asked",
      request === undefined ? "nobody: the answer is fixed" : request.url,
    ],
    ["body", request?.body ?? ""],
    ["answered", status === undefined ? "" : `${status} ${answer ?? ""}`],
    ["error", error ?? ""],
    ["took", `${Math.round(durationMs)} ms`],
    ["decision", `${test.decision} by ${test.decidedBy}`],
    ["sent", test.sent],
    ["effect", test.effect],
  ];
  return facts.filter(([, text]) => text !== "").map(([name = "", text]) =>
    printable(`${name.padEnd(9)}  ${text}`)
  );
}

function wantedText({ commands, families, sdkAppIds }: Decider): string {
  const words = [...families.map((family) => `${family}.*`), ...commands];
  const apps = sdkAppIds.length === 0 ? "" : ` of ${sdkAppIds.join(", ")}`;
  return (words.join(", ") || "everything") + apps;
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).map(([word, n]) => `${n} ${word}`).join(", ");
}
