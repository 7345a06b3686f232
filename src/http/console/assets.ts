// Made from src/console by `deno task assets`; a test fails when it is stale.
import asset0 from "../../console/app.js" with { type: "text" };
import asset1 from "../../console/base.css" with { type: "text" };
import asset2 from "../../console/endpoints/endpoint_actions.js" with {
  type: "text",
};
import asset3 from "../../console/endpoints/endpoint_body.js" with {
  type: "text",
};
import asset4 from "../../console/endpoints/endpoint_chart.js" with {
  type: "text",
};
import asset5 from "../../console/endpoints/endpoint_drawer.js" with {
  type: "text",
};
import asset6 from "../../console/endpoints/endpoint_facts.js" with {
  type: "text",
};
import asset7 from "../../console/endpoints/endpoint_fields.js" with {
  type: "text",
};
import asset8 from "../../console/endpoints/endpoint_form.js" with {
  type: "text",
};
import asset9 from "../../console/endpoints/endpoint_history.js" with {
  type: "text",
};
import asset10 from "../../console/endpoints/endpoint_letters.js" with {
  type: "text",
};
import asset11 from "../../console/endpoints/endpoint_resends.js" with {
  type: "text",
};
import asset12 from "../../console/endpoints/endpoint_words.js" with {
  type: "text",
};
import asset13 from "../../console/endpoints/endpoints_page.js" with {
  type: "text",
};
import asset14 from "../../console/events/event_deliveries.js" with {
  type: "text",
};
import asset15 from "../../console/events/event_details.js" with {
  type: "text",
};
import asset16 from "../../console/events/event_drawer.js" with {
  type: "text",
};
import asset17 from "../../console/events/event_row.js" with { type: "text" };
import asset18 from "../../console/events/event_words.js" with { type: "text" };
import asset19 from "../../console/events/events_feed.js" with { type: "text" };
import asset20 from "../../console/events/events_filters.js" with {
  type: "text",
};
import asset21 from "../../console/events/events_page.js" with { type: "text" };
import asset22 from "../../console/forms.css" with { type: "text" };
import asset23 from "../../console/groups/group_facts.js" with { type: "text" };
import asset24 from "../../console/groups/group_page.js" with { type: "text" };
import asset25 from "../../console/groups/group_row.js" with { type: "text" };
import asset26 from "../../console/groups/groups_feed.js" with { type: "text" };
import asset27 from "../../console/groups/groups_filters.js" with {
  type: "text",
};
import asset28 from "../../console/groups/groups_model.js" with {
  type: "text",
};
import asset29 from "../../console/groups/groups_page.js" with { type: "text" };
import asset30 from "../../console/groups/guide.js" with { type: "text" };
import asset31 from "../../console/groups/member_entry.js" with {
  type: "text",
};
import asset32 from "../../console/groups/overview.js" with { type: "text" };
import asset33 from "../../console/groups/user_page.js" with { type: "text" };
import asset34 from "../../console/health/alerts.js" with { type: "text" };
import asset35 from "../../console/health/checks.js" with { type: "text" };
import asset36 from "../../console/health/health_page.js" with { type: "text" };
import asset37 from "../../console/health/reconciliations.js" with {
  type: "text",
};
import asset38 from "../../console/icon.svg" with { type: "text" };
import asset39 from "../../console/layout.css" with { type: "text" };
import asset40 from "../../console/lists.css" with { type: "text" };
import asset41 from "../../console/pages.css" with { type: "text" };
import asset42 from "../../console/parts.css" with { type: "text" };
import asset43 from "../../console/parts/chart.js" with { type: "text" };
import asset44 from "../../console/parts/copy.js" with { type: "text" };
import asset45 from "../../console/parts/dom.js" with { type: "text" };
import asset46 from "../../console/parts/drawer.js" with { type: "text" };
import asset47 from "../../console/parts/exact_json.js" with { type: "text" };
import asset48 from "../../console/parts/format.js" with { type: "text" };
import asset49 from "../../console/parts/hex.js" with { type: "text" };
import asset50 from "../../console/parts/icons.js" with { type: "text" };
import asset51 from "../../console/parts/notice.js" with { type: "text" };
import asset52 from "../../console/parts/paged_list.js" with { type: "text" };
import asset53 from "../../console/parts/parts.js" with { type: "text" };
import asset54 from "../../console/parts/safe_text.js" with { type: "text" };
import asset55 from "../../console/parts/scroll.js" with { type: "text" };
import asset56 from "../../console/parts/secret_dialog.js" with {
  type: "text",
};
import asset57 from "../../console/parts/virtual_list.js" with { type: "text" };
import asset58 from "../../console/quarantine/quarantine_item.js" with {
  type: "text",
};
import asset59 from "../../console/quarantine/quarantine_page.js" with {
  type: "text",
};
import asset60 from "../../console/server/api.js" with { type: "text" };
import asset61 from "../../console/server/live.js" with { type: "text" };
import asset62 from "../../console/server/place.js" with { type: "text" };
import asset63 from "../../console/server/pulse.js" with { type: "text" };
import asset64 from "../../console/server/token.js" with { type: "text" };
import asset65 from "../../console/shell/language_choice.js" with {
  type: "text",
};
import asset66 from "../../console/shell/login.js" with { type: "text" };
import asset67 from "../../console/shell/offline_bar.js" with { type: "text" };
import asset68 from "../../console/shell/shell.js" with { type: "text" };
import asset69 from "../../console/shell/theme_choice.js" with { type: "text" };
import asset70 from "../../console/shell/unlock.js" with { type: "text" };
import asset71 from "../../console/texts/en.js" with { type: "text" };
import asset72 from "../../console/texts/en_events.js" with { type: "text" };
import asset73 from "../../console/texts/i18n.js" with { type: "text" };
import asset74 from "../../console/texts/ja.js" with { type: "text" };
import asset75 from "../../console/texts/ja_events.js" with { type: "text" };
import asset76 from "../../console/texts/zh.js" with { type: "text" };
import asset77 from "../../console/texts/zh_events.js" with { type: "text" };
import page from "../../console/page.html" with { type: "text" };

