// What the server last wrote: the regions, and the items of the two lists.
import { all, byId } from "../dom.js";

/** @type {Record<string, string>} the first word of an element's id: the list it belongs in */
export const LISTS = { card: "cards", step: "trail", message: "trail" };
export const lists = () => ["cards", "trail"].flatMap((id) => byId(id) || []);
/** @param {Element | null} element */
export const isList = (element) => element?.id === "cards" || element?.id === "trail";

/** @type {Map<string, number>} the number with which an item was last pushed: an older page knows less of it */
export const pushed = new Map();

/** @type {Map<string, string>} what the server last wrote, by id: our own changes to the page are no difference */
export const seen = new Map();
/** @param {Element} element */
export const markup = (element) => element.outerHTML.replace(/(<input type="hidden"[^>]* value=")[^"]*/g, "$1");
/** @param {Document} [from] */
export const regions = (from = document) => all("[data-live][id]", from).filter((region) => !isList(region) && !isList(region.parentElement));
for (const region of [...regions(), ...all("#cards > [id], #trail > [id]")]) seen.set(region.id, markup(region));

/** Something else than a refetch has written here. @param {Element} element */
export function forget(element) {
  for (const part of [element, ...all("[id]", element)]) seen.delete(part.id);
  for (let region = element.closest("[data-live]"); region; region = region.parentElement?.closest("[data-live]") || null) seen.delete(region.id);
}
