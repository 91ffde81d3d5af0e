// Copy: a link to a text, or the block beside its button, goes to the clipboard where the browser lets it.
import { isPlainClick } from "../dom.js";
import { toast } from "../toasts.js";

document.addEventListener("click", ({ target }) => {
  const button = /** @type {Element} */ (target).closest("button[data-copy-block]");
  const block = button?.closest(".printed")?.querySelector("pre[data-whole]");
  if (button && block) void copyBlock(/** @type {HTMLButtonElement} */ (button), block);
});

/** What the block shows, to the blank. @param {HTMLButtonElement} button @param {Element} block */
async function copyBlock(button, block) {
  try {
    await navigator.clipboard.writeText(block.textContent ?? "");
    say(/** @type {Element} */ (button.querySelector("span")), "Copied");
  } catch {
    block.closest("details")?.setAttribute("open", "");
    getSelection()?.selectAllChildren(block); // without https, or where the browser refuses
    toast("Press Ctrl+C to copy what is selected.");
  }
}

/** Shows the word for two seconds. @param {Element} label @param {string} word */
function say(label, word) {
  label.textContent = word;
  label.classList.remove("visually-hidden");
  setTimeout(() => {
    label.textContent = "Copy";
    label.classList.add("visually-hidden");
  }, 2000);
}

document.addEventListener("click", (event) => {
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest("a[data-copy]"));
  if (!link || !isPlainClick(event) || !navigator.clipboard) return;
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
