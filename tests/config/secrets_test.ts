import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  readSecret,
  readSecrets,
  type Secrets,
} from "../../src/config/secrets.ts";

type Texts = Readonly<Record<string, string>>;

function read(
  env: Texts,
  files: Texts = {},
): Secrets & { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const readFile = fileReader(files);
  return { ...readSecrets({ env, readFile }, problems), problems };
}

function fileReader(files: Texts): (path: string) => string {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw new Error("No such file");
    return text;
  };
}

/** The tokens of app 1, and what was wrong. */
function readApp(env: Texts, files: Texts = {}) {
  const { apps, problems } = read(env, files);
  return { tokens: apps.get("1")?.tokens, problems };
}

Deno.test("readSecrets() reads apps and API tokens, current then previous", () => {
  const secrets = read({
    IMHOOK_APP_1400000000: "a",
    IMHOOK_APP_1400000000_PREVIOUS: "b",
    IMHOOK_APP_20000001: "c",
    IMHOOK_API_TOKEN: "d",
    IMHOOK_API_TOKEN_PREVIOUS: "e",
    IMHOOK_API_TOKEN_READ: "f",
    PATH: "/bin",
    XIMHOOK_APP_5: "g",
  });

  assertEquals(secrets, {
    apps: new Map([
      ["1400000000", { id: 1_400_000_000, tokens: ["a", "b"] }],
      ["20000001", { id: 20_000_001, tokens: ["c"] }],
    ]),
    apiTokens: ["d", "e"],
    readTokens: ["f"],
    problems: [],
  });
});

Deno.test("readSecrets() finds nothing in an empty environment", () => {
  const nothing = { apps: new Map(), apiTokens: [], readTokens: [] };

  assertEquals(read({}), { ...nothing, problems: [] });
});

Deno.test("readSecrets() reads each secret from a file as well", () => {
  const files = { "/a": "A\n", "/b": "B", "/c": "C\r\n", "/d": "D", "/e": "E" };
  const env = {
    IMHOOK_APP_1_FILE: "/a",
    IMHOOK_APP_1_PREVIOUS_FILE: "/b",
    IMHOOK_API_TOKEN_FILE: "/c",
    IMHOOK_API_TOKEN_PREVIOUS_FILE: "/d",
    IMHOOK_API_TOKEN_READ_FILE: "/e",
  };

  assertEquals(read(env, files), {
    apps: new Map([["1", { id: 1, tokens: ["A", "B"] }]]),
    apiTokens: ["C", "D"],
    readTokens: ["E"],
    problems: [],
  });
});

Deno.test.each([
  { text: "a\n", token: "a", name: "one line feed" },
  { text: "a\r\n", token: "a", name: "one CR LF" },
  { text: "a\n\n", token: "a\n", name: "one of two line feeds" },
  { text: "a\r\n\r\n", token: "a\r\n", name: "one of two CR LF" },
  { text: "a\r", token: "a\r", name: "no lone CR" },
  { text: "\na", token: "\na", name: "no line feed in front" },
  { text: " a ", token: " a ", name: "no space" },
])("readSecrets() takes $name off a secret", ({ text, token }) => {
  const fromFile = readApp({ IMHOOK_APP_1_FILE: "/a" }, { "/a": text });
  const fromEnv = readApp({ IMHOOK_APP_1: text });

  assertEquals(fromFile, { tokens: [token], problems: [] });
  assertEquals(fromEnv, fromFile);
});

Deno.test.each([
  { env: { IMHOOK_APP_1: "" }, name: "an empty current token" },
  { env: { IMHOOK_APP_1: "\n" }, name: "a line break alone" },
  {
    env: { IMHOOK_APP_1: "", IMHOOK_APP_1_PREVIOUS: "" },
    name: "two empty tokens",
  },
])("readSecrets() gives an app with $name no token", ({ env }) => {
  assertEquals(readApp(env), { tokens: [], problems: [] });
});

Deno.test("readSecrets() passes over an empty previous token", () => {
  const env = { IMHOOK_APP_1: "a", IMHOOK_APP_1_PREVIOUS: "" };

  assertEquals(readApp(env), { tokens: ["a"], problems: [] });
});

Deno.test("readSecrets() passes over empty API tokens", () => {
  const { apiTokens, readTokens, problems } = read({
    IMHOOK_API_TOKEN: "",
    IMHOOK_API_TOKEN_PREVIOUS: "\n",
    IMHOOK_API_TOKEN_READ: "",
  });

  assertEquals({ apiTokens, readTokens, problems }, {
    apiTokens: [],
    readTokens: [],
    problems: [],
  });
});

