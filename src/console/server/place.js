// Where the page is: its view and filters are in the address bar, so that a link or a reload
// shows the same again.

const ROOT = "/console";

/** The view in the address; "groups" if it names none. */
export function view() {
  return location.pathname.slice(ROOT.length + 1) || "groups";
}

/** The parameters of the view. */
export function params() {
  return Object.fromEntries(new URLSearchParams(location.search));
}

/** The address of a view with these parameters. */
export function hrefOf(name, values = {}) {
  const given = Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== "");
  const query = new URLSearchParams(given);
  return `${ROOT}/${name}${given.length === 0 ? "" : `?${query}`}`;
}

/** Changes the parameters of the view that is shown, without showing another. */
export function keepParams(values) {
  history.replaceState(history.state, "", hrefOf(view(), values));
}

/** Goes to an address of ours; where the page stood is known again on the way back. */
export function go(href) {
  history.replaceState({ scrollY }, "");
  history.pushState(null, "", href);
  onMove({ scrollY: 0 });
}

/** The open drawer or dialog over the view, with an address of its own. */
let overlay;

/**
 * Gives something over the view an address, so that it can be linked to; going back closes it.
 *
 * @param {Record<string, string>} values what the address says of it
 * @param {() => void} close
 */
export function openOverlay(values, close) {
  const all = { ...params(), ...values };
  const isLinked = Object.keys(values).every((name) =>
    params()[name] === values[name]
  );
  if (!isLinked) {
    if (overlay === undefined) history.replaceState({ scrollY }, "");
    const add = overlay === undefined ? "pushState" : "replaceState";
    history[add]({ isOverlay: true }, "", hrefOf(view(), all));
  }
  overlay = { close, names: Object.keys(values) };
}

/** Takes back the address of what was closed. */
export function closeOverlay(close) {
  if (overlay?.close !== close) return;
  const { names } = overlay;
  overlay = undefined;
  if (history.state?.isOverlay) {
    isLeaving = true;
    history.back();
    return;
  }
  const rest = Object.entries(params()).filter(([name]) =>
    !names.includes(name)
  );
  keepParams(Object.fromEntries(rest));
}

let isLeaving = false;
let onMove = () => {};

function onPop({ state }) {
  if (isLeaving) {
    isLeaving = false;
    return;
  }
  if (overlay !== undefined) {
    const { close } = overlay;
    overlay = undefined;
    close();
    return;
  }
  onMove({ scrollY: state?.scrollY ?? 0 });
}

/**
 * Calls `show` whenever the reader goes somewhere, by a link or through the history, with how far
 * down the page stood there.
 */
export function watchPlace(show) {
  onMove = show;
  history.scrollRestoration = "manual";
  addEventListener("popstate", onPop);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey &&
      !event.shiftKey && !event.altKey && !event.defaultPrevented;
    if (!link || !isPlain || link.getAttribute("target")) return;
    const url = new URL(link.getAttribute("href"), location.href);
    if (url.origin !== location.origin) return;
    if (!url.pathname.startsWith(`${ROOT}/`)) return;
    event.preventDefault();
    go(url.href);
  });
}
