// A page that uses the service's hook as its page prints it. It asks by itself once it stands, watches what the reader
// would see, and tells the server that it came from.

import { useState } from "react";
import { createRoot } from "react-dom/client";

import { useStreamingChat } from "./samples/use-streaming-chat";

const prompt = new URLSearchParams(location.search).get("prompt") ?? "";
const seen = { wasLoading: false, growths: 0, isPrefixed: true };

function Chat() {
  const { text, loading, run } = useStreamingChat();
  const [failure, setFailure] = useState("");
  const ask = () => run(prompt).then(() => report(""), (error) => (setFailure(String(error)), report(String(error))));
  return (
    <main>
      <button onClick={ask} disabled={loading}>Ask</button>
      <p id="state">{loading ? "writing" : failure || "ready"}</p>
      <article>{text}</article>
    </main>
  );
}

/** Sends what the page shows, once React has put the last state on it. */
function report(failure: string) {
  setTimeout(() => {
    const text = document.querySelector("article")?.textContent;
    const state = document.querySelector("#state")?.textContent;
    void fetch("/result", { method: "POST", body: JSON.stringify({ ...seen, text, state, failure }) });
  }, 50);
}

const place = document.getElementById("root") as HTMLElement;
let shown = "";
new MutationObserver(() => {
  const text = document.querySelector("article")?.textContent ?? "";
  seen.wasLoading ||= document.querySelector("#state")?.textContent === "writing";
  if (text === shown) return;
  seen.growths += 1;
  seen.isPrefixed &&= text.startsWith(shown);
  shown = text;
}).observe(place, { childList: true, subtree: true, characterData: true });
createRoot(place).render(<Chat />);

const waiting = setInterval(() => {
  const button = document.querySelector("button");
  if (button === null) return;
  clearInterval(waiting);
  button.click();
}, 10);
