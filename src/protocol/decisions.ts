import type { CallbackBody } from "./body.ts";
import { isBeforeCommand } from "./commands.ts";
import {
  changeOf,
  codesOf,
  isCodeOf,
  isFields,
  type JsonFields,
  usersOf,
} from "./decision_fields.ts";
import {
  DECISION_RULES,
  type DecisionKind,
  decisionRuleOf,
} from "./decision_rules.ts";

/** An answer that counts, as it is sent to Tencent; or the reason why it does not. */
export type Judgement =
  | {
    readonly kind: DecisionKind;
    /** The code that tells why: ErrorCode, or the first ResultCode that refuses. */
    readonly code: number;
    /** The Ack packet as JSON, with documented fields only. */
    readonly answer: string;
  }
  | { readonly kind: "invalid"; readonly reason: string };

/** A callback whose answer is judged. */
export interface DecidedCallback {
  readonly command: string;
  readonly body: CallbackBody;
}

/** The code that refuses one user in ResultItem, where none is chosen. */
const FRIEND_REFUSED_CODE = 38_000;

/** True when the answer to this command counts at Tencent. */
export function isDecidable(command: string): boolean {
  return isBeforeCommand(command) || DECISION_RULES.has(command);
}

/** Judges an answer by what Tencent's pages say of its command. Total. */
export function judgeAnswer(
  answer: unknown,
  callback: DecidedCallback,
): Judgement {
  if (!isFields(answer)) return invalid("expected a JSON object");
  const rule = decisionRuleOf(callback.command);
  const { ActionStatus: status, ErrorCode: code, ErrorInfo: info = "" } =
    answer;
  if (status !== "OK") {
    return invalid(
      'ActionStatus: expected "OK"; a refusal says so by its ErrorCode',
    );
  }
  if (typeof info !== "string") return invalid("ErrorInfo: expected a string");
  // Where users are judged one by one, any other code says that the app's backend failed.
  const outer = rule.judged ? { mayRefuse: false, mayDrop: false } : rule;
  if (typeof code !== "number" || !isCodeOf(outer, code)) {
    return invalid(`ErrorCode: expected ${codesOf(outer)}`);
  }
  const ack = { ActionStatus: "OK", ErrorInfo: info, ErrorCode: code };
  if (code === 2) return { kind: "drop", code, answer: JSON.stringify(ack) };
  if (code !== 0) return { kind: "refuse", code, answer: JSON.stringify(ack) };
  const change = changeOf(answer, { ...callback, rule });
  if (typeof change === "string") return invalid(change);
  const { kind, fields } = change;
  return {
    kind,
    code: change.code ?? 0,
    answer: JSON.stringify({ ...ack, ...fields }),
  };
}

/** The answer that lets everything pass. */
export function plainAllow(callback: DecidedCallback): string {
  return JSON.stringify({
    ActionStatus: "OK",
    ErrorInfo: "",
    ErrorCode: 0,
    ...resultItems(callback, 0),
  });
}

/** The answer that refuses everything; it lets pass where Tencent knows no refusal. */
export function plainRefuse(callback: DecidedCallback): string {
  const { mayRefuse } = decisionRuleOf(callback.command);
  return JSON.stringify({
    ActionStatus: "OK",
    ErrorInfo: "",
    ErrorCode: mayRefuse ? 1 : 0,
    ...resultItems(callback, FRIEND_REFUSED_CODE),
  });
}

/** A sentence that tells what Tencent makes of an answer that is sent to it. */
export function explainAnswer(
  answer: unknown,
  callback: DecidedCallback,
): string {
  const judgement = judgeAnswer(answer, callback);
  const { callerCode } = decisionRuleOf(callback.command);
  switch (judgement.kind) {
    case "allow":
      return "Tencent lets it pass";
    case "change":
      return "Tencent lets it pass, changed as the answer says";
    case "drop":
      return "Tencent drops the message; the sender sees success";
    case "refuse":
      return `Tencent refuses; the client sees error ${
        judgement.code === 1
          ? callerCode ?? "unknown: Tencent's pages do not name it"
          : judgement.code
      }`;
    case "invalid":
      return `Tencent takes it for a failed callback, and by default lets it pass: ${judgement.reason}`;
  }
}

/** Gives every user the same ResultItem; empty for a command without them. */
function resultItems(
  { command, body }: DecidedCallback,
  code: number,
): JsonFields {
  const { judged } = decisionRuleOf(command);
  if (judged === undefined) return {};
  const items = usersOf(body, judged).map((user) => ({
    To_Account: user,
    ResultCode: code,
    ResultInfo: "",
  }));
  return { [judged.answerField]: items };
}

function invalid(reason: string): Judgement {
  return { kind: "invalid", reason };
}
