// Runs before everything else, and imports nothing: a token in the address bar is taken out of it
// before the rest of the page has even arrived.

let token;

/** Takes a token out of the address bar, and keeps it until it is asked for. */
export function keepToken() {
  const found = /^#token=([^&]+)$/.exec(location.hash)?.[1];
  if (found === undefined) return;
  token = found;
  history.replaceState(history.state, "", location.pathname + location.search);
}

keepToken();

/** The token that the page was opened with, once; undefined without one. */
export function takeToken() {
  const taken = token;
  token = undefined;
  return taken;
}
