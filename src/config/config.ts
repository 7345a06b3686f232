import * as v from "valibot";
import { keepConflicts } from "./keep_rules.ts";
import {
  type AppConfig,
  isReported,
  readSecrets,
  type Secrets,
} from "./secrets.ts";
import {
  type ListenAddress,
  SETTINGS,
  type Settings,
  SettingsSchema,
} from "./settings.ts";

/** Everything `serve` is told. */
export interface Config extends Omit<Settings, "kv" | "listen"> {
  readonly isSandbox: boolean;
  /** By SDKAppID as it is spelled in a query. */
  readonly apps: ReadonlyMap<string, AppConfig>;
  /** Current, then previous; the sandbox makes one where there is none. */
  readonly apiTokens: readonly string[];
  /** May read everything and change nothing. */
  readonly readTokens: readonly string[];
  /** URL that alerts are posted to. */
  readonly alertUrl?: string | undefined;
  readonly listen: ListenAddress;
  /** A file's path, or the URL of a KV Connect server. */
  readonly kv: string;
}

/** The configuration, or everything that is wrong with it. */
export type LoadResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The sources of the configuration. */
export interface LoadOptions {
  /** Flag by name: a text, or true for one that takes none. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly env: Readonly<Record<string, string>>;
  /** Reads the file that a `*_FILE` variable names; throws when it cannot. */
  readonly readFile: (path: string) => string;
  /** First path segments that belong to imhook itself. */
  readonly ownPaths: readonly string[];
  /** Commands, and those of them whose bodies IMHOOK_KEEP cannot take away. */
  readonly commands: {
    readonly all: Iterable<string>;
    readonly bound: ReadonlySet<string>;
  };
}

/** The sandbox's application and its token. */
export const SANDBOX_APP = {
  id: 1_400_000_000,
  token: "sandbox",
  /** The secret key that the stand-in of Tencent's REST API takes, and nobody else. */
  key: "imhook-sandbox-key",
} as const;

/** Names of this machine that the sandbox also answers to (design §7). */
const LOOPBACK_REGEXP = /^(localhost|127\.0\.0\.1|::1)$/;

/** Reads flags over environment over defaults. Reports all problems at once; pure. */
export function loadConfig(options: LoadOptions): LoadResult {
  const problems: string[] = [];
  const isSandbox = options.flags.sandbox === true;
  const env = isSandbox ? withSandboxApp(options.env) : options.env;
  const secrets = readSecrets({ ...options, env }, problems);
  const settings = readSettings(options, problems);
  checkNames(options.env, problems);
  checkPath(settings, options, problems);
  checkKeep(settings, options, problems);
  if (isSandbox) checkSandbox(settings, options, problems);
  else checkReal(secrets, problems);
  if (!settings.allowUnsigned) checkTokens(secrets, problems);
  if (problems.length > 0) return { ok: false, problems };
  const kv = settings.kv ?? (isSandbox ? "./data/sandbox.kv" : defaultKv(env));
  return { ok: true, config: { ...settings, ...secrets, kv, isSandbox } };
}

/** The settings; one that is wrong is reported and has its default here. */
function readSettings(options: LoadOptions, problems: string[]): Settings {
  const texts: Record<string, string> = {};
  for (const key of SETTING_KEYS) {
    const text = textOf(key, options);
    if (text === undefined) continue;
    if (v.is(SettingsSchema.entries[key], text)) texts[key] = text;
    else {
      problems.push(
        `${nameOf(key, options)}: expected something like "${
          SETTINGS[key].example
        }", got "${text}"`,
      );
    }
  }
  return v.parse(SettingsSchema, texts);
}

type SettingKey = keyof typeof SETTINGS;

// The table is an object literal: its own keys are all it has.
const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];

/** A setting's text; an empty variable counts as not set, an empty flag does not. */
function textOf(
  key: SettingKey,
  { flags, env }: Pick<LoadOptions, "flags" | "env">,
): string | undefined {
  const { flag, env: name } = SETTINGS[key];
  const given = flags[flag];
  if (given === undefined) return env[`IMHOOK_${name}`] || undefined;
  return given === true ? "1" : String(given);
}

/** The name under which a setting was given. */
function nameOf(
  key: SettingKey,
  { flags }: Pick<LoadOptions, "flags">,
): string {
  const { flag, env } = SETTINGS[key];
  return flags[flag] === undefined ? `IMHOOK_${env}` : `--${flag}`;
}

/** Secrets, and what the other commands read: one environment may serve them all. */
const OTHER_NAMES_REGEXP =
  /^IMHOOK_((API_TOKEN(_PREVIOUS|_READ)?|ALERT_URL|APP_.*|FORWARD_(SECRET|TOKEN))(_FILE)?|URL)$/;

/** A misspelt variable would silently do nothing. */
function checkNames(env: LoadOptions["env"], problems: string[]): void {
  const known = new Set(Object.values(SETTINGS).map(({ env }) => env));
  for (const name of Object.keys(env)) {
    if (!name.startsWith("IMHOOK_") || known.has(name.slice(7))) continue;
    if (OTHER_NAMES_REGEXP.test(name)) continue;
    problems.push(
      `${name}: no such variable; there are ${
        [...known].map((n) => `IMHOOK_${n}`).join(", ")
      }, IMHOOK_API_TOKEN and IMHOOK_APP_<SdkAppid>`,
    );
  }
}

