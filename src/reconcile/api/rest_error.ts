// Tencent's error codes and the reaction to each (tencentcloud.com 1047/34348, 34620).

/** The reaction to a failed call. */
export type RestReaction =
  /** The group does not exist. */
  | "gone"
  /** Tencent's trouble: try again later. */
  | "retry"
  /** Too many calls: wait, then go slower. */
  | "slow"
  /** Ask for less at once. */
  | "smaller"
  /** The UserSig is too old: make a new one and try once more. */
  | "renew"
  /** Nothing that waiting mends: a person must act. */
  | "stop";

/** The setting that a person should look at, as the last part of its name. */
export type RestSetting = "KEY" | "ADMIN" | "REST" | "app" | "address";

/** The meaning of one code. */
interface CodeMeaning {
  readonly reaction: RestReaction;
  readonly setting?: RestSetting;
}

/** A call of Tencent's REST API that did not succeed. Its message holds no secret. */
export class RestError extends Error {
  override readonly name = "RestError";
  /** Tencent's ErrorCode; 0 where it did not answer, or not in its own form. */
  readonly code: number;
  readonly reaction: RestReaction;
  readonly setting: RestSetting | undefined;

  constructor(
    message: string,
    { code, reaction, setting }: {
      readonly code: number;
      readonly reaction: RestReaction;
      readonly setting?: RestSetting | undefined;
    },
  ) {
    super(message);
    this.code = code;
    this.reaction = reaction;
    this.setting = setting;
  }
}

const GONE = [10010, 10015];
const RETRIED = [10002, 60008, 60014, 70169, 70202, 70500];
const SLOWED = [10006, 60007, 60011, 60018, 60019];
const SHORTENED = [10018, 10054];
const SETTINGS: Readonly<Record<RestSetting, readonly number[]>> = {
  KEY: [70002, 70003, 70005, 70009, 70050, 60004, 60005],
  ADMIN: [60010, 70013, 70403],
  REST: [70016, 70020],
  app: [10026, 60006, 60016, 60017, 60020, 70014],
  address: [60021],
};

const MEANINGS: ReadonlyMap<number, CodeMeaning> = new Map([
  ...meaning("gone", GONE),
  ...meaning("retry", RETRIED),
  ...meaning("slow", SLOWED),
  ...meaning("smaller", SHORTENED),
  ...meaning("renew", [70001]),
  ...Object.entries(SETTINGS).flatMap(([setting, codes]) =>
    // The table's own keys are all it has.
    meaning("stop", codes, setting as RestSetting)
  ),
]);

/** Characters of Tencent's own sentence that are passed on. */
const MAX_INFO_CHARS = 200;

/** The error that an answer with this code is. */
export function restErrorOf(
  code: number,
  { info, app, secrets }: {
    /** ErrorInfo as Tencent sent it. */
    readonly info: string;
    /** SDKAppID. */
    readonly app: number;
    /** Taken out of the sentence, should it repeat them. */
    readonly secrets: readonly string[];
  },
): RestError {
  const { reaction, setting } = MEANINGS.get(code) ?? { reaction: "stop" };
  const sentence = cleanInfo(info, secrets);
  const said = sentence === "" ? `${code}` : `${code} (${sentence})`;
  const advice = setting === undefined
    ? unnamedAdvice(MEANINGS.get(code)?.reaction)
    : adviceOf(setting, app);
  return new RestError(`Tencent answered ${said}${advice}`, {
    code,
    reaction,
    setting,
  });
}

/** Names the setting and what to do; begins with a colon. */
function adviceOf(setting: RestSetting, app: number): string {
  const name = `IMHOOK_APP_${app}`;
  switch (setting) {
    case "KEY":
      return `: ${name}_KEY is not this app's secret key; copy it again from Tencent's console`;
    case "ADMIN":
      return `: ${name}_ADMIN is no administrator of this app; name one of those in Tencent's console`;
    case "REST":
      return `: ${name}_REST is not the data centre of this app, or the key is another app's; "imhook doctor" tries them all`;
    case "app":
      return `: the app ${app} is disabled, expired or may not use this call; look at it in Tencent's console`;
    case "address":
      return ": this machine's address may not call; allow it in Tencent's console";
  }
}

/** What to do where no setting is wrong; undefined for a code that is not known. */
function unnamedAdvice(reaction: RestReaction | undefined): string {
  switch (reaction) {
    case undefined:
      return ": imhook knows no remedy; look the code up in Tencent's list";
    case "retry":
      return ": trouble at Tencent or on the way; imhook tries again by itself";
    case "slow":
      return ": too many calls, also those of your own programs; imhook goes slower by itself";
    case "renew":
      return ": a UserSig made just now is too old; is this machine's clock right?";
    default:
      return "";
  }
}

/** One line without control characters and without any secret. */
function cleanInfo(info: string, secrets: readonly string[]): string {
  const hidden = secrets.filter((secret) => secret !== "").reduce(
    (text, secret) => text.replaceAll(secret, "…"),
    info,
  );
  return hidden.replace(/[\p{C}\p{Z}]+/gu, " ").trim().slice(0, MAX_INFO_CHARS);
}

function meaning(
  reaction: RestReaction,
  codes: readonly number[],
  setting?: RestSetting,
): [number, CodeMeaning][] {
  return codes.map((
    code,
  ) => [code, { reaction, ...setting !== undefined && { setting } }]);
}
