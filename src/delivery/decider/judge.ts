import {
  type DecidedCallback,
  isDecidable,
  judgeAnswer,
  type Judgement,
  plainAllow,
  plainRefuse,
} from "../../protocol/decisions.ts";
import type { DecisionKind } from "../../protocol/decision_rules.ts";
import type { AnsweredDecision } from "../../base/event.ts";
import type { OnFailure } from "./decider.ts";

const WORDS: Readonly<Record<DecisionKind, AnsweredDecision["decision"]>> = {
  allow: "allowed",
  refuse: "refused",
  change: "changed",
  drop: "dropped",
};

/** Judges an answer as text: it must be JSON, and fit its command. */
export function judgeText(text: string, callback: DecidedCallback): Judgement {
  try {
    return judgeAnswer(JSON.parse(text), callback);
  } catch {
    return { kind: "invalid", reason: "expected JSON" };
  }
}

/** The decision that an answer stands for. */
export function decisionOf(
  judgement: Exclude<Judgement, { kind: "invalid" }>,
  { by, ms }: { readonly by: string; readonly ms: number },
): AnsweredDecision {
  const { kind, code, answer } = judgement;
  return {
    decision: WORDS[kind],
    decidedBy: by,
    decisionCode: code,
    decisionMs: Math.round(ms),
    decisionAnswer: answer,
  };
}

/** The decision where no answer counts. */
export function fallbackDecision(
  onFailure: OnFailure,
  callback: DecidedCallback,
  { reason, ms }: { readonly reason: string; readonly ms: number },
): AnsweredDecision {
  const answer = onFailure === "allow"
    ? plainAllow(callback)
    : plainRefuse(callback);
  const judgement = judgeText(answer, callback);
  const by = `failure: ${reason}`;
  const plain = { kind: "allow", code: 0, answer } as const;
  return decisionOf(judgement.kind === "invalid" ? plain : judgement, {
    by,
    ms,
  });
}

/** The words that are no command whose answer counts. */
export function undecidable(commands: readonly string[]): string[] {
  return commands.filter((word) => !isDecidable(word));
}
