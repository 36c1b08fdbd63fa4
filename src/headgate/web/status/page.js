"use strict";
// Keeps #live up to date. Parts that did not change are left alone, so that scroll position, focus
// and images stay; a part that holds the focus waits until it is left.
const live = document.getElementById("live");
const connection = document.getElementById("connection");

function localize(root) {
  for (const time of root.querySelectorAll("time")) {
    const at = new Date(time.dateTime);
    time.textContent = at.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    time.title = time.dateTime;
  }
}

const keyOf = (node, index) => node.dataset?.key ?? `${node.tagName} ${index}`;
const hasText = (node) => [...node.childNodes].some((n) => n.nodeType === 3 && n.data.trim());

function merge(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  const alike = old.cloneNode().isEqualNode(fresh.cloneNode());
  if (alike && fresh.childElementCount && !hasText(old) && !hasText(fresh)) {
    mergeChildren(old, fresh);
  } else if (!old.contains(document.activeElement)) {
    old.replaceWith(fresh);
  }
}

function mergeChildren(old, fresh) {
  const known = new Map([...old.children].map((child, i) => [keyOf(child, i), child]));
  [...fresh.children].forEach((child, i) => {
    const same = known.get(keyOf(child, i));
    known.delete(keyOf(child, i));
    const here = old.children[i] ?? null;
    if (!same) {
      old.insertBefore(child, here);
    } else {
      if (same !== here) old.insertBefore(same, here);
      merge(same, child);
    }
  });
  for (const gone of known.values()) gone.remove();
}

let asked = false;
let again = false;
async function refresh() {
  if (asked) {
    again = true;
    return;
  }
  asked = true;
  try {
    const answer = await fetch("/live", { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    localize(fresh);
    mergeChildren(live, fresh);
    say("");
  } catch {
    say("The server does not answer; trying again.");
  }
  asked = false;
  if (again) {
    again = false;
    setTimeout(refresh, 300);
  }
}

function say(text) {
  if (connection.textContent !== text) connection.textContent = text;
}

localize(live);
// One stream for all tabs of a browser would be better, but this page is rarely open twice; the slow
// refresh beside it covers whatever tells nobody, such as the length of queues.
let stream = null;
function listen() {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (!stream) {
    stream = new EventSource("/api/v1/stream");
    stream.addEventListener("change", refresh);
    stream.addEventListener("reset", refresh);
    refresh();
  }
}
document.addEventListener("visibilitychange", listen);
listen();
setInterval(() => document.hidden || refresh(), 4000);
