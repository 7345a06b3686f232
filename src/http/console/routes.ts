import { createHash } from "node:crypto";
import { STATUS_CODE } from "@std/http/status";
import { ASSETS, PAGE } from "./assets.ts";
import { bundleModules } from "./bundle.ts";
import { type ContextOptions, contextRoute } from "./context.ts";
import { loginRoutes } from "./login.ts";
import type { Guesses } from "../edge/guesses.ts";
import type { Route } from "../edge/route.ts";
import type { Sessions } from "../edge/session.ts";

/** Dependencies of the console's routes. */
export interface ConsoleOptions extends ContextOptions {
  readonly sessions: Sessions;
  /** Sessions over plain http; undefined where --insecure-console is off. */
  readonly plainSessions?: Sessions | undefined;
  readonly guesses?: Guesses;
}

/** Paths of the one page; it finds by itself what to show. */
const VIEWS = [
  ...["", "/", "/groups", "/group", "/user", "/events", "/quarantine"],
  ...["/endpoints", "/deciders", "/health"],
];

/** Takes the token out of the address before the rest of the page arrives. */
const TOKEN_MODULE = "server/token.js";
/** Later sheets refine earlier ones. */
const SHEETS = ["base", "layout", "parts", "forms", "lists", "pages"];

/** The files that the page loads: its modules as one, its style sheets as one. */
export function consoleFiles(): Readonly<Record<string, string>> {
  const { [TOKEN_MODULE]: token = "", "icon.svg": icon = "" } = ASSETS;
  return {
    "bundle.js": bundleModules(ASSETS, {
      entry: "app.js",
      external: [TOKEN_MODULE],
    }),
    "bundle.css": SHEETS.map((name) => ASSETS[`${name}.css`]).join("\n"),
    [TOKEN_MODULE]: token,
    "icon.svg": icon,
  };
}

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Nothing from another host, nothing inline, in no frame. */
const HEADERS = {
  "content-security-policy": "default-src 'none'; script-src 'self'; " +
    "style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'; trusted-types 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-cache",
};

/** The page for people: its files are open to everybody, what it shows is not. */
export function consoleRoutes(options: ConsoleOptions): readonly Route[] {
  return [
    ...VIEWS.map((path) => fileRoute(`/console${path}`, "page.html", PAGE)),
    ...Object.entries(consoleFiles()).map(([name, text]) =>
      fileRoute(`/console/${name}`, name, text)
    ),
    contextRoute(options),
    ...loginRoutes(options),
  ];
}

function fileRoute(pattern: string, name: string, text: string): Route {
  const digest = createHash("sha256").update(text).digest("hex");
  const etag = `"${digest.slice(0, 32)}"`;
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "text/plain";
  const headers = { ...HEADERS, "content-type": type, etag };
  return {
    method: "GET",
    pattern,
    handle: ({ request }) => {
      const known = request.headers.get("if-none-match") ?? "";
      return known.split(/, */).includes(etag)
        ? new Response(null, { status: STATUS_CODE.NotModified, headers })
        : new Response(text, { headers });
    },
  };
}
