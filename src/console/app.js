import {
  ApiError,
  getJson,
  logIn,
  logOut,
  whenUnauthorized,
} from "./server/api.js";
import { fill } from "./parts/dom.js";
import { openDeciders } from "./deciders/deciders_page.js";
import { openEndpoints } from "./endpoints/endpoints_page.js";
import { openEventByNumber } from "./events/event_drawer.js";
import { scrollBack } from "./parts/scroll.js";
import { openEvents } from "./events/events_page.js";
import { openGroup } from "./groups/group_page.js";
import { openGroups } from "./groups/groups_page.js";
import { openUser } from "./groups/user_page.js";
import { openHealth } from "./health/health_page.js";
import { chooseLanguage, locale, t } from "./texts/i18n.js";
import { openLogin, openLoginDialog, whyNot } from "./shell/login.js";
import { notices, reasonOf, tellError } from "./parts/notice.js";
import { Pulse } from "./server/pulse.js";
import { params, view, watchPlace } from "./server/place.js";
import { openQuarantine } from "./quarantine/quarantine_page.js";
import { createShell } from "./shell/shell.js";
import { applyTheme } from "./shell/theme_choice.js";
import { keepToken, takeToken } from "./server/token.js";

/** A page gets what it needs and gives its element; it ends when its signal does. */
const PAGES = {
  groups: openGroups,
  group: openGroup,
  user: openUser,
  events: openEvents,
  quarantine: openQuarantine,
  endpoints: openEndpoints,
  deciders: openDeciders,
  health: openHealth,
};

const root = document.getElementById("app");
/** A session ends in all tabs at once: what streams already would go on. */
const otherTabs = new BroadcastChannel("imhook");
let server;
let shown = new AbortController();

/** Shows what the address names, in the language in use, from the beginning. */
function show({ keepsScroll = false, scrollY = 0 } = {}) {
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
    onUnlocked,
    signal,
  });
  fill(root, shell.element, notices);
  const setTitle = (title) => document.title = `${title} · imhook`;
  setTitle(t(`nav.${name}`));
  const { setLive } = shell;
  shell.main.append(PAGES[name]({ server, pulse, signal, setLive, setTitle }));
  const { event } = params();
  if (event !== undefined) openEventByNumber(event, { server, signal });
  if (!keepsScroll) scrollBack(scrollY, signal);
}

function showLogin(failure) {
  document.title = `${t("login.title")} · imhook`;
  fill(root, openLogin({ onToken: enter, onLanguage, failure }), notices);
}

/** Opens a session with a token and shows what it lets us see, in the other tabs as well. */
async function enter(token) {
  await openSession(token);
  show();
}

async function openSession(token) {
  await logIn(token);
  await learn();
  if (server === undefined) throw new ApiError(0, "", { isCookieLost: true });
  otherTabs.postMessage("logged in");
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

function onUnlocked() {
  server = { ...server, canWrite: true, canUnlock: false };
  show({ keepsScroll: true });
}

async function onLogOut() {
  await logOut();
  otherTabs.postMessage("logged out");
  server = undefined;
  show();
}

function onLoggedOut() {
  if (server === undefined) return;
  server = undefined;
  shown.abort();
  showLogin(t("login.ended"));
}

let endedDialog;

/** A session that ran out: the page stays behind the login, with whatever was typed into it. */
function onEnd() {
  if (server === undefined || endedDialog !== undefined) return;
  const failure = t("login.ended");
  endedDialog = openLoginDialog({ onToken: resume, failure });
}

async function resume(token) {
  await openSession(token);
  closeEndedDialog();
}

function closeEndedDialog() {
  endedDialog?.close();
  endedDialog = undefined;
}

/** Another tab has logged in: the session is this browser's, and so this tab's. */
async function onLoggedIn() {
  const isShown = server !== undefined;
  await learn();
  if (server === undefined) return;
  closeEndedDialog();
  if (!isShown) show();
}

/** A link with a token, pasted into the address bar of an open page. */
function onLink() {
  keepToken();
  const token = takeToken();
  if (token === undefined) return;
  enter(token).catch((error) => showLogin(whyNot(error)));
}

async function start() {
  watchPlace(show);
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
addEventListener("hashchange", onLink);
otherTabs.onmessage = ({ data }) =>
  data === "logged in" ? onLoggedIn().catch(tellError) : onLoggedOut();
await start();
