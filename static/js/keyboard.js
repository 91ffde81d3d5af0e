// On a phone: the field one types in stays in sight when the keyboard, or a toast, comes.
import { byId } from "./dom.js";

const FIELD = "main :is(textarea, input, select)";

function keepInSight() {
  const field = document.activeElement;
  if (matchMedia("(pointer: coarse)").matches && field?.matches(FIELD)) field.scrollIntoView({ block: "nearest" });
}

addEventListener("resize", keepInSight);
new MutationObserver(keepInSight).observe(byId("toasts") || document.body, { childList: true });
