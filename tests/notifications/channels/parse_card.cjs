// Reads an Adaptive Card from stdin by Microsoft's own library, as a host of version 1.4 does; prints as JSON what is wrong
// with it, and all the text that it shows.
const { readFileSync } = require("node:fs");
const cards = require("adaptivecards/dist/adaptivecards.js");

const context = new cards.SerializationContext(cards.Versions.v1_4);
const card = new cards.AdaptiveCard();
card.parse(JSON.parse(readFileSync(0, "utf8")), context);
const wrong = [];
for (let at = 0; at < context.eventCount; at++) wrong.push(context.getEventAt(at).message);
for (const failure of card.validateProperties().validationEvents) wrong.push(failure.message);
const shown = [];
const plain = [];
for (let at = 0; at < card.getItemCount(); at++) {
  const item = card.getItemAt(at);
  plain.push(item.getJsonTypeName() === "RichTextBlock");
  let text = "";
  for (let run = 0; run < item.getInlineCount(); run++) text += item.getInlineAt(run).text;
  shown.push(text);
}
const actions = [];
for (let at = 0; at < card.getActionCount(); at++) actions.push(card.getActionAt(at).url);
console.log(JSON.stringify({ wrong, shown, actions, isPlain: plain.every(Boolean) }));
