/** Rows that exist above and below those that are seen. */
const SPARE_ROWS = 8;

/** Rows from the end at which more are asked for. */
const NEAR_END_ROWS = 40;

/**
 * A long list in the page's own scrolling, of which only the rows in sight exist. Rows have one
 * height, which the style sheet sets as `--row-height`. A row is kept for as long as its item is
 * the same object, so that focus and selection survive changes elsewhere.
 */
export class VirtualList {
  #element;
  #render;
  #keyOf;
  #onNearEnd;
  #items = [];
  #rows = new Map();
  #isPlanned = false;

  constructor({ element, render, keyOf, onNearEnd = () => {}, signal }) {
    this.#element = element;
    this.#render = render;
    this.#keyOf = keyOf;
    this.#onNearEnd = onNearEnd;
    const plan = () => this.#plan();
    addEventListener("scroll", plan, { passive: true, signal });
    addEventListener("resize", plan, { passive: true, signal });
    element.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Shows these items. */
  setItems(items) {
    this.#items = items;
    this.#show();
  }

  /** Makes every row anew: what they say has changed though their items have not. */
  refresh() {
    for (const row of this.#rows.values()) row.item = undefined;
    this.#show();
  }

  get #rowHeight() {
    const style = getComputedStyle(this.#element);
    return parseFloat(style.getPropertyValue("--row-height")) || 56;
  }

  #plan() {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    requestAnimationFrame(() => {
      this.#isPlanned = false;
      if (this.#element.isConnected) this.#show();
    });
  }

  #show() {
    const height = this.#rowHeight;
    this.#element.style.height = `${this.#items.length * height}px`;
    const top = this.#element.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(-top / height) - SPARE_ROWS);
    const end = Math.min(
      this.#items.length,
      Math.ceil((innerHeight - top) / height) + SPARE_ROWS,
    );
    this.#showRange(first, Math.max(first, end), height);
    if (end > this.#items.length - NEAR_END_ROWS) this.#onNearEnd();
  }

  #showRange(first, end, height) {
    const shown = new Map();
    for (let index = first; index < end; index++) {
      const item = this.#items[index];
      const key = this.#keyOf(item);
      shown.set(key, this.#rowFor(key, item, index, height));
    }
    for (const [key, { element }] of this.#rows) {
      if (!shown.has(key)) element.remove();
    }
    this.#rows = shown;
    this.#order();
  }

  #rowFor(key, item, index, height) {
    const known = this.#rows.get(key);
    const row = known?.item === item
      ? known
      : { item, element: this.#render(item, index) };
    if (known !== undefined && row !== known) swap(known.element, row.element);
    row.element.style.top = `${index * height}px`;
    row.element.setAttribute("aria-rowindex", String(index + 2));
    return row;
  }

  /** The document's order is that of the list; what stands right is not touched: it may have focus. */
  #order() {
    let next = this.#element.firstChild;
    for (const { element } of this.#rows.values()) {
      if (element === next) next = next.nextSibling;
      else this.#element.insertBefore(element, next);
    }
  }

  #onKey(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey) return;
    const rows = [...this.#element.children];
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const target = rows[at + step]?.querySelector("a, button");
    if (at < 0 || !target) return;
    event.preventDefault();
    target.focus({ preventScroll: true });
    rows[at + step].scrollIntoView({ block: "nearest" });
  }
}

/** Puts a row in another's place, and focus where it was. */
function swap(before, after) {
  const hadFocus = before.contains(document.activeElement);
  before.replaceWith(after);
  if (hadFocus) after.querySelector("a, button")?.focus();
}
