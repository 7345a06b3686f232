import * as v from "valibot";
import { MAX_URL_LENGTH } from "../../delivery/outbound/url.ts";
import type { Outbound } from "../../delivery/outbound/outbound.ts";
import { badInput } from "./input.ts";

const TOKEN_REGEXP = /^[!#$%&'*+\-.^_`|~\w]{1,64}$/;
const FIELD_REGEXP = /^[\t\x20-\x7e]{0,512}$/;
const WORD = "1 to 128 letters, digits, dots, hyphens or underscores";
/** Most entries of a list. */
export const MAX_WORDS = 100;
const MAX_HEADERS = 20;
/** Names that valibot leaves out of records. */
const UNSAFE_NAMES: ReadonlySet<string> = new Set([
  "__proto__",
  "prototype",
  "constructor",
]);

/** Set by imhook, or part of how a request is framed. */
const OWN_HEADERS_REGEXP =
  /^(webhook-.*|imhook-.*|content-(type|length|encoding)|host|connection|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|user-agent)$/i;

/** The URL of an endpoint or decider; the rest is judged where it is looked up. */
export const UrlSchema = v.pipe(
  v.string("a URL like https://app.example/hooks"),
  v.maxLength(MAX_URL_LENGTH, `at most ${MAX_URL_LENGTH} characters`),
  v.description("Where events are posted to"),
);

/** Shown wherever the app's own token is offered for signing. */
export const SIGNING_WARNING =
  "A Sign is good for any body for 60 s: a receiver that gets one made with " +
  "the app's own token could forge callbacks here";

/** Command words or families. */
export const WordsSchema = v.optional(
  v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^[\w.-]{1,128}$/, WORD))),
    v.maxLength(MAX_WORDS, `at most ${MAX_WORDS}`),
  ),
  [],
);

/** SDKAppIDs; none means all. */
export const AppIdsSchema = v.optional(
  v.pipe(
    v.array(
      v.pipe(
        v.number("an SDKAppID"),
        v.integer("an SDKAppID"),
        v.minValue(1, "an SDKAppID"),
        v.maxValue(2 ** 32 - 1, "an SDKAppID"),
      ),
    ),
    v.maxLength(MAX_WORDS, `at most ${MAX_WORDS}`),
  ),
  [],
);

/** Headers of each request. */
export const HeadersSchema = v.pipe(
  wholeRecord(v.record(
    v.pipe(
      v.string(),
      v.regex(TOKEN_REGEXP, "header names"),
      v.check(
        (name) => !OWN_HEADERS_REGEXP.test(name),
        "no header that imhook sets itself",
      ),
    ),
    v.pipe(
      v.string(),
      v.regex(FIELD_REGEXP, "at most 512 printable ASCII characters"),
    ),
  )),
  v.check(
    (headers) => Object.keys(headers).length <= MAX_HEADERS,
    `at most ${MAX_HEADERS} headers`,
  ),
  v.description("Sent with each delivery; the values are never shown again"),
);

type HeadersRecord = v.RecordSchema<
  v.GenericSchema<string>,
  v.GenericSchema<string>,
  undefined
>;

/**
 * A record schema that takes every name: valibot's own leaves out `__proto__`, `prototype` and
 * `constructor` without a word.
 */
function wholeRecord(schema: HeadersRecord): HeadersRecord {
  return {
    ...schema,
    "~run"(dataset, config) {
      const { value } = dataset;
      if (typeof value !== "object" || value === null) {
        return schema["~run"](dataset, config);
      }
      // Under another name each entry is judged like any other.
      const entries = Object.entries(value);
      for (const [name, text] of entries) {
        const isLeftOut = UNSAFE_NAMES.has(name);
        const judged = schema["~run"](
          { value: { [isLeftOut ? "x" : name]: text } },
          config,
        );
        if (judged.issues) return judged;
      }
      const typed = {
        typed: true,
        value: Object.fromEntries(entries),
      } as const;
      return typed;
    },
  };
}

const TOKEN = "a token of 8 to 128 printable characters";

/** A callback token to sign requests in Tencent's format with; never shown again. */
export const TokenSchema = v.pipe(
  v.string(TOKEN),
  v.regex(/^[\x21-\x7e]{8,128}$/, TOKEN),
  v.description("Signs requests in Tencent's format; never shown again"),
);

/** True when requests in Tencent's format are signed with the app's own token. */
export const SignWithAppTokenSchema = v.pipe(
  v.boolean("true or false"),
  v.description(SIGNING_WARNING),
);

/**
 * The URL as it is kept, with warnings. A name that has no address now may have one later: it
 * is tried all the same.
 *
 * @throws {HttpError} 400 when nothing may be sent there
 */
export async function checkedUrl(
  text: string,
  { checkUrl }: Pick<Outbound, "checkUrl">,
): Promise<{ readonly url: string; readonly warnings: readonly string[] }> {
  const checked = await checkUrl(text);
  if (checked.kind === "ok") return { url: checked.href, warnings: [] };
  const told = checked.message.replace(/^URL: /, "");
  if (checked.kind === "refused") {
    throw badInput("url", told.replace(/^expected /, ""));
  }
  const warnings = [`url: ${told}. It is tried all the same`];
  return { url: checked.href, warnings };
}
