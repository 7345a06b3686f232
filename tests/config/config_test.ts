import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import {
  type Config,
  loadConfig,
  type LoadOptions,
  warningsOf,
} from "../../src/config/config.ts";
import { OWN_PATHS } from "../../src/http/app.ts";
import { COMMANDS } from "../../src/protocol/commands.ts";

/** The least that a real start needs. */
const ENV = {
  IMHOOK_APP_1400000000: "app-token",
  IMHOOK_API_TOKEN: "an-api-token-of-tests",
};
const SANDBOX = { sandbox: true };

function load({ env = ENV, flags = {}, files = {} }: {
  env?: Readonly<Record<string, string>>;
  flags?: LoadOptions["flags"];
  files?: Readonly<Record<string, string>>;
} = {}) {
  const readFile = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error("No such file");
    return text;
  };
  const commands = {
    all: COMMANDS.keys(),
    bound: new Set(["Group.CallbackAfterCreateGroup"]),
  };
  return loadConfig({ env, flags, readFile, ownPaths: OWN_PATHS, commands });
}

function configOf(options: Parameters<typeof load>[0]): Config {
  const loaded = load(options);
  assert(loaded.ok, loaded.ok ? "" : loaded.problems.join("\n"));
  return loaded.config;
}

function problemsOf(options: Parameters<typeof load>[0]): readonly string[] {
  const loaded = load(options);
  return loaded.ok ? [] : loaded.problems;
}

Deno.test("loadConfig() needs an app and an API token, and has defaults for the rest", () => {
  assertEquals(configOf({}), {
    isSandbox: false,
    apps: new Map([
      ["1400000000", { id: 1_400_000_000, tokens: ["app-token"] }],
    ]),
    apiTokens: ["an-api-token-of-tests"],
    readTokens: [],
    allowUnsigned: false,
    insecureConsole: false,
    listen: { hostname: "127.0.0.1", port: 8_080 },
    kv: "./data/imhook.kv",
    callbackPath: "/",
    dedupeMax: 200_000,
    allowPrivateEndpoints: false,
    metricsOpen: false,
    silenceMinutes: 1440,
    alertLang: "en",
    reconcileHours: 24,
    reconcileRate: 20,
    logLevel: "info",
  });
});

Deno.test("loadConfig() needs nothing in the sandbox", () => {
  const config = configOf({ env: {}, flags: SANDBOX });

  assertEquals(config.isSandbox, true);
  assertEquals(config.kv, "./data/sandbox.kv");
  assertEquals(config.apiTokens, []);
  assertEquals([...config.apps.values()], [
    { id: 1_400_000_000, tokens: ["sandbox"] },
  ]);
});

Deno.test("loadConfig() keeps the apps of the environment in the sandbox", () => {
  const env = { IMHOOK_APP_1400000000: "own", IMHOOK_APP_5: "five" };
  const { apps } = configOf({ env, flags: SANDBOX });

  assertEquals(apps.get("1400000000")?.tokens, ["own"]);
  assertEquals(apps.get("5")?.tokens, ["five"]);
});

Deno.test("loadConfig() takes flags over environment", () => {
  const env = {
    ...ENV,
    IMHOOK_LISTEN: "127.0.0.1:1",
    IMHOOK_KV: "/env.kv",
    IMHOOK_CALLBACK_PATH: "/env",
    IMHOOK_DEDUPE_MAX: "1",
    IMHOOK_LOG_LEVEL: "debug",
    IMHOOK_ALLOW_UNSIGNED: "0",
  };
  const flags = {
    listen: "[::1]:2",
    kv: "/flag.kv",
    "callback-path": "/flag",
    "dedupe-max": "2",
    "log-level": "error",
    "allow-unsigned": true,
  };
  const fromEnv = configOf({ env });
  const fromFlags = configOf({ env, flags });

  assertEquals(settingsOf(fromEnv), [1, "/env.kv", "/env", 1, "debug", false]);
  assertEquals(settingsOf(fromFlags), [
    2,
    "/flag.kv",
    "/flag",
    2,
    "error",
    true,
  ]);
});

Deno.test("loadConfig() takes an empty variable as not set", () => {
  const env = { ...ENV, IMHOOK_LISTEN: "", IMHOOK_KV: "" };

  assertEquals(configOf({ env }), configOf({}));
});

Deno.test("loadConfig() refuses an empty flag instead of passing over the environment", () => {
  const env = { ...ENV, IMHOOK_KV: "/env.kv" };

  assertProblems({ env, flags: { kv: "" } }, [/^--kv: expected .*imhook\.kv/]);
});

