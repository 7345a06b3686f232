/** What is expected where a time is. */
export const TIME = "a time like 2026-11-22T08:00:00Z";

/** Whether a day is in the calendar: 30 February would become 2 March without a word. */
export function isTime(text: string): boolean {
  const day = Number(text.slice(8, 10));
  const month = new Date(`${text.slice(0, 7)}-01T00:00:00Z`);
  month.setUTCMonth(month.getUTCMonth() + 1, 0);
  return Number.isFinite(Date.parse(text)) && day <= month.getUTCDate();
}
