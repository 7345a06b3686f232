import {
  configure,
  dispose,
  getJsonLinesFormatter,
  getLogger,
  type Logger,
  type LogLevel,
  type Sink,
} from "@logtape/logtape";

/** How much the log tells, least first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** One of the levels. */
export type Level = typeof LOG_LEVELS[number];

/** The logger of one part of the program; values go into fields, not into the message. */
export function logger(part: string): Logger {
  return getLogger(["imhook", part]);
}

/**
 * Sends the log, as JSON lines, to `write` until the result is disposed.
 *
 * Nothing is logged before: a program that never calls this stays silent.
 */
export async function openLog(
  { level, write }: {
    readonly level: Level;
    readonly write: (line: string) => void;
  },
): Promise<AsyncDisposable> {
  const format = getJsonLinesFormatter({ properties: "flatten" });
  const sink: Sink = (record) => write(format(record).trimEnd());
  const lowestLevel: LogLevel = level === "warn" ? "warning" : level;
  await configure({
    reset: true,
    sinks: { lines: sink },
    loggers: [
      { category: "imhook", lowestLevel, sinks: ["lines"] },
      {
        category: ["logtape", "meta"],
        lowestLevel: "warning",
        sinks: ["lines"],
      },
    ],
  });
  return { [Symbol.asyncDispose]: async () => await dispose() };
}
