import { assert, assertEquals } from "@std/assert";
import * as v from "valibot";
import {
  SETTINGS,
  type Settings,
  SettingsSchema,
} from "../../src/config/settings.ts";

const DEFAULTS: Settings = {
  allowUnsigned: false,
  insecureConsole: false,
  listen: { hostname: "127.0.0.1", port: 8_080 },
  callbackPath: "/",
  dedupeMax: 200_000,
  allowPrivateEndpoints: false,
  metricsOpen: false,
  silenceMinutes: 1440,
  alertLang: "en",
  reconcileHours: 24,
  reconcileRate: 20,
  logLevel: "info",
};

function isAccepted(texts: Readonly<Record<string, string>>): boolean {
  return v.safeParse(SettingsSchema, texts).success;
}

Deno.test("SettingsSchema gives the defaults of the contract", () => {
  assertEquals(v.parse(SettingsSchema, {}), DEFAULTS);
});

Deno.test("SETTINGS has every setting of the schema once", () => {
  assertEquals(
    Object.keys(SETTINGS).toSorted(),
    Object.keys(SettingsSchema.entries).toSorted(),
  );
});

Deno.test.each(Object.entries(SETTINGS))(
  "SETTINGS.%s is told the same way in the environment and as a flag",
  (_key, { env, flag }) => {
    assertEquals(env, flag.toUpperCase().replaceAll("-", "_"));
  },
);

Deno.test.each(Object.entries(SETTINGS))(
  "SETTINGS.%s gives an example that is right",
  (key, { example }) => assert(isAccepted({ [key]: example })),
);

Deno.test.each([
  ["127.0.0.1:80", "127.0.0.1", 80],
  ["0.0.0.0:0", "0.0.0.0", 0],
  ["localhost:65535", "localhost", 65_535],
  ["[::1]:8080", "::1", 8_080],
  ["[::ffff:1.2.3.4]:8080", "::ffff:1.2.3.4", 8_080],
  ["[FE80::1]:8080", "FE80::1", 8_080],
])("SettingsSchema reads the address %s", (text, hostname, port) => {
  const { listen } = v.parse(SettingsSchema, { listen: text });

  assertEquals(listen, { hostname, port });
});

Deno.test.each([
  ["/", "/"],
  ["/tencent-chat", "/tencent-chat"],
  ["/tencent-chat/", "/tencent-chat"],
  ["/a/b", "/a/b"],
  ["/%E9%8D%B5-~.!$&'()*+,;=:@", "/%E9%8D%B5-~.!$&'()*+,;=:@"],
])("SettingsSchema reads the path %s", (text, callbackPath) => {
  const settings = v.parse(SettingsSchema, { callbackPath: text });

  assertEquals(settings.callbackPath, callbackPath);
});

Deno.test.each([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
])("SettingsSchema reads the flag %s as %s", (text, allowUnsigned) => {
  const settings = v.parse(SettingsSchema, { allowUnsigned: text });

  assertEquals(settings.allowUnsigned, allowUnsigned);
});

Deno.test.each([
  ["1", 1],
  ["36500", 36_500],
])("SettingsSchema reads %s days", (text, days) => {
  const settings = v.parse(SettingsSchema, { retentionDays: text });

  assertEquals(settings.retentionDays, days);
});

Deno.test.each([
  ["127.0.0.1", ["127.0.0.1"]],
  ["10.0.0.0/8, ::1,fd00::/8", ["10.0.0.0/8", "::1", "fd00::/8"]],
])("SettingsSchema reads the trusted proxies %s", (text, trustedProxies) => {
  const settings = v.parse(SettingsSchema, { trustedProxies: text });

  assertEquals(settings.trustedProxies, trustedProxies);
});

Deno.test.each([
  ["/var/lib/imhook.kv"],
  ["C:\\imhook.kv"],
  ["https://kv.example.com"],
  ["http://127.0.0.1:4512"],
  ["http://localhost/"],
])("SettingsSchema takes the store %s as it is", (kv) => {
  assertEquals(v.parse(SettingsSchema, { kv }).kv, kv);
});

Deno.test.each([
  ["listen", "8080"],
  ["listen", ":8080"],
  ["listen", "127.0.0.1"],
  ["listen", "127.0.0.1:"],
  ["listen", "127.0.0.1:65536"],
  ["listen", "127.0.0.1:-1"],
  ["listen", "127.0.0.1:80 "],
  ["listen", "::1:8080"],
  ["listen", "[::1]"],
  ["listen", "http://127.0.0.1:80"],
  ["callbackPath", "tencent-chat"],
  ["callbackPath", "a/b"],
  ["callbackPath", "/a b"],
  ["callbackPath", "/a?b"],
  ["callbackPath", "/a#b"],
  ["callbackPath", "/鍵"],
  ["callbackPath", "/a\n"],
  ["callbackPath", "https://example.com/a"],
  ["allowUnsigned", "yes"],
  ["allowUnsigned", "TRUE"],
  ["dedupeMax", "-1"],
  ["dedupeMax", "1.5"],
  ["dedupeMax", "1e3"],
  ["dedupeMax", "10000001"],
  ["dedupeMax", "many"],
  ["retentionDays", "0"],
  ["retentionDays", "-1"],
  ["retentionDays", "1.5"],
  ["retentionDays", "36501"],
  ["retentionDays", "for ever"],
  ["trustedProxies", "10.0.0.0/33"],
  ["trustedProxies", "::1/129"],
  ["trustedProxies", "10.0.0.1,"],
  ["trustedProxies", "proxy.example.com"],
  ["trustedProxies", "127.0.0.1 10.0.0.1"],
  ["metricsOpen", "yes"],
  ["reconcileHours", "-1"],
  ["reconcileHours", "8761"],
  ["reconcileRate", "0"],
  ["reconcileRate", "161"],
  ["logLevel", "trace"],
  ["logLevel", "INFO"],
  ["kv", ":memory:"],
  ["kv", "http://kv.example.com"],
  ["kv", "HTTP://kv.example.com"],
  ["kv", "http://localhost.example.com"],
  ["kv", "http://127.0.0.1@kv.example.com"],
  ["kv", "http://127.0.0.1:x@kv.example.com"],
  ["other", "1"],
])("SettingsSchema refuses for %s the text %j", (key, text) => {
  assertEquals(isAccepted({ [key]: text }), false);
});

Deno.test.each([
  ["1", true],
  ["0", false],
  ["10.0.0.0/8, fd00::/8", ["10.0.0.0/8", "fd00::/8"]],
])("SettingsSchema reads private endpoints %s as %j", (text, expected) => {
  const settings = v.parse(SettingsSchema, { allowPrivateEndpoints: text });

  assertEquals(settings.allowPrivateEndpoints, expected);
});