Deno.test.each([
  ["/var/lib/imhook", "/var/lib/imhook/imhook.kv"],
  ["/var/lib/a:/var/lib/b", "/var/lib/a/imhook.kv"],
  ["", "./data/imhook.kv"],
])(
  "loadConfig() with STATE_DIRECTORY %j keeps its store in %s",
  (state, kv) => {
    assertEquals(configOf({ env: { ...ENV, STATE_DIRECTORY: state } }).kv, kv);
  },
);

Deno.test("loadConfig() accepts an app without a token when it is told so", () => {
  const env = { ...ENV, IMHOOK_APP_5: "" };

  const byFlag = configOf({ env, flags: { "allow-unsigned": true } });
  const byEnv = configOf({ env: { ...env, IMHOOK_ALLOW_UNSIGNED: "1" } });

  assertEquals(byFlag.apps.get("5")?.tokens, []);
  assertEquals(byEnv.apps.get("5")?.tokens, []);
  assertEquals(byFlag.apps.get("1400000000")?.tokens, ["app-token"]);
});

Deno.test("loadConfig() reports a secret that is wrong once, and not as missing", () => {
  const env = {
    IMHOOK_API_TOKEN: "a b",
    IMHOOK_APP_5: "t",
    IMHOOK_APP_5_FILE: "/run/t",
    IMHOOK_APP_55: "",
  };

  assertProblems({ env }, [
    /^IMHOOK_APP_5: set it or IMHOOK_APP_5_FILE, not both/,
    /^IMHOOK_API_TOKEN: expected printable ASCII/,
    /^IMHOOK_APP_55: has no token/,
  ]);
});

Deno.test.each([
  {
    name: "no app",
    env: { IMHOOK_API_TOKEN: "an-api-token-of-tests" },
    problem: /^IMHOOK_APP_<SdkAppid>: no application.*IMHOOK_APP_1400000000=/,
  },
  {
    name: "no API token",
    env: { IMHOOK_APP_5: "t" },
    problem: /^IMHOOK_API_TOKEN: none is set.*openssl rand/,
  },
  {
    name: "a reading token alone",
    env: { IMHOOK_APP_5: "t", IMHOOK_API_TOKEN_READ: "a-reading-token-1" },
    problem: /^IMHOOK_API_TOKEN: none is set/,
  },
  {
    name: "an app without a token",
    env: { ...ENV, IMHOOK_APP_5: "" },
    problem: /^IMHOOK_APP_5: has no token.*IMHOOK_ALLOW_UNSIGNED=1/,
  },
  {
    name: "a variable nobody knows",
    env: { ...ENV, IMHOOK_LISTENS: "x" },
    problem: /^IMHOOK_LISTENS: no such variable; there are IMHOOK_LISTEN, /,
  },
  {
    name: "a setting as a file",
    env: { ...ENV, IMHOOK_LISTEN_FILE: "/x" },
    problem: /^IMHOOK_LISTEN_FILE: no such variable/,
  },
  {
    name: "an app without its number",
    env: { ...ENV, IMHOOK_APP: "x" },
    problem: /^IMHOOK_APP: no such variable/,
  },
  {
    name: "a bad address",
    env: { ...ENV, IMHOOK_LISTEN: "8080" },
    problem: /^IMHOOK_LISTEN: expected .*"127\.0\.0\.1:8080", got "8080"$/,
  },
  {
    name: "a bad path",
    env: { ...ENV, IMHOOK_CALLBACK_PATH: "x" },
    problem: /^IMHOOK_CALLBACK_PATH: expected .*"\/tencent-chat", got "x"$/,
  },
  {
    name: "a bad number",
    env: { ...ENV, IMHOOK_DEDUPE_MAX: "x" },
    problem: /^IMHOOK_DEDUPE_MAX: expected .*"200000", got "x"$/,
  },
  {
    name: "a bad level",
    env: { ...ENV, IMHOOK_LOG_LEVEL: "x" },
    problem: /^IMHOOK_LOG_LEVEL: expected .*"info", got "x"$/,
  },
  {
    name: "a bad yes or no",
    env: { ...ENV, IMHOOK_ALLOW_UNSIGNED: "x" },
    problem: /^IMHOOK_ALLOW_UNSIGNED: expected .*"1", got "x"$/,
  },
  {
    name: "a store in memory",
    env: { ...ENV, IMHOOK_KV: ":memory:" },
    problem: /^IMHOOK_KV: expected .*imhook\.kv", got ":memory:"$/,
  },
])("loadConfig() refuses $name", ({ env, problem }) => {
  assertProblems({ env }, [problem]);
});

Deno.test.each([
  ["listen", "8080"],
  ["kv", ":memory:"],
  ["callback-path", "x"],
  ["dedupe-max", "x"],
  ["log-level", "x"],
])("loadConfig() names the flag when --%s is wrong", (flag, text) => {
  const [problem = ""] = problemsOf({ flags: { [flag]: text } });

  assert(problem.startsWith(`--${flag}: expected something like "`), problem);
  assert(problem.endsWith(`got "${text}"`), problem);
});

