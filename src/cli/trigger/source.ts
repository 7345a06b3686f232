import { SANDBOX_APP } from "../../config/config.ts";
import { readSecret } from "../../config/secrets.ts";
import { commandOf, groupIdOf } from "../../protocol/body.ts";
import {
  type EventTimeForm,
  randomGroupId,
} from "../../protocol/sample_body.ts";
import { UsageError } from "../terminal/flags.ts";
import {
  buildCallback,
  type Callback,
  callbackQuery,
  encodeBody,
  type QueryOptions,
} from "./request.ts";

/** Makes the next callback to send, signed for the moment of the call. */
export type NextCallback = () => Callback;

/** Source and signature of the callbacks of one run. */
export interface SourceOptions
  extends Omit<QueryOptions, "command" | "requestTimeSec"> {
  /** Age that RequestTime pretends to have. */
  readonly lateSec: number;
  /** Fields of the body to add or replace. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly now?: () => number;
}

/** The subject of made-up callbacks. */
export interface SampleOptions extends SourceOptions {
  readonly command: string;
  /** Undefined for a fresh group each. */
  readonly groupId: string | undefined;
  readonly eventTimeForm?: EventTimeForm | undefined;
}

/** The file to send. */
export interface FileOptions extends SourceOptions {
  /** Undefined where the file is to tell it. */
  readonly command: string | undefined;
  /** `-` for standard input. */
  readonly path: string;
}

/** Made-up callbacks about one group, or about a fresh group each. */
export function sampleSource(options: SampleOptions): NextCallback {
  const now = options.now ?? Date.now;
  const nextTimeMs = distinctTimes(now);
  return () =>
    buildCallback({
      ...options,
      groupId: options.groupId ?? randomGroupId(),
      eventTimeMs: nextTimeMs(),
      requestTimeSec: requestTimeSec(now, options.lateSec),
    });
}

/**
 * Callbacks with the bytes of a file, the same each time; with `fields` they are parsed, changed
 * and written anew.
 *
 * @throws {UsageError} when the file cannot be read, is no JSON object although `fields` must be
 * changed, or names no command although none is given
 */
export async function fileSource(options: FileOptions): Promise<NextCallback> {
  const now = options.now ?? Date.now;
  const { body, command, groupId } = readContent(
    await readBytes(options.path),
    options,
  );
  return () => {
    const timeSec = requestTimeSec(now, options.lateSec);
    const query = callbackQuery({
      ...options,
      command,
      requestTimeSec: timeSec,
    });
    return { command, query, body, groupId };
  };
}

function readContent(
  bytes: Uint8Array<ArrayBuffer>,
  { path, fields, command }: FileOptions,
): Omit<Callback, "query"> {
  const isChanged = Object.keys(fields).length > 0;
  const parsed = parseObject(bytes);
  if (isChanged && parsed === undefined) {
    throw new UsageError(`--set: expected a JSON object in "${path}"`);
  }
  const content = { ...parsed, ...fields };
  const word = command ?? commandOf(content);
  if (word === undefined) {
    throw new UsageError(
      `--file: no CallbackCommand in "${path}": name one with --command`,
    );
  }
  const body = isChanged ? encodeBody(content) : bytes;
  return { body, command: word, groupId: groupIdOf(content) };
}

async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return path === "-"
      ? await new Response(Deno.stdin.readable).bytes()
      : await Deno.readFile(path);
  } catch (error) {
    const found = error instanceof Error ? error.message : error;
    throw new UsageError(`--file: cannot read "${path}": ${found}`);
  }
}

function parseObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const isObject = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    // A file that is no JSON is sent as it is: a receiver must bear that too.
    return undefined;
  }
}

function requestTimeSec(now: () => number, lateSec: number): number {
  return Math.floor(now() / 1000) - lateSec;
}

/** Two callbacks about one group in one millisecond must not be copies. */
function distinctTimes(now: () => number): () => number {
  let lastMs = 0;
  return () => lastMs = Math.max(now(), lastMs + 1);
}

/**
 * The token of an app from `IMHOOK_APP_<N>` or from the file `IMHOOK_APP_<N>_FILE` names, read
 * as `serve` reads it. Undefined when the app has none; the sandbox's app always has one.
 *
 * @throws {UsageError} when both variables are set or the file cannot be read
 */
export function readToken(
  env: Readonly<Record<string, string>>,
  sdkAppId: number,
): string | undefined {
  const problems: string[] = [];
  const sources = { env, readFile: Deno.readTextFileSync };
  const token = readSecret(`IMHOOK_APP_${sdkAppId}`, sources, problems) ?? "";
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  if (token !== "") return token;
  return sdkAppId === SANDBOX_APP.id ? SANDBOX_APP.token : undefined;
}
