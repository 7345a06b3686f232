import * as v from "valibot";
import type { DeciderConfig } from "../../delivery/decider/decider.ts";
import {
  AppIdsSchema,
  HeadersSchema,
  SignWithAppTokenSchema,
  TokenSchema,
  UrlSchema,
  WordsSchema,
} from "../edge/outbound_input.ts";

const TIMEOUT = "milliseconds from 100 to 1200";
const NAME = "1 to 64 letters, digits, hyphens or underscores";
/** Longest time that an answer may take unless it is said, ms. */
const DEFAULT_TIMEOUT_MS = 1_000;

/** The decider that a path names. */
export const DECIDER_NAME = v.strictObject({
  name: v.pipe(
    v.string(),
    v.regex(/^[\w-]{1,64}$/, NAME),
    v.description("Name of the decider"),
  ),
});

/** A fixed answer: the Ack packet itself. */
const AnswerSchema = v.pipe(
  v.looseObject({}),
  v.description("A fixed answer in place of a URL, as Tencent expects it"),
);

/** The settings that may be changed of a decider. */
export const DeciderChangesSchema = v.strictObject({
  commands: v.optional(WordsSchema),
  families: v.optional(WordsSchema),
  sdkAppIds: v.optional(AppIdsSchema),
  url: v.optional(UrlSchema),
  answer: v.optional(AnswerSchema),
  timeoutMs: v.optional(
    v.pipe(
      v.number(TIMEOUT),
      v.integer(TIMEOUT),
      v.minValue(100, TIMEOUT),
      v.maxValue(1_200, TIMEOUT),
      v.description("Longest wait for an answer"),
    ),
  ),
  onFailure: v.optional(
    v.pipe(
      v.picklist(["allow", "refuse"], '"allow" or "refuse"'),
      v.description("The answer where the decider gives none that counts"),
    ),
  ),
  headers: v.optional(HeadersSchema),
  token: v.optional(v.nullable(TokenSchema)),
  signWithAppToken: v.optional(
    SignWithAppTokenSchema,
  ),
});

/** The settings of a new decider. */
export const NewDeciderSchema = v.strictObject({
  ...DECIDER_NAME.entries,
  ...DeciderChangesSchema.entries,
});

/** A decider's settings as changed by a body; URL and answer replace each other. */
export function deciderChanges(
  body: v.InferOutput<typeof DeciderChangesSchema>,
): Partial<DeciderConfig> {
  const { sdkAppIds, url, answer, token, signWithAppToken, ...same } = body;
  const kept = Object.fromEntries(
    Object.entries(same).filter(([, value]) => value !== undefined),
  );
  return {
    ...kept,
    ...sdkAppIds !== undefined && { apps: sdkAppIds },
    ...url !== undefined && { url, answer: undefined },
    ...answer !== undefined &&
      { answer: JSON.stringify(answer), url: undefined },
    ...token !== undefined && { token: token ?? undefined },
    ...signWithAppToken !== undefined &&
      { signWithAppToken: signWithAppToken || undefined } as {
        readonly signWithAppToken?: true;
      },
  };
}

/** The settings of a decider of which nothing is said. */
export const DECIDER_DEFAULTS: DeciderConfig = {
  commands: [],
  families: [],
  apps: [],
  timeoutMs: DEFAULT_TIMEOUT_MS,
  onFailure: "allow",
  headers: {},
};
