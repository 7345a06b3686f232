import * as v from "valibot";
import { named } from "../edge/named.ts";
import { numberSchema } from "../edge/params.ts";
import { MAX_URL_LENGTH } from "../../delivery/outbound/url.ts";
import {
  COMMANDS,
  isOfFamily,
  RECONCILED_COMMAND,
} from "../../protocol/commands.ts";
import type {
  EndpointConfig,
  EndpointFilter,
} from "../../delivery/endpoint/endpoint.ts";

const TOKEN_REGEXP = /^[!#$%&'*+\-.^_`|~\w]{1,64}$/;
const FIELD_REGEXP = /^[\t\x20-\x7e]{0,512}$/;
const WORD = "1 to 128 letters, digits, dots, hyphens or underscores";
const MAX_WORDS = 100;
const MAX_HEADERS = 20;

/** As long as those that events are found by. */
const GROUP_MAX_LENGTH = 1_024;
const GROUP = `a GroupId of 1 to ${GROUP_MAX_LENGTH} characters`;

/** With everything else that an endpoint is made of they must fit one value of the store. */
const GROUPS_MAX_LENGTH = 8_192;

/** Set by imhook, or part of how a request is framed. */
const OWN_HEADERS_REGEXP =
  /^(webhook-.*|imhook-.*|content-(type|length|encoding)|host|connection|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|user-agent)$/i;

/** What else it must be is judged where it is looked up. */
const Url = v.pipe(
  v.string("a URL like https://app.example/hooks"),
  v.maxLength(MAX_URL_LENGTH, `at most ${MAX_URL_LENGTH} characters`),
  v.description("Where events are posted to"),
);

const Words = v.optional(
  v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^[\w.-]{1,128}$/, WORD))),
    v.maxLength(MAX_WORDS, `at most ${MAX_WORDS}`),
  ),
  [],
);

const Filter = v.strictObject({
  commands: Words,
  families: Words,
  sdkAppIds: v.optional(
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
  ),
  groupIds: v.optional(
    v.pipe(
      v.array(
        v.pipe(
          v.string(GROUP),
          v.minLength(1, GROUP),
          v.maxLength(GROUP_MAX_LENGTH, GROUP),
        ),
      ),
      v.maxLength(MAX_WORDS, `at most ${MAX_WORDS}`),
      v.check(
        (groups) => groups.join("").length <= GROUPS_MAX_LENGTH,
        `at most ${GROUPS_MAX_LENGTH} characters in all`,
      ),
    ),
    [],
  ),
});

const Headers = v.pipe(
  v.record(
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
  ),
  v.check(
    (headers) => Object.keys(headers).length <= MAX_HEADERS,
    `at most ${MAX_HEADERS} headers`,
  ),
  v.description("Sent with each delivery; the values are never shown again"),
);

const SECONDS = "seconds from 0 to 604800";
const Retries = v.pipe(
  v.array(
    v.pipe(
      v.number(SECONDS),
      v.minValue(0, SECONDS),
      v.maxValue(604_800, SECONDS),
    ),
  ),
  v.maxLength(30, "at most 30 retries"),
  v.description("Seconds before each retry; the usual ones when left out"),
);

const TIMEOUT = "seconds from 1 to 60";

/** The number of an event, as a number or as the API shows it. */
export const SEQ = numberSchema({ min: 1 });

/** What may be changed of an endpoint. */
export const ChangesSchema = named(
  "EndpointChanges",
  v.strictObject({
    url: v.optional(Url),
    description: v.optional(
      v.pipe(v.string(), v.maxLength(500, "at most 500 characters")),
    ),
    filter: v.optional(Filter),
    headers: v.optional(Headers),
    timeoutSeconds: v.optional(
      v.pipe(
        v.number(TIMEOUT),
        v.minValue(1, TIMEOUT),
        v.maxValue(60, TIMEOUT),
      ),
    ),
    retrySeconds: v.optional(v.nullable(Retries)),
    onExhausted: v.optional(
      v.picklist(["hold", "dead-letter"], '"hold" or "dead-letter"'),
    ),
  }),
);

/** What an endpoint is made of. */
export const ConfigSchema = named(
  "EndpointConfig",
  v.strictObject({
    ...ChangesSchema.entries,
    url: Url,
  }),
);

/** How long a delivery may take unless it is said. */
const DEFAULT_TIMEOUT_SEC = 10;

/** The configuration that a body asks for, with what it leaves out. */
export function configOf(
  body: v.InferOutput<typeof ConfigSchema>,
): EndpointConfig {
  return {
    description: "",
    filter: { commands: [], families: [], apps: [], groups: [] },
    headers: {},
    timeoutMs: DEFAULT_TIMEOUT_SEC * 1000,
    onExhausted: "hold",
    ...changesOf(body),
    url: body.url,
  };
}

/** What a body changes. */
export function changesOf(
  body: v.InferOutput<typeof ChangesSchema>,
): Partial<EndpointConfig> {
  const { url, description, filter, headers, timeoutSeconds } = body;
  const { retrySeconds, onExhausted } = body;
  return {
    ...url !== undefined && { url },
    ...description !== undefined && { description },
    ...filter !== undefined && { filter: endpointFilterOf(filter) },
    ...headers !== undefined && { headers },
    ...timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1000 },
    ...retrySeconds !== undefined && { retrySec: retrySeconds ?? undefined },
    ...onExhausted !== undefined && { onExhausted: onExhausted },
  };
}

function endpointFilterOf(
  { sdkAppIds: apps, groupIds: groups, ...words }: v.InferOutput<typeof Filter>,
): EndpointFilter {
  return { ...words, apps, groups };
}

/** What a filter names that imhook does not know: it may come one day, or be misspelt. */
export function filterWarnings(
  { commands, families }: EndpointFilter,
): string[] {
  const words = [...COMMANDS.keys(), RECONCILED_COMMAND];
  const strange = commands.filter((word) => !words.includes(word));
  const strangeFamilies = families.filter((family) =>
    !words.some((word) => isOfFamily(word, family))
  );
  return [
    ...strange.map((word) =>
      `filter.commands: imhook knows no command "${word}"; it is wanted all the same`
    ),
    ...strangeFamilies.map((family) =>
      `filter.families: imhook knows no command "${family}.*"; they are wanted all the same`
    ),
  ];
}
