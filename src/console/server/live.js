import { parseExactly } from "../parts/exact_json.js";
import { getJson, search } from "./api.js";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Follows the journal behind a number until the signal. The browser connects again by itself and
 * goes on where it was; what it gives up (an error's answer) is asked about here and tried again.
 *
 * @param {{
 *   after: string,
 *   filter?: Record<string, string | undefined>,
 *   onEvent: (event: Record<string, unknown>) => void,
 *   onState: (state: "live" | "connecting") => void,
 *   onLost: () => void,
 *   signal: AbortSignal,
 * }} options `onLost`: the journal no longer has this place, begin anew
 */
export function follow(options) {
  const { filter = {}, onEvent, onState, onLost, signal } = options;
  let { after } = options;
  let pauseMs = FIRST_PAUSE_MS;
  let timer;

  function connect() {
    const source = new EventSource(
      `/v1/events/stream${search({ ...filter, after })}`,
    );
    const close = () => source.close();
    signal.addEventListener("abort", close, { once: true });
    source.onopen = () => {
      pauseMs = FIRST_PAUSE_MS;
      onState("live");
    };
    source.onmessage = ({ data, lastEventId }) => {
      after = lastEventId;
      onEvent(parseExactly(data));
    };
    source.onerror = () => {
      if (signal.aborted) return;
      onState("connecting");
      if (source.readyState !== EventSource.CLOSED) return;
      signal.removeEventListener("abort", close);
      timer = setTimeout(retry, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    };
  }

  async function retry() {
    try {
      await getJson(`/v1/events${search({ after, limit: 1 })}`, { signal });
    } catch (error) {
      if (signal.aborted) return;
      if (error.status === 409 || error.status === 410) return onLost();
    }
    if (!signal.aborted) connect();
  }

  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  onState("connecting");
  connect();
}

/** Waits, or until the signal. */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}

/** Acts again and again until the signal. */
export function every(ms, act, signal) {
  const timer = setInterval(act, ms);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

/**
 * A function that runs `action` soon, and again later if it was called meanwhile; never twice at
 * once, nor more often than every `everyMs`.
 */
export function calm(action, { everyMs, signal }) {
  let isRunning = false;
  let isWanted = false;
  return async () => {
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    while (isWanted && !signal.aborted) {
      isWanted = false;
      await action();
      await pause(everyMs, signal);
    }
    isRunning = false;
  };
}
