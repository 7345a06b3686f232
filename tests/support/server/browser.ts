import { type Browser, chromium, type Page } from "playwright-core";
import { API_TOKEN, type Sending, type Server } from "./server.ts";
import { until } from "../until.ts";

const PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PATIENCE_MS = 20_000;

const executablePath = PATHS.find(isThere);
const mayBeMissing = Deno.env.get("CI") !== "true";

/**
 * Options of a test that needs a browser: skipped where there is none, but never in CI. One browser
 * serves all tests of a file, so that it is no leak of the first.
 */
export const withBrowser = {
  ignore: executablePath === undefined && mayBeMissing,
  sanitizeOps: false,
  sanitizeResources: false,
};

let browser: Promise<Browser> | undefined;
Deno.test.afterAll(async () => await (await browser)?.close());

if (withBrowser.ignore) {
  // deno-lint-ignore no-console -- a skipped test says why
  console.log(
    `Console tests are skipped, no browser here: none of ${PATHS.join(", ")}`,
  );
}

/** Language, screen and rights of the person at the console. */
export interface ViewOptions {
  readonly locale?: string;
  readonly size?: { readonly width: number; readonly height: number };
  readonly isDark?: boolean;
  /** @default the server's own token; "" for who has none */
  readonly token?: string;
}

/** A page with cookies and storage of its own, and whatever went wrong in it. */
export interface View extends AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts, and what the content security policy refused. */
  readonly problems: readonly string[];
}

/** Opens the console of a server, logged in by the link's token. */
export async function openView(
  server: Pick<Server, "origin">,
  options: ViewOptions = {},
): Promise<View> {
  const { locale = "en-US", isDark = false, token = API_TOKEN } = options;
  browser ??= launch();
  const context = await (await browser).newContext({
    locale,
    viewport: options.size ?? { width: 1440, height: 900 },
    colorScheme: isDark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    const page = await context.newPage();
    const problems = collectProblems(page);
    await page.goto(
      `${server.origin}/console${token === "" ? "" : `#token=${token}`}`,
    );
    await page.waitForSelector(token === "" ? ".login" : "nav");
    return {
      page,
      problems,
      [Symbol.asyncDispose]: () => context.close(),
    };
  } catch (error) {
    await context.close();
    throw error;
  }
}

/** Waits until an expression of the page's is true. */
export async function untilTrue(page: Page, expression: string): Promise<void> {
  // The page's policy lets nobody evaluate text in it, so that its own waiting is no use.
  await until(expression, async () => {
    return await page.evaluate(expression) === true || undefined;
  });
}

/** Sends what need not be answered well. */
export async function send(
  server: Pick<Server, "send">,
  sending: Sending,
): Promise<void> {
  const answer = await server.send(sending);
  await answer.body?.cancel();
}

/** The texts of all elements that match. */
export async function textsOf(page: Page, selector: string): Promise<string[]> {
  const texts = await page.locator(selector).allInnerTexts();
  return texts.map((text: string) => text.trim());
}

function launch(): Promise<Browser> {
  if (executablePath === undefined) {
    throw new Error(`No browser: none of ${PATHS.join(", ")}`);
  }
  return chromium.launch({ executablePath, args: ARGS });
}

/** An answer that is no success is told of as an error too, and is no problem of the page. */
function collectProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    const text = message.text();
    const isAnswer = /Failed to load resource|ERR_/.test(text);
    if (message.type() === "error" && !isAnswer) problems.push(text);
  });
  return problems;
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
