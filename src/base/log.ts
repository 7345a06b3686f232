import {
  configure,
  dispose,
  getJsonLinesFormatter,
  getLogger,
  type Logger,
  type LogLevel,
  type Sink,
} from "@logtape/logtape";

/** The log levels, most talkative first. */
const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** A log level. */
export type Level = typeof LOG_LEVELS[number];

/** The logger of one part of the program; values go into fields, not into the message. */
export function logger(part: string): Logger {
  return getLogger(["imhook", part]);
}

/** Severities of syslog by level: as `<6>` in front of a line they tell systemd's journal. */
const PRIORITIES: Readonly<Record<LogLevel, number>> = {
  fatal: 2,
  error: 3,
  warning: 4,
  info: 6,
  debug: 7,
  trace: 7,
};

/**
 * Sends the log, as JSON lines, to `write` until the result is disposed.
 *
 * Nothing is logged before: a program that never calls this stays silent.
 */
export async function openLog(
  { level, write, hasPriority = false }: {
    readonly level: Level;
    /** True when each line begins with its severity, as systemd's journal takes it. */
    readonly hasPriority?: boolean;
    readonly write: (line: string) => void;
  },
): Promise<AsyncDisposable> {
  const format = getJsonLinesFormatter({ properties: "flatten" });
  const sink: Sink = (record) => {
    const priority = hasPriority ? `<${PRIORITIES[record.level]}>` : "";
    write(priority + format(record).trimEnd());
  };
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
