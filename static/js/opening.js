// A session opens at its newest entry, composer in reach: before anything is painted, so that nothing is seen to move.
//
// Where the address names an entry, or one comes back to the page, the browser knows the place. A finished session opens
// at its top, with what fixed it.
const [opened] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
const newest = document.querySelector("#trail[data-newest] > :last-child, #trail-window[data-newest] > :last-child");

if (opened?.type === "navigate" && !location.hash) {
  const named = document.getElementById(new URLSearchParams(location.search).get("at") || "");
  const composer = document.getElementById("composer-region");
  const isInReach = !composer?.firstElementChild || getComputedStyle(composer).position !== "relative"; // it stays on the screen
  if (named) named.scrollIntoView();
  else if (newest) (isInReach ? newest : composer).scrollIntoView({ block: "nearest" });
}
