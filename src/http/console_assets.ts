import appJs from "../console/app.js" with { type: "text" };
import baseCss from "../console/base.css" with { type: "text" };
import iconSvg from "../console/icon.svg" with { type: "text" };
import page from "../console/page.html" with { type: "text" };

/** The console's one page. */
export const PAGE: string = page;

/** What the page is made of, by name. */
export const ASSETS: Readonly<Record<string, string>> = {
  "app.js": appJs,
  "base.css": baseCss,
  "icon.svg": iconSvg,
};
