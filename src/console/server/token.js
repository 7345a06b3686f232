// Runs before everything else, and imports nothing: a token in the address bar is taken out of it
// before the rest of the page has even arrived.

let token = /^#token=([^&]+)$/.exec(location.hash)?.[1];
if (token !== undefined) {
  history.replaceState(history.state, "", location.pathname + location.search);
}

/** The token that the page was opened with, once; undefined without one. */
export function takeToken() {
  const taken = token;
  token = undefined;
  return taken;
}
