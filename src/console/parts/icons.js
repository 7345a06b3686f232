import { svg } from "./dom.js";

/** Outlines on a field of 24 × 24. */
const PATHS = {
  groups:
    "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm8 1a2.5 2.5 0 1 0 0-5M2.5 19c.4-3 2.5-5 5.5-5s5.1 2 5.5 5M16 14.500c2.7 0 4.7 1.7 5.3 4.5",
  events: "M4 12h3l3-7 4 14 3-7h3",
  quarantine: "M12 4 3.5 19h17L12 4Zm0 6v4m0 2.800v.2",
  endpoints: "M4 12h12m-5-5 5 5-5 5M20 5v14",
  deciders: "M12 4v16M5 8h14M5 8l-2.500 6h5L5 8Zm14 0-2.500 6h5L19 8Z",
  health:
    "M12 20S4 15 4 9.500A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 8 2.500C20 15 12 20 12 20Z",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm5-1.500L20 20",
  copy: "M9 9h10v11H9zM5 15V4h10",
  done: "m5 12.5 4.5 4.500L19 7.5",
  close: "m6 6 12 12M18 6 6 18",
  back: "m14 6-6 6 6 6",
  pause: "M9 5v14M15 5v14",
  play: "M8 5v14l11-7Z",
  trash: "M5 7h14M10 7V4.500h4V7m3 0-.800 12.500H7.800L7 7m3.5 3.500v6m3-6v6",
  again: "M19 12a7 7 0 1 1-2.1-5M17 3v4.500h-4.5",
  exit: "M10 4H5v16h5m4-12 4 4-4 4m4-4H9",
  up: "M12 19V6m-5.5 5L12 5.500l5.5 5.5",
  chevron: "m9 6 6 6-6 6",
  filter: "M4 6h16M7 12h10M10 18h4",
  add: "M12 5v14M5 12h14",
  edit: "M4 20h4L19 9l-4-4L4 16v4Z",
  key:
    "M14.500 9.500a4.500 4.500 0 1 0-4 4.500l1.500 1.500h2v2h2v2h4v-3.500l-5.800-5.800ZM8 8v.2",
  send: "M21 3 10 14m11-11-7 18-4-7-7-4 18-7Z",
};

/** A drawing that says nothing to a screen reader: what it stands beside does. */
export function icon(name) {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    svg("path", { d: PATHS[name] }),
  );
}

/** The mark of imhook: a hook that holds an event. */
export function mark() {
  return svg(
    "svg",
    { class: "mark", viewBox: "0 0 32 32", "aria-hidden": "true" },
    svg("rect", { width: 32, height: 32, rx: 9 }),
    svg("path", { d: "M10 9v8a6 6 0 0 0 12 0v-3m-3.5 3L22 13l3.5 4" }),
    svg("circle", { cx: 10, cy: 8, r: 2.6 }),
  );
}
