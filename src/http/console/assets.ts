import alertsJs from "../../console/alerts.js" with { type: "text" };
import apiJs from "../../console/api.js" with { type: "text" };
import appJs from "../../console/app.js" with { type: "text" };
import baseCss from "../../console/base.css" with { type: "text" };
import chartJs from "../../console/chart.js" with { type: "text" };
import copyJs from "../../console/copy.js" with { type: "text" };
import domJs from "../../console/dom.js" with { type: "text" };
import drawerJs from "../../console/drawer.js" with { type: "text" };
import enJs from "../../console/en.js" with { type: "text" };
import endpointActionsJs from "../../console/endpoint_actions.js" with {
  type: "text",
};
import endpointBodyJs from "../../console/endpoint_body.js" with {
  type: "text",
};
import endpointDrawerJs from "../../console/endpoint_drawer.js" with {
  type: "text",
};
import endpointFactsJs from "../../console/endpoint_facts.js" with {
  type: "text",
};
import endpointFieldsJs from "../../console/endpoint_fields.js" with {
  type: "text",
};
import endpointFormJs from "../../console/endpoint_form.js" with {
  type: "text",
};
import endpointHistoryJs from "../../console/endpoint_history.js" with {
  type: "text",
};
import endpointLettersJs from "../../console/endpoint_letters.js" with {
  type: "text",
};
import endpointResendsJs from "../../console/endpoint_resends.js" with {
  type: "text",
};
import endpointWordsJs from "../../console/endpoint_words.js" with {
  type: "text",
};
import endpointsPageJs from "../../console/endpoints_page.js" with {
  type: "text",
};
import eventDrawerJs from "../../console/event_drawer.js" with { type: "text" };
import eventRowJs from "../../console/event_row.js" with { type: "text" };
import eventWordsJs from "../../console/event_words.js" with { type: "text" };
import eventsFeedJs from "../../console/events_feed.js" with { type: "text" };
import eventsFiltersJs from "../../console/events_filters.js" with {
  type: "text",
};
import eventsPageJs from "../../console/events_page.js" with { type: "text" };
import formatJs from "../../console/format.js" with { type: "text" };
import formsCss from "../../console/forms.css" with { type: "text" };
import groupFactsJs from "../../console/group_facts.js" with { type: "text" };
import groupPageJs from "../../console/group_page.js" with { type: "text" };
import groupRowJs from "../../console/group_row.js" with { type: "text" };
import groupsFeedJs from "../../console/groups_feed.js" with { type: "text" };
import groupsFiltersJs from "../../console/groups_filters.js" with {
  type: "text",
};
import groupsModelJs from "../../console/groups_model.js" with { type: "text" };
import groupsPageJs from "../../console/groups_page.js" with { type: "text" };
import guideJs from "../../console/guide.js" with { type: "text" };
import healthPageJs from "../../console/health_page.js" with { type: "text" };
import hexJs from "../../console/hex.js" with { type: "text" };
import i18nJs from "../../console/i18n.js" with { type: "text" };
import iconSvg from "../../console/icon.svg" with { type: "text" };
import iconsJs from "../../console/icons.js" with { type: "text" };
import jaJs from "../../console/ja.js" with { type: "text" };
import languageChoiceJs from "../../console/language_choice.js" with {
  type: "text",
};
import layoutCss from "../../console/layout.css" with { type: "text" };
import listsCss from "../../console/lists.css" with { type: "text" };
import liveJs from "../../console/live.js" with { type: "text" };
import loginJs from "../../console/login.js" with { type: "text" };
import memberEntryJs from "../../console/member_entry.js" with { type: "text" };
import noticeJs from "../../console/notice.js" with { type: "text" };
import overviewJs from "../../console/overview.js" with { type: "text" };
import pagedListJs from "../../console/paged_list.js" with { type: "text" };
import pagesCss from "../../console/pages.css" with { type: "text" };
import partsCss from "../../console/parts.css" with { type: "text" };
import partsJs from "../../console/parts.js" with { type: "text" };
import placeJs from "../../console/place.js" with { type: "text" };
import quarantineItemJs from "../../console/quarantine_item.js" with {
  type: "text",
};
import quarantinePageJs from "../../console/quarantine_page.js" with {
  type: "text",
};
import secretDialogJs from "../../console/secret_dialog.js" with {
  type: "text",
};
import shellJs from "../../console/shell.js" with { type: "text" };
import tokenJs from "../../console/token.js" with { type: "text" };
import virtualListJs from "../../console/virtual_list.js" with { type: "text" };
import zhJs from "../../console/zh.js" with { type: "text" };
import page from "../../console/page.html" with { type: "text" };

/** The console's one page. */
export const PAGE: string = page;

/** What the page is made of, by name. */
export const ASSETS: Readonly<Record<string, string>> = {
  "alerts.js": alertsJs,
  "api.js": apiJs,
  "app.js": appJs,
  "base.css": baseCss,
  "chart.js": chartJs,
  "copy.js": copyJs,
  "dom.js": domJs,
  "drawer.js": drawerJs,
  "en.js": enJs,
  "endpoint_actions.js": endpointActionsJs,
  "endpoint_body.js": endpointBodyJs,
  "endpoint_drawer.js": endpointDrawerJs,
  "endpoint_facts.js": endpointFactsJs,
  "endpoint_fields.js": endpointFieldsJs,
  "endpoint_form.js": endpointFormJs,
  "endpoint_history.js": endpointHistoryJs,
  "endpoint_letters.js": endpointLettersJs,
  "endpoint_resends.js": endpointResendsJs,
  "endpoint_words.js": endpointWordsJs,
  "endpoints_page.js": endpointsPageJs,
  "event_drawer.js": eventDrawerJs,
  "event_row.js": eventRowJs,
  "event_words.js": eventWordsJs,
  "events_feed.js": eventsFeedJs,
  "events_filters.js": eventsFiltersJs,
  "events_page.js": eventsPageJs,
  "format.js": formatJs,
  "forms.css": formsCss,
  "group_facts.js": groupFactsJs,
  "group_page.js": groupPageJs,
  "group_row.js": groupRowJs,
  "groups_feed.js": groupsFeedJs,
  "groups_filters.js": groupsFiltersJs,
  "groups_model.js": groupsModelJs,
  "groups_page.js": groupsPageJs,
  "guide.js": guideJs,
  "health_page.js": healthPageJs,
  "hex.js": hexJs,
  "i18n.js": i18nJs,
  "icon.svg": iconSvg,
  "icons.js": iconsJs,
  "ja.js": jaJs,
  "language_choice.js": languageChoiceJs,
  "layout.css": layoutCss,
  "lists.css": listsCss,
  "live.js": liveJs,
  "login.js": loginJs,
  "member_entry.js": memberEntryJs,
  "notice.js": noticeJs,
  "overview.js": overviewJs,
  "paged_list.js": pagedListJs,
  "pages.css": pagesCss,
  "parts.css": partsCss,
  "parts.js": partsJs,
  "place.js": placeJs,
  "quarantine_item.js": quarantineItemJs,
  "quarantine_page.js": quarantinePageJs,
  "secret_dialog.js": secretDialogJs,
  "shell.js": shellJs,
  "token.js": tokenJs,
  "virtual_list.js": virtualListJs,
  "zh.js": zhJs,
};