function checkPath(
  { callbackPath }: Settings,
  options: LoadOptions,
  problems: string[],
): void {
  const first = callbackPath.split("/")[1] ?? "";
  if (!options.ownPaths.includes(first)) return;
  problems.push(
    `${
      nameOf("callbackPath", options)
    }: "${callbackPath}" belongs to imhook itself; expected something like "/tencent-chat"`,
  );
}

function checkKeep(
  { keep = [] }: Settings,
  options: LoadOptions,
  problems: string[],
): void {
  for (const { pattern } of keepConflicts(keep, options.commands)) {
    problems.push(
      `${
        nameOf("keep", options)
      }: the directory of groups is made from "${pattern}", so its bodies stay; remove events as a whole with IMHOOK_RETENTION_DAYS`,
    );
  }
}

function checkSandbox(
  { listen: { hostname } }: Settings,
  options: LoadOptions,
  problems: string[],
): void {
  if (LOOPBACK_REGEXP.test(hostname)) return;
  problems.push(
    `${
      nameOf("listen", options)
    }: the sandbox, whose token everybody knows, listens on this machine alone; expected something like "127.0.0.1:8080", got "${hostname}"`,
  );
}

function checkReal(secrets: Secrets, problems: string[]): void {
  if (secrets.apps.size === 0) {
    problems.push(
      "IMHOOK_APP_<SdkAppid>: no application is configured; set its callback token, for example IMHOOK_APP_1400000000=<token from Tencent's console>, or try imhook serve --sandbox",
    );
  }
  checkLengths(secrets, problems);
  const name = "IMHOOK_API_TOKEN";
  if (secrets.apiTokens.length === 0 && !isReported(name, problems)) {
    problems.push(
      "IMHOOK_API_TOKEN: none is set; make one, for example with: openssl rand -hex 32",
    );
  }
}

/** A shorter token can be guessed: an API token by asking, an app's from one Sign that was seen. */
const TOKEN_MIN_LENGTH = 16;

/** Guessing one of these opens the API to anybody. */
function checkLengths(
  { apiTokens: [current, previous], readTokens: [reader] }: Secrets,
  problems: string[],
): void {
  const named = {
    IMHOOK_API_TOKEN: current,
    IMHOOK_API_TOKEN_PREVIOUS: previous,
    IMHOOK_API_TOKEN_READ: reader,
  };
  for (const [name, token] of Object.entries(named)) {
    if (token === undefined || token.length >= TOKEN_MIN_LENGTH) continue;
    problems.push(
      `${name}: is shorter than ${TOKEN_MIN_LENGTH} characters; make one with: openssl rand -hex 32`,
    );
  }
}

/** Everything about a configuration that works and is unwise, a sentence each. */
export function warningsOf(
  { apps, isSandbox }: Pick<Config, "apps" | "isSandbox">,
): readonly string[] {
  if (isSandbox) return [];
  const warnings: string[] = [];
  const owners = new Map<string, number>();
  for (const { id, tokens } of apps.values()) {
    for (const token of new Set(tokens)) {
      const owner = owners.get(token);
      if (owner !== undefined) {
        warnings.push(
          `Apps ${owner} and ${id} have the same token: whoever can sign for one can sign for the other`,
        );
      }
      owners.set(token, id);
      if (token.length >= TOKEN_MIN_LENGTH) continue;
      warnings.push(
        `App ${id} has a token of less than ${TOKEN_MIN_LENGTH} characters: one Sign that is seen lets it be guessed`,
      );
    }
  }
  return warnings;
}

function checkTokens({ apps }: Secrets, problems: string[]): void {
  for (const { id, tokens } of apps.values()) {
    const name = `IMHOOK_APP_${id}`;
    if (tokens.length > 0 || isReported(name, problems)) continue;
    problems.push(
      `${name}: has no token, so anybody could forge its callbacks; set the one from Tencent's console, or accept that with --allow-unsigned (IMHOOK_ALLOW_UNSIGNED=1)`,
    );
  }
}

/** The environment in which the sandbox's app has its token, and its key where a REST host is named. */
function withSandboxApp(env: LoadOptions["env"]): LoadOptions["env"] {
  const name = `IMHOOK_APP_${SANDBOX_APP.id}`;
  const isNamed = (part: string) =>
    env[`${name}${part}`] !== undefined ||
    env[`${name}${part}_FILE`] !== undefined;
  const needsKey = isNamed("_REST") && !isNamed("_KEY");
  return {
    ...!isNamed("") && { [name]: SANDBOX_APP.token },
    ...needsKey && { [`${name}_KEY`]: SANDBOX_APP.key },
    ...env,
  };
}

/** The store's path when no setting names one. */
export function defaultKv(env: LoadOptions["env"]): string {
  // systemd may list several directories; the first is ours.
  const [state] = (env.STATE_DIRECTORY ?? "").split(":");
  return state ? `${state}/imhook.kv` : "./data/imhook.kv";
}
