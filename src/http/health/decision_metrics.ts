import { Counter, Histogram, type Registry } from "prom-client";
import { FAILURE_WORDS, type FailureWord } from "../../delivery/decider/ask.ts";
import type { DecidedOptions } from "../../ingest/decided.ts";
import { COMMANDS } from "../../protocol/commands.ts";

/** Counts what deciders decide. */
export interface DecisionObservers
  extends Required<Pick<DecidedOptions, "observe" | "observeLate">> {
  readonly observeFailure: (reason: FailureWord) => void;
}

/** Around the 1 to 1.2 s that a decider may take. */
const BUCKETS_SEC = [
  ...[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25],
  ...[0.5, 0.8, 1, 1.2, 1.5],
];

/** Adds the metrics of decisions. */
export function addDecisionMetrics(registry: Registry): DecisionObservers {
  const registers = [registry];
  const decisions = new Counter({
    name: "imhook_decisions_total",
    help: "Callbacks that a decider answers, by command and decision",
    labelNames: ["command", "decision"],
    registers,
  });
  const durations = new Histogram({
    name: "imhook_decision_duration_seconds",
    help: "Time that asking a decider took",
    buckets: BUCKETS_SEC,
    registers,
  });
  const failures = new Counter({
    name: "imhook_decision_failures_total",
    help: "Decisions made by onFailure, by reason",
    labelNames: ["reason"],
    registers,
  });
  const late = new Counter({
    name: "imhook_decisions_uncommitted_total",
    help: "Decisions that were answered before they were durable",
    registers,
  });
  for (const reason of FAILURE_WORDS) failures.inc({ reason }, 0);
  return {
    observe: ({ command: word, decision: { decision, decisionMs } }) => {
      // Only known words, so that a stranger's cannot make labels.
      const command = COMMANDS.has(word) ? word : "unknown";
      decisions.inc({ command, decision });
      durations.observe(decisionMs / 1000);
    },
    observeFailure: (reason) => failures.inc({ reason }),
    observeLate: () => late.inc(),
  };
}
