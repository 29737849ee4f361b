// The embedded gateway in a process of its own, and the plain request that every streamed answer is measured against.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const PROGRAM = `
import sys
from tui_chat.demo.serve import serve
sys.exit(serve(0, lambda base_url: print(base_url, flush=True), float(sys.argv[1])))
`;

export const KEY = "sr_test";
export const EMPTY_KEY = "sr_empty";
export const MODEL = "openai/gpt-4o-mini";

/** A tool in the shape of the service's page. */
export const WEATHER = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Returns weather for a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
export const TWO_CITIES = "What's the weather in Tokyo and Paris?";

/** Starts a gateway; `speed` scales its pace, and 0 leaves all waits out. */
export async function startGateway(speed) {
  const server = spawn(process.env.PYTHON, ["-c", PROGRAM, String(speed)], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(server, "exit").then(([status]) => {
    throw new Error(`the gateway ended before it listened, with status ${status}`);
  });
  const [baseUrl] = await Promise.race([once(createInterface(server.stdout), "line"), ended]);
  ended.catch(() => {});
  return { baseUrl, stop: () => server.kill(), ask: (body) => plainAnswer(baseUrl, body) };
}

/** The same question without a stream: the whole completion. */
async function plainAnswer(baseUrl, body) {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { Authorization: `Bearer ${KEY}`, "Content-Type": "application/json" },
    body: JSON.stringify({ ...body, stream: false }),
  });
  if (!response.ok) throw new Error(`plain request failed: ${response.status} ${await response.text()}`);
  return response.json();
}

/** The plain answer to one question. */
export async function plainText(gateway, prompt, model = MODEL) {
  const completion = await gateway.ask({ model, messages: [{ role: "user", content: prompt }] });
  return { text: completion.choices[0].message.content, usage: completion.usage };
}
