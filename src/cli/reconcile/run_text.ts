import * as v from "valibot";
import { printable } from "../terminal/printable.ts";

const RunJsonSchema = v.object({
  id: v.string(),
  sdkAppId: v.number(),
  state: v.picklist(["running", "done", "failed"]),
  startedAt: v.string(),
  endedAt: v.optional(v.string()),
  dryRun: v.boolean(),
  phase: v.string(),
  progress: v.object({ done: v.number(), of: v.number() }),
  groups: v.number(),
  missing: v.number(),
  missed: v.number(),
  differing: v.number(),
  gone: v.number(),
  absent: v.number(),
  heldBack: v.boolean(),
  calls: v.number(),
  error: v.optional(v.string()),
});

/** A run as the server tells it. */
export type RunJson = v.InferOutput<typeof RunJsonSchema>;

/**
 * Reads a run.
 *
 * @throws {v.ValiError} for anything else
 */
export function readRun(json: unknown): RunJson {
  return v.parse(RunJsonSchema, json);
}

/** True when a run found something that a person should know, or failed. */
export function hasFound(run: RunJson): boolean {
  return run.state === "failed" || run.heldBack ||
    run.missing + run.differing + run.gone > 0;
}

/** The findings of a run that has ended, in sentences. */
export function runText(run: RunJson): string {
  const { sdkAppId, state, groups, missing, missed, differing, gone } = run;
  if (state === "failed") {
    return `App ${sdkAppId}: failed: ${
      printable(run.error ?? "no reason given")
    }`;
  }
  const lines = [
    `App ${sdkAppId}: Tencent has ${groups} groups (${run.calls} calls)${
      run.dryRun ? "; nothing was appended" : ""
    }`,
    ...missing === 0 ? [] : [
      `  ${missing} were not known here${missedText(missed)}`,
    ],
    ...differing === 0 ? [] : [`  ${differing} were known otherwise`],
    ...gone === 0 ? [] : [`  ${gone} no longer exist and are disbanded now`],
    ...absentLines(run),
  ];
  const isQuiet = lines.length === 1;
  return [...lines, ...isQuiet ? ["  All are as they are known here"] : []]
    .join("\n");
}

function missedText(missed: number): string {
  return missed === 0
    ? ": imported, or older than the callbacks"
    : `; ${missed} of them were made while callbacks came, and none told of them`;
}

function absentLines({ absent, heldBack }: RunJson): string[] {
  if (absent === 0) return [];
  if (!heldBack) {
    return [
      `  ${absent} were not found for the first time: the next run ends them if they stay away`,
    ];
  }
  return [
    `  ${absent} were not found, too many to end without leave: look whether the app and its data centre are right,`,
    "  then say --accept-gone",
  ];
}
