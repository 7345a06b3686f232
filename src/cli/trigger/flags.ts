import type { EventTimeForm } from "../../protocol/sample_body.ts";
import {
  type FlagSpecs,
  parseFlags,
  readWholeNumber,
  UsageError,
} from "../terminal/flags.ts";

/** The flags of `trigger`, read and checked. */
export interface TriggerFlags {
  readonly url: URL;
  readonly sdkAppId: number;
  /** Undefined where the file is to tell it. */
  readonly command: string | undefined;
  readonly groupId: string | undefined;
  readonly eventTimeForm: EventTimeForm;
  readonly count: number;
  readonly concurrency: number;
  readonly isSignBad: boolean;
  readonly isLate: boolean;
  readonly isDuplicate: boolean;
  readonly file: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The most requests at once. */
export const MAX_CONCURRENCY = 256;
const MAX_COUNT = 10_000_000;
const MAX_SDK_APP_ID = 2 ** 32 - 1;

const SPECS = {
  to: { type: "string", default: "http://127.0.0.1:8080/" },
  app: { type: "string", default: "1400000000" },
  command: { type: "string" },
  group: { type: "string" },
  count: { type: "string", default: "1" },
  concurrency: { type: "string", default: "1" },
  "bad-sign": { type: "boolean", default: false },
  late: { type: "boolean", default: false },
  duplicate: { type: "boolean", default: false },
  "event-time": { type: "string", default: "number" },
  file: { type: "string" },
  set: { type: "string", multiple: true, default: [] },
} as const satisfies FlagSpecs;

/**
 * Reads the command line of `trigger`.
 *
 * @throws {UsageError} naming the flag that is wrong and what it expects
 */
export function readTriggerFlags(args: readonly string[]): TriggerFlags {
  const flags = parseFlags(args, SPECS);
  if (flags.group !== undefined && flags.file !== undefined) {
    throw new UsageError(
      "--group: a file names its own group: use --set GroupId=ID",
    );
  }
  return {
    url: readTarget(flags.to),
    sdkAppId: readWholeNumber("app", flags.app, {
      min: 1,
      max: MAX_SDK_APP_ID,
    }),
    command: flags.command,
    groupId: flags.group,
    eventTimeForm: readForm(flags["event-time"]),
    count: readWholeNumber("count", flags.count, { min: 1, max: MAX_COUNT }),
    concurrency: readWholeNumber("concurrency", flags.concurrency, {
      min: 1,
      max: MAX_CONCURRENCY,
    }),
    isSignBad: flags["bad-sign"],
    isLate: flags.late,
    isDuplicate: flags.duplicate,
    file: flags.file,
    fields: Object.fromEntries(flags.set.map(readField)),
  };
}

function readForm(text: string): EventTimeForm {
  if (text === "number" || text === "string") return text;
  throw new UsageError(
    `--event-time: expected number or string, got "${text}"`,
  );
}

/** Reads the target; a query or fragment is never repeated, as a pasted URL may hold a Sign. */
function readTarget(text: string): URL {
  if (/[?#]/.test(text)) {
    throw new UsageError(
      "--to: expected a URL without a query or fragment: the query is built from the other flags",
    );
  }
  const url = URL.parse(text);
  if (url === null) {
    throw new UsageError(
      `--to: expected a URL such as http://127.0.0.1:8080/, got "${text}"`,
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new UsageError(
      `--to: expected a URL with http:// or https://, got "${url.protocol}"`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError("--to: expected a URL without a user or password");
  }
  return url;
}

function readField(text: string): [name: string, value: unknown] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(`--set: expected Name=value, got "${text}"`);
  }
  try {
    return [name, JSON.parse(value)];
  } catch {
    // Text that is no JSON is meant as a string: --set Name=Hello needs no quotes.
    return [name, value];
  }
}
