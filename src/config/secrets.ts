import { readRestAccess, type RestAccess } from "./rest_access.ts";

/** An application whose callbacks are accepted. */
export interface AppConfig {
  /** SDKAppID. */
  readonly id: number;
  /** Current token, then the previous one; none for an app that sends unsigned. */
  readonly tokens: readonly string[];
  /** Access to its REST API; absent where no secret key is set. */
  readonly rest?: RestAccess;
}

/** Every secret of the configuration. */
export interface Secrets {
  /** By SDKAppID as it is spelled in a query. */
  readonly apps: ReadonlyMap<string, AppConfig>;
  /** Current, then previous. */
  readonly apiTokens: readonly string[];
  readonly readTokens: readonly string[];
  /** URL that alerts are posted to: whoever knows it can post there. */
  readonly alertUrl?: string | undefined;
}

/** The sources of secrets: environment and files. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string>>;
  /** Reads the file that a `*_FILE` variable names; throws when it cannot. */
  readonly readFile: (path: string) => string;
}

const APP_REGEXP = /^IMHOOK_APP_(.*?)(?:_(PREVIOUS|KEY|ADMIN|REST))?(_FILE)?$/;
const APP_ID_REGEXP = /^[1-9]\d{0,9}$/;
const MAX_APP_ID = 2 ** 32 - 1;
const EXAMPLE_FILE = "/run/secrets/imhook";
const OF_ITS_OWN = "expected one of its own, as openssl rand -hex 32 makes";
const BEARER_REGEXP = /^[\x21-\x7e]+$/;

/** Reads the secrets from variables and files; what is wrong is added to `problems`. */
export function readSecrets(
  sources: SecretSources,
  problems: string[],
): Secrets {
  const secret = (name: string) => readSecret(name, sources, problems) ?? "";
  const apps = new Map<string, AppConfig>();
  for (const id of appIds(sources.env, problems)) {
    const name = `IMHOOK_APP_${id}`;
    const current = secret(name);
    const previous = secret(`${name}_PREVIOUS`);
    checkCurrent(name, { current, previous }, problems);
    const rest = readRestAccess(name, {
      key: secret(`${name}_KEY`),
      admin: secret(`${name}_ADMIN`),
      rest: secret(`${name}_REST`),
    }, problems);
    apps.set(id, {
      id: Number(id),
      tokens: withoutEmpty([current, previous]),
      ...rest !== undefined && { rest },
    });
  }
  const bearer = (name: string) => checkBearer(name, secret(name), problems);
  const current = bearer("IMHOOK_API_TOKEN");
  const previous = bearer("IMHOOK_API_TOKEN_PREVIOUS");
  checkCurrent("IMHOOK_API_TOKEN", { current, previous }, problems);
  const apiTokens = withoutEmpty([current, previous]);
  const readTokens = withoutEmpty([bearer("IMHOOK_API_TOKEN_READ")]);
  checkReader({ apiTokens, readTokens }, problems);
  checkAppTokens({ apps, apiTokens, readTokens }, problems);
  checkKeys({ apps, apiTokens, readTokens }, problems);
  const alertUrl = checkAlertUrl(secret("IMHOOK_ALERT_URL"), problems);
  return { apps, apiTokens, readTokens, ...alertUrl && { alertUrl } };
}

/** The URL is not shown: its path is what lets somebody post there. */
function checkAlertUrl(text: string, problems: string[]): string | undefined {
  if (text === "") return undefined;
  const url = URL.parse(text);
  const isHttp = url?.protocol === "https:" || url?.protocol === "http:";
  if (url !== null && isHttp && url.username === "") return url.href;
  problems.push(
    "IMHOOK_ALERT_URL: expected an address like https://hooks.slack.com/services/…, without user",
  );
  return undefined;
}

function checkReader(
  { apiTokens, readTokens }: Pick<Secrets, "apiTokens" | "readTokens">,
  problems: string[],
): void {
  if (!readTokens.some((token) => apiTokens.includes(token))) return;
  problems.push(
    `IMHOOK_API_TOKEN_READ: is a token that may change things; ${OF_ITS_OWN}`,
  );
}