Deno.test("loadConfig() reports everything that is wrong at once", () => {
  const env = {
    "IMHOOK_APP_abc": "x",
    IMHOOK_APP_6: "y",
    IMHOOK_APP_6_FILE: "/y",
    IMHOOK_API_TOKEN_FILE: "/gone",
    IMHOOK_LISTEN: "x",
    IMHOOK_LOG_LEVEL: "y",
    IMHOOK_TOKEN: "z",
  };
  const names = problemsOf({ env }).map((text) => text.split(":")[0]);

  for (
    const name of [
      "IMHOOK_APP_abc",
      "IMHOOK_APP_6",
      "IMHOOK_API_TOKEN_FILE",
      "IMHOOK_LISTEN",
      "IMHOOK_LOG_LEVEL",
      "IMHOOK_TOKEN",
    ]
  ) assert(names.includes(name), name);
});

Deno.test("loadConfig() reports a path of our own beside another bad setting", () => {
  const env = {
    ...ENV,
    IMHOOK_CALLBACK_PATH: "/v1",
    IMHOOK_LOG_LEVEL: "x",
  };

  assertProblems({ env }, [/^IMHOOK_LOG_LEVEL/, /^IMHOOK_CALLBACK_PATH/]);
});

Deno.test("loadConfig() asks for no token it was told to do without, whatever else is wrong", () => {
  const env = {
    ...ENV,
    IMHOOK_APP_5: "",
    IMHOOK_ALLOW_UNSIGNED: "1",
    IMHOOK_LOG_LEVEL: "x",
  };

  assertProblems({ env }, [/^IMHOOK_LOG_LEVEL/]);
});

Deno.test.each(OWN_PATHS.flatMap((own) => [
  [`/${own}`],
  [`/${own}/`],
  [`/${own}/deeper`],
]))("loadConfig() refuses the callback path %s: it is our own", (path) => {
  const env = { ...ENV, IMHOOK_CALLBACK_PATH: path };

  assertProblems({ env }, [
    /^IMHOOK_CALLBACK_PATH: ".*" belongs to imhook itself.*"\/tencent-chat"$/,
  ]);
});

Deno.test("loadConfig() names the flag when --callback-path is our own", () => {
  assertProblems({ flags: { "callback-path": "/v1" } }, [
    /^--callback-path: "\/v1" belongs to imhook itself/,
  ]);
});

Deno.test.each(["/v1x", "/x/v1", "/V1", "/healthz-tencent", "/consoles"])(
  "loadConfig() accepts the callback path %s",
  (path) => {
    const env = { ...ENV, IMHOOK_CALLBACK_PATH: path };

    assertEquals(configOf({ env }).callbackPath, path);
  },
);

Deno.test.each(["127.0.0.1:0", "localhost:1", "[::1]:1"])(
  "loadConfig() lets the sandbox listen on %s",
  (listen) => {
    const config = configOf({ env: {}, flags: { ...SANDBOX, listen } });

    assertEquals(config.isSandbox, true);
  },
);

Deno.test.each([
  "0.0.0.0:8080",
  "[::]:8080",
  "192.168.1.5:8080",
  "127.9.8.7:8080",
  "127.0.0.1.example.com:8080",
  "localhost.example.com:8080",
  "notlocalhost:8080",
  "example.com:8080",
])("loadConfig() does not let the sandbox listen on %s", (listen) => {
  const env = { IMHOOK_LISTEN: listen };

  assertProblems({ env, flags: SANDBOX }, [
    /^IMHOOK_LISTEN: the sandbox.*"127\.0\.0\.1:8080", got "/,
  ]);
});

Deno.test("loadConfig() names the flag when --listen is not for the sandbox", () => {
  assertProblems({ env: {}, flags: { ...SANDBOX, listen: "0.0.0.0:1" } }, [
    /^--listen: the sandbox/,
  ]);
});

Deno.test("loadConfig() refuses an app without a token in the sandbox as well", () => {
  assertProblems({ env: { IMHOOK_APP_1400000000: "" }, flags: SANDBOX }, [
    /^IMHOOK_APP_1400000000: has no token/,
  ]);
});