Deno.test.each([
  ["IMHOOK_APP_"],
  ["IMHOOK_APP_FILE"],
  ["IMHOOK_APP_0"],
  ["IMHOOK_APP_01"],
  ["IMHOOK_APP_4294967296"],
  ["IMHOOK_APP_99999999999"],
  ["IMHOOK_APP_abc"],
  ["IMHOOK_APP_1_OLD"],
  ["IMHOOK_APP_1_FILE_PREVIOUS"],
  ["IMHOOK_APP_１"],
])("readSecrets() refuses the name %s and says how it looks", (name) => {
  const { apps, problems } = read({ [name]: "token" });

  assertEquals([...apps], []);
  assertEquals(problems, [
    `${name}: expected a name like IMHOOK_APP_1400000000`,
  ]);
});

Deno.test("readSecrets() accepts the largest SDKAppID", () => {
  const { apps } = read({ IMHOOK_APP_4294967295: "a" });

  assertEquals([...apps.keys()], ["4294967295"]);
});

Deno.test.each([
  {
    name: "a previous token without a current one",
    env: { IMHOOK_APP_1_PREVIOUS: "b" },
    problem: "IMHOOK_APP_1_PREVIOUS: set IMHOOK_APP_1, the current token, too",
  },
  {
    name: "a previous token beside an empty current one",
    env: { IMHOOK_APP_1: "", IMHOOK_APP_1_PREVIOUS: "b" },
    problem: "IMHOOK_APP_1: is empty; the previous token needs a current one",
  },
  {
    name: "a previous API token without a current one",
    env: { IMHOOK_API_TOKEN_PREVIOUS: "b" },
    problem:
      "IMHOOK_API_TOKEN: is empty; the previous token needs a current one",
  },
  {
    name: "a secret that is set in both ways",
    env: { IMHOOK_APP_1: "a", IMHOOK_APP_1_FILE: "/a" },
    problem: "IMHOOK_APP_1: set it or IMHOOK_APP_1_FILE, not both; " +
      "expected something like IMHOOK_APP_1_FILE=/run/secrets/imhook alone",
  },
  {
    name: "a file that cannot be read",
    env: { IMHOOK_API_TOKEN_FILE: "/gone" },
    problem: 'IMHOOK_API_TOKEN_FILE: cannot read "/gone": No such file; ' +
      "expected a file that this user can read, like /run/secrets/imhook",
  },
  {
    name: "an API token with a space",
    env: { IMHOOK_API_TOKEN: "a b" },
    problem: "IMHOOK_API_TOKEN: expected printable ASCII without spaces, " +
      "as openssl rand -hex 32 makes",
  },
  {
    name: "a reading token that may write",
    env: {
      IMHOOK_API_TOKEN: "new",
      IMHOOK_API_TOKEN_READ: "same",
      IMHOOK_API_TOKEN_PREVIOUS: "same",
    },
    problem: "IMHOOK_API_TOKEN_READ: is a token that may change things; " +
      "expected one of its own, as openssl rand -hex 32 makes",
  },
  {
    name: "a reading token outside ASCII",
    env: { IMHOOK_API_TOKEN_READ: "鍵" },
    problem: "IMHOOK_API_TOKEN_READ: expected printable ASCII without " +
      "spaces, as openssl rand -hex 32 makes",
  },
])("readSecrets() refuses $name", ({ env, problem }) => {
  assertEquals(read(env, { "/a": "a" }).problems, [problem]);
});

Deno.test("readSecrets() gives no token that it refuses", () => {
  const { apps, apiTokens, readTokens } = read({
    IMHOOK_APP_1: "a",
    IMHOOK_APP_1_FILE: "/a",
    IMHOOK_API_TOKEN: "a b",
    IMHOOK_API_TOKEN_READ: "c\n\n",
  }, { "/a": "a" });

  assertEquals(apps.get("1")?.tokens, []);
  assertEquals([apiTokens, readTokens], [[], []]);
});

Deno.test("readSecrets() uses the variable where the file's name is empty", () => {
  const env = { IMHOOK_APP_1: "a", IMHOOK_APP_1_FILE: "" };

  assertEquals(readApp(env), { tokens: ["a"], problems: [] });
});

Deno.test("readSecret() is undefined when nothing is set", () => {
  const problems: string[] = [];
  const sources = { env: {}, readFile: fileReader({}) };

  assertEquals(readSecret("IMHOOK_API_TOKEN", sources, problems), undefined);
  assertEquals(problems, []);
});

Deno.test("readSecret() reports what is thrown even when it is no Error", () => {
  const problems: string[] = [];
  const env = { IMHOOK_API_TOKEN_FILE: "/a" };
  const readFile = () => {
    // deno-lint-ignore no-throw-literal -- the point of this test
    throw "torn";
  };

  readSecret("IMHOOK_API_TOKEN", { env, readFile }, problems);

  assertStringIncludes(problems.join(), 'cannot read "/a": torn');
});
