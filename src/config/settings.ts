import * as v from "valibot";
import { isNetwork } from "../base/networks.ts";
import { parseKeepRules } from "./keep_rules.ts";

/** The address and port to listen on. */
export interface ListenAddress {
  readonly hostname: string;
  readonly port: number;
}

/** One setting that is no secret: its names, what it means, and how its text is read. */
interface Setting {
  /** Name in the environment, without IMHOOK_. */
  readonly env: string;
  /** Name on the command line, without dashes. */
  readonly flag: string;
  readonly help: string;
  /** Text that would be right. */
  readonly example: string;
  /** Shown in the help. */
  readonly byDefault: string;
}

const LISTEN_REGEXP = /^(\[[0-9a-f:.]+\]|[^:[\]\s]+):(\d{1,5})$/i;
const PATH_REGEXP = /^\/[\w\-.~%!$&'()*+,;=:@/]*$/;
const MAX_DEDUPE = 10_000_000;
const MAX_DAYS = 36_500;
const MAX_RECONCILE_HOURS = 8_760;
/** 80 % of what Tencent takes: above that it sends an alarm. */
const MAX_RECONCILE_RATE = 160;

const Flag = v.pipe(
  v.picklist(["1", "true", "0", "false"]),
  v.transform((text) => text === "1" || text === "true"),
);

const Listen = v.pipe(
  v.string(),
  v.regex(LISTEN_REGEXP),
  v.transform((text): ListenAddress => {
    const at = text.lastIndexOf(":");
    const hostname = text.slice(0, at).replace(/^\[|\]$/g, "");
    return { hostname, port: Number(text.slice(at + 1)) };
  }),
  v.check(({ port }) => port <= 65_535),
);

const CallbackPath = v.pipe(
  v.string(),
  v.regex(PATH_REGEXP),
  v.transform((path) => path.length > 1 ? path.replace(/\/$/, "") : path),
);

const Kv = v.pipe(
  v.string(),
  v.minLength(1),
  v.check((text) => text !== ":memory:" && !isPlainHttp(text)),
);

const Count = v.pipe(
  v.string(),
  v.regex(/^\d{1,8}$/),
  v.transform(Number),
  v.maxValue(MAX_DEDUPE),
);

const Days = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,4}$/),
  v.transform(Number),
  v.maxValue(MAX_DAYS),
);

const KeepRules = v.pipe(
  v.string(),
  v.transform(parseKeepRules),
  v.check((rules) => rules !== undefined),
  v.transform((rules) => rules ?? []),
);

const Hours = v.pipe(
  v.string(),
  v.regex(/^\d{1,4}$/),
  v.transform(Number),
  v.maxValue(MAX_RECONCILE_HOURS),
);

const Minutes = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,5}$/),
  v.transform(Number),
);

const Rate = v.pipe(
  v.string(),
  v.regex(/^[1-9]\d{0,2}$/),
  v.transform(Number),
  v.maxValue(MAX_RECONCILE_RATE),
);

const Networks = v.pipe(
  v.string(),
  v.transform((text) => text.split(",").map((network) => network.trim())),
  v.check((networks) => networks.every(isNetwork)),
  v.readonly(),
);

/** Proxies may also be the peer of a unix socket. */
const Proxies = v.pipe(
  v.string(),
  v.transform((text) => text.split(",").map((proxy) => proxy.trim())),
  v.check((proxies) => proxies.every((it) => it === "unix" || isNetwork(it))),
  v.readonly(),
);

const FlagOrNetworks = v.union([Flag, Networks]);

/** The schema that turns each setting's text into its value. */
export const SettingsSchema = v.strictObject({
  allowUnsigned: v.optional(Flag, "0"),
  insecureConsole: v.optional(Flag, "0"),
  listen: v.optional(Listen, "127.0.0.1:8080"),
  kv: v.optional(Kv),
  callbackPath: v.optional(CallbackPath, "/"),
  dedupeMax: v.optional(Count, "200000"),
  retentionDays: v.optional(Days),
  keep: v.optional(KeepRules),
  allowedSenders: v.optional(Networks),
  trustedProxies: v.optional(Proxies),
  allowPrivateEndpoints: v.optional(FlagOrNetworks, "0"),
  metricsOpen: v.optional(Flag, "0"),
  reconcileHours: v.optional(Hours, "24"),
  reconcileRate: v.optional(Rate, "20"),
  silenceMinutes: v.optional(Minutes, "1440"),
  alertLang: v.optional(v.picklist(["en", "ja", "zh"]), "en"),
  logLevel: v.optional(v.picklist(["debug", "info", "warn", "error"]), "info"),
});