Deno.test("loadConfig() never tells a secret, whatever is wrong", () => {
  const secret = fc.string({ unit: "binary" }).map((text) => `SECRET${text}`);
  const names = fc.constantFrom(
    ...["APP_1", "APP_1_PREVIOUS", "APP_2_PREVIOUS", "APP_x", "APP_", "APP"],
    ...["API_TOKEN", "API_TOKEN_PREVIOUS", "API_TOKEN_READ", "API_KEY"],
    ...["APP_1_TOKEN", "TOKEN", "SECRET_KEY", "APP_99999999999"],
  ).map((name) => `IMHOOK_${name}`);
  const files = fc.constantFrom("/token", "/gone");
  fc.assert(fc.property(
    fc.dictionary(names, secret),
    fc.dictionary(names.map((name) => `${name}_FILE`), files),
    secret,
    fc.boolean(),
    (inEnv, inFiles, token, sandbox) => {
      const env = { ...inEnv, ...inFiles, IMHOOK_LISTEN: "x" };
      const options = { env, flags: { sandbox }, files: { "/token": token } };
      for (const problem of problemsOf(options)) {
        assert(!problem.replaceAll("IMHOOK_SECRET_KEY", "").includes("SECRET"));
      }
    },
  ));
});

Deno.test("loadConfig() never throws", () => {
  const names = fc.oneof(
    fc.string(),
    fc.string().map((text) => `IMHOOK_${text}`),
    fc.string().map((text) => `IMHOOK_APP_${text}`),
  );
  const texts = fc.string({ unit: "binary" });
  fc.assert(fc.property(fc.dictionary(names, texts), (env) => {
    assertEquals(problemsOf({ env }).includes(""), false);
  }));
});

function assertProblems(
  options: Parameters<typeof load>[0],
  expected: readonly RegExp[],
): void {
  const problems = problemsOf(options);
  assertEquals(problems.length, expected.length, problems.join("\n"));
  for (const [index, pattern] of expected.entries()) {
    assertMatch(problems[index] ?? "", pattern);
  }
}

function settingsOf(config: Config): unknown[] {
  return [
    config.listen.port,
    config.kv,
    config.callbackPath,
    config.dedupeMax,
    config.logLevel,
    config.allowUnsigned,
  ];
}

Deno.test("loadConfig() takes no offence at what other commands read from the same environment", () => {
  const result = loadConfig({
    flags: { sandbox: true },
    env: { IMHOOK_URL: "http://h", IMHOOK_FORWARD_SECRET_FILE: "f" },
    readFile: () => "",
    ownPaths: [],
    commands: { all: [], bound: new Set() },
  });

  assertEquals(result.ok, true);
});

Deno.test("loadConfig() gives the sandbox the stand-in's key where a REST host is named", () => {
  const rest = (env: Readonly<Record<string, string>>) => {
    const result = load({ env, flags: { sandbox: true } });
    assert(result.ok);
    return result.config.apps.get("1400000000")?.rest;
  };
  const host = { IMHOOK_APP_1400000000_REST: "http://127.0.0.1:9100" };

  assertEquals(rest({}), undefined);
  assertEquals(rest(host), {
    key: "imhook-sandbox-key",
    admin: "administrator",
    origin: "http://127.0.0.1:9100",
  });
  assertEquals(rest({ ...host, IMHOOK_APP_1400000000_KEY: "own" })?.key, "own");
});

Deno.test.each([
  ["IMHOOK_API_TOKEN", "fifteen-letters"],
  ["IMHOOK_API_TOKEN_PREVIOUS", "short"],
  ["IMHOOK_API_TOKEN_READ", "x"],
])("loadConfig() refuses a short %s, but not in the sandbox", (name, token) => {
  const env = { ...ENV, [name]: token };

  assertProblems({ env }, [
    new RegExp(`^${name}: is shorter than 16 characters.*openssl rand`),
  ]);
  assertEquals(
    load({ env: { [name]: token }, flags: SANDBOX }).ok,
    name !== "IMHOOK_API_TOKEN_PREVIOUS",
  );
});

Deno.test.each([
  ["IMHOOK_API_TOKEN", "the-same-text-twice"],
  ["IMHOOK_API_TOKEN_READ", "the-same-text-twice"],
])("loadConfig() refuses %s that is also an app's token", (name, token) => {
  const env = { ...ENV, IMHOOK_APP_5: token, [name]: token };

  assertProblems({ env }, [
    new RegExp(`^${name}: is the same text as a token of app 5`),
  ]);
});

Deno.test("warningsOf() tells of short app tokens and of one that two apps have", () => {
  const token = "a-token-that-two-have";
  const env = { ...ENV, IMHOOK_APP_5: token, IMHOOK_APP_6: token };
  const warnings = warningsOf(configOf({ env }));

  assertEquals(warnings.length, 2);
  assertMatch(warnings.join(), /Apps 5 and 6 have the same token/);
  assertMatch(warnings.join(), /App 1400000000 has a token of less than 16/);
  assertEquals(warningsOf(configOf({ env: {}, flags: SANDBOX })), []);
});
