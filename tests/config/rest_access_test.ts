import { assertEquals, assertStringIncludes } from "@std/assert";
import { readSecrets } from "../../src/config/secrets.ts";

type Texts = Readonly<Record<string, string>>;

/** What app 1, with a token and these further variables, is given. */
function read(further: Texts) {
  const problems: string[] = [];
  const env = { IMHOOK_APP_1: "token", IMHOOK_API_TOKEN: "api", ...further };
  const readFile = () => "from-a-file\n";
  const { apps } = readSecrets({ env, readFile }, problems);
  return { rest: apps.get("1")?.rest, problems };
}

Deno.test("readRestAccess() reads key, administrator and data centre", () => {
  const { rest, problems } = read({
    IMHOOK_APP_1_KEY_FILE: "/run/key",
    IMHOOK_APP_1_ADMIN: "root",
    IMHOOK_APP_1_REST: "Tokyo",
  });

  assertEquals(problems, []);
  assertEquals(rest, {
    key: "from-a-file",
    admin: "root",
    origin: "https://adminapijpn.im.qcloud.com",
  });
});

Deno.test.each([
  ["https://rest.example.com", "https://rest.example.com"],
  ["https://rest.example.com:8443/", "https://rest.example.com:8443"],
  ["http://127.0.0.1:9100", "http://127.0.0.1:9100"],
  ["http://[::1]:9100", "http://[::1]:9100"],
])("readRestAccess() takes the host %s", (text, origin) => {
  const { rest, problems } = read({
    IMHOOK_APP_1_KEY: "k",
    IMHOOK_APP_1_REST: text,
  });

  assertEquals(problems, []);
  assertEquals(rest, { key: "k", admin: "administrator", origin });
});

Deno.test.each([
  [""],
  ["mars"],
  ["http://rest.example.com"],
  ["http://127.0.0.1.example.com"],
  ["ftp://rest.example.com"],
  ["https://rest.example.com/v4"],
  ["https://rest.example.com/?a=b"],
  ["https://user:word@rest.example.com"],
])("readRestAccess() refuses the host %s and says what it can be", (text) => {
  const { rest, problems } = read({
    IMHOOK_APP_1_KEY: "k",
    IMHOOK_APP_1_REST: text,
  });

  assertEquals(rest, undefined);
  assertEquals(problems.length, 1);
  assertStringIncludes(problems[0] ?? "", "IMHOOK_APP_1_REST: expected");
});

Deno.test.each([
  ["IMHOOK_APP_1_ADMIN", "root"],
  ["IMHOOK_APP_1_REST", "china"],
])("readRestAccess() refuses %s without a key", (name, value) => {
  const { problems } = read({ [name]: value });

  assertEquals(problems.length, 1);
  assertStringIncludes(problems[0] ?? "", `${name}: needs IMHOOK_APP_1_KEY`);
});

Deno.test("readRestAccess() refuses an administrator that no UserID can be", () => {
  const { problems } = read({
    IMHOOK_APP_1_KEY: "k",
    IMHOOK_APP_1_REST: "china",
    IMHOOK_APP_1_ADMIN: "two words",
  });

  assertEquals(problems.length, 1);
  assertStringIncludes(problems[0] ?? "", "IMHOOK_APP_1_ADMIN: expected");
});

Deno.test.each([["token"], ["api"]])(
  "readSecrets() refuses a secret key that is the text of another secret: %s",
  (key) => {
    const { problems } = read({
      IMHOOK_APP_1_KEY: key,
      IMHOOK_APP_1_REST: "china",
    });

    assertEquals(problems.length, 1);
    assertStringIncludes(problems[0] ?? "", "IMHOOK_APP_1_KEY");
  },
);

Deno.test("readSecrets() asks for the app of a key that stands alone", () => {
  const { problems } = read({
    IMHOOK_APP_2_KEY: "k",
    IMHOOK_APP_2_REST: "china",
  });

  assertStringIncludes(problems[0] ?? "", "set IMHOOK_APP_2");
});