/** The settings' values. */
export type Settings = v.InferOutput<typeof SettingsSchema>;

/** The one table of settings: key, names, help, example. */
export const SETTINGS: { readonly [Key in keyof Settings]-?: Setting } = {
  listen: {
    env: "LISTEN",
    flag: "listen",
    help: "Address and port to listen on",
    example: "127.0.0.1:8080",
    byDefault: "127.0.0.1:8080",
  },
  kv: {
    env: "KV",
    flag: "kv",
    help: "The store: a file, or the https:// URL of a KV Connect server",
    example: "/var/lib/imhook/imhook.kv",
    byDefault: "$STATE_DIRECTORY/imhook.kv, else ./data/imhook.kv",
  },
  callbackPath: {
    env: "CALLBACK_PATH",
    flag: "callback-path",
    help: "The path Tencent posts to; a secret one keeps scanners out",
    example: "/tencent-chat",
    byDefault: "/",
  },
  allowUnsigned: {
    env: "ALLOW_UNSIGNED",
    flag: "allow-unsigned",
    help:
      "Accept apps that have no token: anybody can then forge their callbacks",
    example: "1",
    byDefault: "0",
  },
  insecureConsole: {
    env: "INSECURE_CONSOLE",
    flag: "insecure-console",
    help:
      "Let peers in private networks use the console over plain http, for reading",
    example: "1",
    byDefault: "0",
  },
  dedupeMax: {
    env: "DEDUPE_MAX",
    flag: "dedupe-max",
    help: "How many of the newest records are remembered to recognise copies",
    example: "200000",
    byDefault: "200000",
  },
  retentionDays: {
    env: "RETENTION_DAYS",
    flag: "retention-days",
    help: "Remove events that were received more days ago, 1 to 36500",
    example: "90",
    byDefault: "keep everything",
  },
  keep: {
    env: "KEEP",
    flag: "keep",
    help:
      "How long bodies are kept, by command, the first match counts: none, meta, days or forever",
    example: "C2C.*=none, *.CallbackAfterSendMsg=7d, State.*=1d, *=forever",
    byDefault: "everything for ever",
  },
  allowedSenders: {
    env: "ALLOWED_SENDERS",
    flag: "allowed-senders",
    help:
      "Refuse callbacks from other addresses and CIDR blocks than these, by comma",
    example: "203.0.113.0/24,2001:db8::/32",
    byDefault: "any sender",
  },
  trustedProxies: {
    env: "TRUSTED_PROXIES",
    flag: "trusted-proxies",
    help:
      "Whose X-Forwarded-For counts: addresses, CIDR blocks and unix, by comma",
    example: "127.0.0.1,10.0.0.0/8",
    byDefault: "nobody's",
  },
  allowPrivateEndpoints: {
    env: "ALLOW_PRIVATE_ENDPOINTS",
    flag: "allow-private-endpoints",
    help:
      "Deliver also to this machine and to private networks, and over http://; " +
      "the variable also takes addresses and CIDR blocks, by comma",
    example: "10.0.0.0/8",
    byDefault: "0",
  },
  metricsOpen: {
    env: "METRICS_OPEN",
    flag: "metrics-open",
    help: "Serve /metrics without a token",
    example: "1",
    byDefault: "0",
  },
  reconcileHours: {
    env: "RECONCILE_HOURS",
    flag: "reconcile-hours",
    help: "Hours between two comparisons with Tencent's own list of groups",
    example: "24",
    byDefault: "24; 0 for never",
  },
  reconcileRate: {
    env: "RECONCILE_RATE",
    flag: "reconcile-rate",
    help: "Calls of Tencent's REST API a second at the most, 1 to 160",
    example: "20",
    byDefault: "20",
  },
  silenceMinutes: {
    env: "SILENCE_MINUTES",
    flag: "silence-minutes",
    help: "Minutes without a callback of an app that are an alert",
    example: "60",
    byDefault: "1440",
  },
  alertLang: {
    env: "ALERT_LANG",
    flag: "alert-lang",
    help: "Language of the alerts that IMHOOK_ALERT_URL gets: en, ja or zh",
    example: "ja",
    byDefault: "en",
  },
  logLevel: {
    env: "LOG_LEVEL",
    flag: "log-level",
    help: "debug, info, warn or error",
    example: "info",
    byDefault: "info",
  },
};

/** The access token of a KV Connect server must not cross a network in the clear. */
function isPlainHttp(text: string): boolean {
  const url = URL.parse(text);
  if (url?.protocol !== "http:") return false;
  return url.hostname !== "127.0.0.1" && url.hostname !== "localhost";
}
