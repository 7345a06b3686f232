import { logger } from "../../base/log.ts";
import type { AnswerCode } from "../../protocol/ack.ts";
import type { CallbackObservation } from "./intake.ts";

/** Time for which further refusals of one kind are only counted, ms. */
const QUIET_MS = 10_000;

const log = logger("callback");

/**
 * Logs what is refused or set aside: the first of a kind at once, then at most one line in ten
 * seconds that says how many there were, so that a scanner cannot fill the disk.
 */
export class RefusalLog {
  #now: () => number;
  #byCode = new Map<AnswerCode, { loggedAtMs: number; unlogged: number }>();

  constructor(options: { readonly now?: () => number } = {}) {
    this.#now = options.now ?? Date.now;
  }

  /** Takes one observation. */
  add({ code, info, app, command, clientIp }: CallbackObservation): void {
    if (code === 0) return;
    const kind = this.#byCode.get(code) ?? { loggedAtMs: NaN, unlogged: 0 };
    this.#byCode.set(code, kind);
    kind.unlogged++;
    const nowMs = this.#now();
    if (nowMs - kind.loggedAtMs < QUIET_MS) return;
    log.warn("Callback refused or set aside", {
      code,
      info,
      app,
      command,
      clientIp: clientIp(),
      count: kind.unlogged,
    });
    kind.loggedAtMs = nowMs;
    kind.unlogged = 0;
  }
}
