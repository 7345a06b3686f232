// Where the page is: its view and filters are in the address bar, so that a link or a reload
// shows the same again.

const ROOT = "/console";

/** Which view the address names; "groups" where it names none. */
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

/** Goes to an address of ours. */
export function go(href) {
  history.pushState(null, "", href);
  onMove();
}

let onMove = () => {};

/** Calls `show` whenever the reader goes somewhere, by a link or through the history. */
export function watchPlace(show) {
  onMove = show;
  addEventListener("popstate", show);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey &&
      !event.shiftKey && !event.altKey && !event.defaultPrevented;
    if (!link || !isPlain || link.target || link.origin !== location.origin) {
      return;
    }
    if (!link.pathname.startsWith(`${ROOT}/`)) return;
    event.preventDefault();
    go(link.href);
  });
}