/** The console's one page. */
export const PAGE: string = page;

/** The files that the page loads, by path. */
export const ASSETS: Readonly<Record<string, string>> = {
  "app.js": asset0,
  "base.css": asset1,
  "endpoints/endpoint_actions.js": asset2,
  "endpoints/endpoint_body.js": asset3,
  "endpoints/endpoint_chart.js": asset4,
  "endpoints/endpoint_drawer.js": asset5,
  "endpoints/endpoint_facts.js": asset6,
  "endpoints/endpoint_fields.js": asset7,
  "endpoints/endpoint_form.js": asset8,
  "endpoints/endpoint_history.js": asset9,
  "endpoints/endpoint_letters.js": asset10,
  "endpoints/endpoint_resends.js": asset11,
  "endpoints/endpoint_words.js": asset12,
  "endpoints/endpoints_page.js": asset13,
  "events/event_deliveries.js": asset14,
  "events/event_details.js": asset15,
  "events/event_drawer.js": asset16,
  "events/event_row.js": asset17,
  "events/event_words.js": asset18,
  "events/events_feed.js": asset19,
  "events/events_filters.js": asset20,
  "events/events_page.js": asset21,
  "forms.css": asset22,
  "groups/group_facts.js": asset23,
  "groups/group_page.js": asset24,
  "groups/group_row.js": asset25,
  "groups/groups_feed.js": asset26,
  "groups/groups_filters.js": asset27,
  "groups/groups_model.js": asset28,
  "groups/groups_page.js": asset29,
  "groups/guide.js": asset30,
  "groups/member_entry.js": asset31,
  "groups/overview.js": asset32,
  "groups/user_page.js": asset33,
  "health/alerts.js": asset34,
  "health/checks.js": asset35,
  "health/health_page.js": asset36,
  "health/reconciliations.js": asset37,
  "icon.svg": asset38,
  "layout.css": asset39,
  "lists.css": asset40,
  "pages.css": asset41,
  "parts.css": asset42,
  "parts/chart.js": asset43,
  "parts/copy.js": asset44,
  "parts/dom.js": asset45,
  "parts/drawer.js": asset46,
  "parts/exact_json.js": asset47,
  "parts/format.js": asset48,
  "parts/hex.js": asset49,
  "parts/icons.js": asset50,
  "parts/notice.js": asset51,
  "parts/paged_list.js": asset52,
  "parts/parts.js": asset53,
  "parts/safe_text.js": asset54,
  "parts/scroll.js": asset55,
  "parts/secret_dialog.js": asset56,
  "parts/virtual_list.js": asset57,
  "quarantine/quarantine_item.js": asset58,
  "quarantine/quarantine_page.js": asset59,
  "server/api.js": asset60,
  "server/live.js": asset61,
  "server/place.js": asset62,
  "server/pulse.js": asset63,
  "server/token.js": asset64,
  "shell/language_choice.js": asset65,
  "shell/login.js": asset66,
  "shell/offline_bar.js": asset67,
  "shell/shell.js": asset68,
  "shell/theme_choice.js": asset69,
  "shell/unlock.js": asset70,
  "texts/en.js": asset71,
  "texts/en_events.js": asset72,
  "texts/i18n.js": asset73,
  "texts/ja.js": asset74,
  "texts/ja_events.js": asset75,
  "texts/zh.js": asset76,
  "texts/zh_events.js": asset77,
};
