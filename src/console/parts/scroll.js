const PATIENCE_MS = 30_000;

/**
 * Scrolls to where the page stood. A list that is read page by page grows only as it is scrolled:
 * this goes to its end until it is long enough, or for half a minute at the most.
 */
export function scrollBack(y, signal) {
  if (y === 0) return scrollTo(0, 0);
  const stop = new AbortController();
  const ended = AbortSignal.any([
    signal,
    stop.signal,
    AbortSignal.timeout(PATIENCE_MS),
  ]);
  const observer = new ResizeObserver(() => {
    scrollTo(0, y);
    if (scrollY >= y - 1) stop.abort();
  });
  for (const name of ["wheel", "touchstart", "keydown", "pointerdown"]) {
    addEventListener(name, () => stop.abort(), {
      signal: ended,
      passive: true,
    });
  }
  ended.addEventListener("abort", () => observer.disconnect(), { once: true });
  observer.observe(document.body);
}
