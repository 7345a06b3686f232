const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element. Texts among the children stay texts: nothing that was received ever becomes
 * markup.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [props] `on…` functions listen; true, false and undefined are
 *   an attribute's presence; anything else is its value
 * @param {...(Node | string | number | null | undefined | false)} children
 */
export function h(tag, props = {}, ...children) {
  return filled(document.createElement(tag), props, children);
}

/** Makes an SVG element, as `h` does. */
export function svg(tag, props = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), props, children);
}

/** Puts these children, and nothing else, into an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(isShown).map(nodeOf));
  return element;
}

/** Something that only a screen reader tells. */
export function spoken(text) {
  return h("span", { class: "spoken" }, text);
}

function filled(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice("on".length), value);
    } else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== null && value !== false) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.flat().filter(isShown).map(nodeOf));
  return element;
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false;
}

function nodeOf(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}
