import * as v from "valibot";
import { named } from "../edge/schemas.ts";
import { numberSchema } from "../edge/params.ts";
import {
  COMMANDS,
  isOfFamily,
  RECONCILED_COMMAND,
} from "../../protocol/commands.ts";
import {
  AppIdsSchema,
  HeadersSchema,
  MAX_WORDS,
  SignWithAppTokenSchema,
  TokenSchema,
  UrlSchema,
  WordsSchema,
} from "../edge/outbound_input.ts";
import type {
  EndpointConfig,
  EndpointFilter,
} from "../../delivery/endpoint/endpoint.ts";

/** As long as those that events are found by. */
const GROUP_MAX_LENGTH = 1_024;
const GROUP = `a GroupId of 1 to ${GROUP_MAX_LENGTH} characters`;

/** With everything else that an endpoint is made of they must fit one value of the store. */
const GROUPS_MAX_LENGTH = 8_192;

const Filter = v.strictObject({
  commands: WordsSchema,
  families: WordsSchema,
  sdkAppIds: AppIdsSchema,
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
const CONCURRENCY = "a whole number from 1 to 32";

/** The number of an event, as a number or as the API shows it. */
export const SEQ = numberSchema({ min: 1 });

/** The settings of an endpoint that a change may name. */
export const ChangesSchema = named(
  "EndpointChanges",
  v.strictObject({
    url: v.optional(UrlSchema),
    description: v.optional(
      v.pipe(v.string(), v.maxLength(500, "at most 500 characters")),
    ),
    filter: v.optional(Filter),
    headers: v.optional(HeadersSchema),
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
    format: v.optional(
      v.pipe(
        v.picklist(
          ["cloudevents", "tencent"],
          '"cloudevents" or "tencent"',
        ),
        v.description(
          "tencent: the request that Tencent would send; before commands go " +
            "only where `commands` names them",
        ),
      ),
    ),
    token: v.optional(v.nullable(TokenSchema)),
    signWithAppToken: v.optional(SignWithAppTokenSchema),
    concurrency: v.optional(
      v.pipe(
        v.number(CONCURRENCY),
        v.integer(CONCURRENCY),
        v.minValue(1, CONCURRENCY),
        v.maxValue(32, CONCURRENCY),
        v.description(
          "Most requests at once; with more than one, order is kept per " +
            "group, or per sender without one",
        ),
      ),
    ),
  }),
);

/** The settings of a new endpoint. */
export const ConfigSchema = named(
  "EndpointConfig",
  v.strictObject({
    ...ChangesSchema.entries,
    url: UrlSchema,
  }),
);

/** Time that a delivery may take where none is given. */
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

/** The changes that a body asks for. */
export function changesOf(
  body: v.InferOutput<typeof ChangesSchema>,
): Partial<EndpointConfig> {
  const { url, description, filter, headers, timeoutSeconds } = body;
  const { retrySeconds, onExhausted, format, token, concurrency } = body;
  return {
    ...url !== undefined && { url },
    ...description !== undefined && { description },
    ...filter !== undefined && { filter: endpointFilterOf(filter) },
    ...headers !== undefined && { headers },
    ...timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1000 },
    ...retrySeconds !== undefined && { retrySec: retrySeconds ?? undefined },
    ...onExhausted !== undefined && { onExhausted },
    ...format !== undefined &&
      { format: format === "tencent" ? format : undefined },
    ...token !== undefined && { token: token ?? undefined },
    ...body.signWithAppToken !== undefined &&
      { signWithAppToken: body.signWithAppToken ? true : undefined },
    ...concurrency !== undefined && { concurrency },
  };
}

function endpointFilterOf(
  { sdkAppIds: apps, groupIds: groups, ...words }: v.InferOutput<typeof Filter>,
): EndpointFilter {
  return { ...words, apps, groups };
}

/** Warnings about words of a filter that imhook does not know: new ones, or misspelt. */
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
