// What the browser's own types do not know: htmx, a script of its own, and the events that reach our scripts.

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Window {
  htmx?: { process(element: Element): void; trigger(element: Element, event: string): void };
}
interface Navigator {
  connection?: EventTarget; // not in every browser
}

type Values = Record<string, string[]>; // by field name
interface Draft {
  id: string;
  at: number;
  values: Values;
}

interface Fragment {
  id: string;
  html: string | null; // empty: it has gone; null: the server could not draw it
}
interface LiveEvent {
  seq: number;
  kind: string;
  actor?: number | null;
  session: number | null;
  handoff: number | null;
  fragments: Fragment[];
}
interface BellLine {
  id: number;
  title: string;
  url: string;
  tag: string;
}
interface Person {
  id: number;
  name: string;
  typing: boolean;
}
interface Presence {
  all?: boolean;
  sessions: { session: number; people: Person[]; more?: number }[];
}
interface HtmxDetail {
  elt: HTMLElement;
  xhr: XMLHttpRequest;
  headers: Record<string, string>;
  requestConfig: { verb: string; elt: HTMLElement; headers: Record<string, string> };
  target: Element | null | undefined;
  selectOverride?: string;
}

interface GlobalEventHandlersEventMap {
  "live:event": CustomEvent<LiveEvent>;
  "live:presence": CustomEvent<Presence>;
  "live:say": CustomEvent<object>;
  "htmx:configRequest": CustomEvent<HtmxDetail>;
  "htmx:beforeRequest": CustomEvent<HtmxDetail>;
  "htmx:beforeOnLoad": CustomEvent<HtmxDetail>;
  "htmx:afterRequest": CustomEvent<HtmxDetail>;
  "htmx:responseError": CustomEvent<HtmxDetail>;
  "htmx:beforeSwap": CustomEvent<HtmxDetail>;
  "htmx:afterSwap": CustomEvent<HtmxDetail>;
}
