import { assertEquals } from "@std/assert";
import { bodyOf } from "../support/server/callback.ts";
import { startServer } from "../support/server/server.ts";
import {
  openView,
  send,
  untilTrue,
  withBrowser,
} from "../support/server/browser.ts";

const TYPES = [
  "Public",
  "Work",
  "Meeting",
  "AVChatRoom",
  "BChatRoom",
  "Community",
];
const SIZES = [{ width: 390, height: 844 }, { width: 1280, height: 800 }];
const WORDS =
  "nav a > span:not(.count), .groups .row .type .badge, .groups .row .state span";
/** The words that end in an ellipsis, or at the edge of what holds them. */
const CUT = `[...document.querySelectorAll("${WORDS}")]
  .filter((word) => word.scrollWidth > word.clientWidth && word.clientWidth > 0 ||
    word.parentElement.scrollWidth > word.parentElement.clientWidth)
  .map((word) => word.textContent)`;

Deno.test(
  "neither the navigation nor a group's type is cut, in any language and size",
  withBrowser,
  async (t) => {
    await using server = await startServer();
    for (const Type of TYPES) {
      await send(server, { body: bodyOf({ GroupId: `g-${Type}`, Type }) });
    }
    for (const locale of ["en", "ja", "zh-CN"]) {
      for (const size of SIZES) {
        await t.step(`${locale}, ${size.width}`, async () => {
          await using view = await openView(server, { locale, size });
          await untilTrue(
            view.page,
            `document.querySelectorAll(".groups .row .type .badge").length === ${TYPES.length}`,
          );
          assertEquals(await view.page.evaluate(CUT), []);
        });
      }
    }
  },
);
