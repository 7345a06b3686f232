import { assert } from "@std/assert";

/** A text in Prometheus' format, parsed. */
export interface ParsedMetrics {
  /** By name and labels, as they are written. */
  readonly samples: ReadonlyMap<string, number>;
  readonly types: ReadonlyMap<string, string>;
}

const NAME = "[a-z][a-z0-9_]*";
const HELP_REGEXP = new RegExp(`^# HELP (${NAME}) \\S.*$`);
const TYPE_REGEXP = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`);
const LABEL = `${NAME}="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`;
const SAMPLE_REGEXP = new RegExp(
  `^((${NAME})(?:\\{${LABEL}(?:,${LABEL})*\\})?) ([-+0-9.e]+)$`,
);

/** Parses metrics; fails on a line out of form, told twice, or before its HELP and TYPE. */
export function parseMetrics(text: string): ParsedMetrics {
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  const helps = new Set<string>();
  for (const line of text.split("\n").filter((line) => line !== "")) {
    const [, help] = HELP_REGEXP.exec(line) ?? [];
    const [, typed, type] = TYPE_REGEXP.exec(line) ?? [];
    if (help !== undefined) {
      assert(!helps.has(help), line);
      helps.add(help);
    } else if (typed !== undefined && type !== undefined) {
      assert(helps.has(typed) && !types.has(typed), line);
      types.set(typed, type);
    } else {
      const [, sample = "", name = "", value] = SAMPLE_REGEXP.exec(line) ?? [];
      const family = name.replace(/_(bucket|sum|count)$/, "");
      assert(types.has(name) || types.get(family) === "histogram", line);
      assert(!samples.has(sample), line);
      samples.set(sample, Number(value));
    }
  }
  return { samples, types };
}

/** The samples of one metric, by their labels. */
export function samplesOf(
  { samples }: ParsedMetrics,
  name: string,
): Record<string, number> {
  const own = [...samples].filter(([key]) =>
    key === name || key.startsWith(`${name}{`)
  );
  return Object.fromEntries(
    own.map(([key, value]) => [key.slice(name.length), value]),
  );
}