/** Tencent knows an app's token: it must not open the API too. */
function checkAppTokens(
  { apps, apiTokens, readTokens }: Secrets,
  problems: string[],
): void {
  for (const { id, tokens } of apps.values()) {
    const other = tokens.some((token) => apiTokens.includes(token))
      ? "IMHOOK_API_TOKEN"
      : tokens.some((token) => readTokens.includes(token))
      ? "IMHOOK_API_TOKEN_READ"
      : undefined;
    if (other === undefined) continue;
    problems.push(
      `${other}: is the same text as a token of app ${id}; ${OF_ITS_OWN}`,
    );
  }
}

/** A secret key controls an app: whoever knows a token must not thereby know a key. */
function checkKeys(
  { apps, apiTokens, readTokens }: Secrets,
  problems: string[],
): void {
  const appTokens = Array.from(apps.values(), ({ tokens }) => tokens);
  const tokens = new Set([...apiTokens, ...readTokens, ...appTokens.flat()]);
  for (const { id, rest } of apps.values()) {
    if (rest === undefined || !tokens.has(rest.key)) continue;
    problems.push(
      `IMHOOK_APP_${id}_KEY: is the same text as a token; expected the app's secret key from Tencent's console`,
    );
  }
}

/** A previous token is there for a change to a current one: alone it would be the one that stays. */
function checkCurrent(
  name: string,
  { current, previous }: {
    readonly current: string;
    readonly previous: string;
  },
  problems: string[],
): void {
  if (current !== "" || previous === "" || isReported(name, problems)) return;
  problems.push(`${name}: is empty; the previous token needs a current one`);
}

/** True when a problem of this secret is reported already: that it is missing is no news then. */
export function isReported(name: string, problems: readonly string[]): boolean {
  return problems.some((one) =>
    one.startsWith(`${name}:`) || one.startsWith(`${name}_FILE:`)
  );
}

/**
 * A secret from its variable, or from the file that `<name>_FILE` names; one line break at its end
 * is no part of it. Undefined when neither is set.
 */
export function readSecret(
  name: string,
  { env, readFile }: SecretSources,
  problems: string[],
): string | undefined {
  const value = env[name];
  const path = env[`${name}_FILE`];
  if (path === undefined || path === "") {
    return value && withoutLineBreak(value);
  }
  if (value !== undefined && value !== "") {
    problems.push(
      `${name}: set it or ${name}_FILE, not both; expected something like ${name}_FILE=${EXAMPLE_FILE} alone`,
    );
    return undefined;
  }
  try {
    return withoutLineBreak(readFile(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push(
      `${name}_FILE: cannot read "${path}": ${reason}; expected a file that this user can read, like ${EXAMPLE_FILE}`,
    );
    return undefined;
  }
}

/** An app exists when a current token is named for it, even an empty one. */
function appIds(env: SecretSources["env"], problems: string[]): Set<string> {
  const ids = new Set<string>();
  for (const name of Object.keys(env)) {
    const [, id, kind] = APP_REGEXP.exec(name) ?? [];
    if (id === undefined) continue;
    if (!APP_ID_REGEXP.test(id) || Number(id) > MAX_APP_ID) {
      problems.push(`${name}: expected a name like IMHOOK_APP_1400000000`);
    } else if (kind === undefined) ids.add(id);
    else if (!hasCurrent(env, id)) {
      problems.push(`${name}: set IMHOOK_APP_${id}, the current token, too`);
    }
  }
  return ids;
}

function hasCurrent(env: SecretSources["env"], id: string): boolean {
  const name = `IMHOOK_APP_${id}`;
  return env[name] !== undefined || env[`${name}_FILE`] !== undefined;
}

function checkBearer(name: string, token: string, problems: string[]): string {
  if (token === "" || BEARER_REGEXP.test(token)) return token;
  problems.push(
    `${name}: expected printable ASCII without spaces, as openssl rand -hex 32 makes`,
  );
  return "";
}

function withoutEmpty(tokens: readonly string[]): string[] {
  return tokens.filter((token) => token !== "");
}

function withoutLineBreak(secret: string): string {
  return secret.replace(/\r?\n$/, "");
}
