// Copy as text: a link to the text, which goes to the clipboard where the browser lets it.
import { toast } from "../toasts.js";

document.addEventListener("click", (event) => {
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest("a[data-copy]"));
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || !navigator.clipboard) return;
  event.preventDefault();
  void copy(link.href);
});

/** @param {string} address */
async function copy(address) {
  try {
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    await navigator.clipboard.writeText(await answer.text());
    toast("Copied. Paste it into a chat or mail.", "success");
  } catch {
    location.assign(address); // there it can be read and copied by hand; or it says what is the matter
  }
}
