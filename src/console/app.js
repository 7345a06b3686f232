import {
  ApiError,
  getJson,
  logIn,
  logOut,
  whenUnauthorized,
} from "./server/api.js";
import { fill } from "./parts/dom.js";
import { openEndpoints } from "./endpoints/endpoints_page.js";
import { openEvents } from "./events/events_page.js";
import { openGroup } from "./groups/group_page.js";
import { openGroups } from "./groups/groups_page.js";
import { openHealth } from "./health/health_page.js";
import { chooseLanguage, locale, t } from "./texts/i18n.js";
import { openLogin } from "./shell/login.js";
import { notices, reasonOf } from "./parts/notice.js";
import { Pulse } from "./server/pulse.js";
import { view, watchPlace } from "./server/place.js";
import { openQuarantine } from "./quarantine/quarantine_page.js";
import { createShell } from "./shell/shell.js";
import { applyTheme } from "./shell/theme_choice.js";
import { takeToken } from "./server/token.js";

/** A page gets what it needs and gives its element; it ends when its signal does. */
const PAGES = {
  groups: openGroups,
  group: openGroup,
  events: openEvents,
  quarantine: openQuarantine,
  endpoints: openEndpoints,
  health: openHealth,
};

const root = document.getElementById("app");
/** A session ends in all tabs at once: what streams already would go on. */
const otherTabs = new BroadcastChannel("imhook");
let server;
let shown = new AbortController();

/** Shows what the address names, in the language in use, from the beginning. */
function show({ keepsScroll = false } = {}) {
  shown.abort();
  shown = new AbortController();
  document.documentElement.lang = locale();
  if (server === undefined) return showLogin();
  const name = view() in PAGES ? view() : "groups";
  const { signal } = shown;
  const pulse = new Pulse({ signal });
  const shell = createShell({
    name,
    server,
    pulse,
    onLanguage,
    onLogOut,
    signal,
  });
  fill(root, shell.element, notices);
  const setTitle = (title) => document.title = `${title} · imhook`;
  setTitle(t(`nav.${name}`));
  const { setLive } = shell;
  shell.main.append(PAGES[name]({ server, pulse, signal, setLive, setTitle }));
  if (!keepsScroll) scrollTo(0, 0);
}

function showLogin(failure) {
  document.title = `${t("login.title")} · imhook`;
  fill(root, openLogin({ onToken: enter, onLanguage, failure }), notices);
}

/** Opens a session with a token and shows what it lets us see. */
async function enter(token) {
  await logIn(token);
  await learn();
  if (server === undefined) throw new ApiError(0, "", { isCookieLost: true });
  show();
}

/** Asks who we talk to; without a session there is no answer. */
async function learn() {
  server = await getJson("/console/context.json").catch((error) => {
    if (error.status === 401) return undefined;
    throw error;
  });
}

function onLanguage(code) {
  chooseLanguage(code);
  show({ keepsScroll: true });
}

async function onLogOut() {
  await logOut();
  otherTabs.postMessage("logged out");
  server = undefined;
  show();
}

function onEnd() {
  if (server === undefined) return;
  server = undefined;
  shown.abort();
  showLogin(t("login.ended"));
}

async function start() {
  watchPlace(() => show());
  const token = takeToken();
  try {
    if (token === undefined) await learn();
    else return await enter(token);
    show();
  } catch (error) {
    document.documentElement.lang = locale();
    showLogin(token === undefined ? reasonOf(error) : t("login.wrong"));
  }
}

applyTheme();
whenUnauthorized(onEnd);
otherTabs.onmessage = onEnd;
await start();
